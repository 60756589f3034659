"""What came of proving one assertion, before it is put into the text's proofs and findings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from summaries.measures import Unit
from summaries.periods import Span
from summaries.verification.figures import FRACTION, Figure, Figures, Stretch, scaled
from summaries.verification.quantities import Kind, Quantity
from summaries.verification.terms import Term, name_of
from summaries.verification.verdicts import Verdict

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_SPANS = {
    Span.YEAR: "the year",
    Span.QUARTER: "the quarter",
    Span.HALF: "the six months",
    Span.NINE_MONTHS: "the nine months",
    Span.OTHER: "the period",
}


@dataclass(frozen=True)
class Outcome:
    verdict: Verdict
    code: str = ""
    reason: str = ""
    computed: str = ""
    facts: tuple[int, ...] = ()
    formula: str = ""
    benchmark: bool = False


def proven(*figures: Figure, computed: str = "") -> Outcome:
    facts = dict.fromkeys(fact for figure in figures for fact in figure.facts)
    first = figures[0] if figures else None
    return Outcome(
        Verdict.SUPPORTED,
        computed=computed or (f"{scaled(first.value, first.unit)}" if first else ""),
        facts=tuple(facts),
        formula=first.formula if first else "",
        benchmark=any(figure.benchmark for figure in figures),
    )


def failed(code: str, reason: str, *figures: Figure, computed: str = "") -> Outcome:
    base = proven(*figures, computed=computed)
    return Outcome(
        Verdict.CONTRADICTED, code, reason, base.computed, base.facts, base.formula, base.benchmark
    )


def missing(code: str, reason: str) -> Outcome:
    return Outcome(Verdict.NOT_FOUND, code, reason)


def not_held(term: Term, at: Stretch, figures: Figures) -> Outcome:
    return missing("fact", f"{name_of(term)} {label(at, figures)} can't be had from the sources")


def no_period() -> Outcome:
    return missing("period", "the period is not stated, or the sources have no such period")


def label(at: Stretch, figures: Figures) -> str:
    day = f"{at.end.day} {at.end:%B %Y}"
    if at.span is Span.YEAR and (number := figures.year_number(at)) is not None:
        return f"for fiscal {number}"
    if at.span is Span.INSTANT:
        return f"at {day}"
    return f"for {_SPANS[at.span]} ended {day}"


def said(figure: Figure, figures: Figures) -> str:
    """A figure as a reason prints it: $416.16bn, 46.90%, 14.95bn."""
    text = scaled(figure.value, figure.unit)
    if figure.unit not in (Unit.MONEY, Unit.PER_SHARE):
        return text
    symbol = _SYMBOLS.get(figures.currency, f"{figures.currency} ")
    return f"-{symbol}{text[1:]}" if text.startswith("-") else f"{symbol}{text}"


_FITS = {
    Kind.MONEY: {Unit.MONEY.value, Unit.PER_SHARE.value},
    Kind.PER_SHARE: {Unit.PER_SHARE.value},
    Kind.SHARES: {Unit.SHARES.value},
    Kind.COUNT: {Unit.SHARES.value},
    Kind.PERCENT: {FRACTION},
    Kind.CENTS: {FRACTION, Unit.PER_SHARE.value},
    Kind.TIMES: {FRACTION},
    Kind.POINTS: set[str](),
}


def misfit(printed: Quantity, unit: str, currency: str) -> tuple[str, str] | None:
    """Why a number of this kind can't be a value of the unit: (code, reason)."""
    if unit not in _FITS[printed.kind]:
        return "unit", f"a {printed.kind.value} can't be a value in {unit}"
    if printed.kind in (Kind.MONEY, Kind.PER_SHARE) and printed.currency != currency:
        return "unit", f"the company reports in {currency}"
    return None


def difference(printed: Quantity, actual: Decimal) -> str:
    """The code of a finding: in what the number is wrong."""
    if printed.agrees(-actual):
        return "sign"
    for power in (-12, -9, -6, -3, -2, 2, 3, 6, 9, 12):
        if printed.agrees(actual.scaleb(power)):
            return "scale"
    return "value"
