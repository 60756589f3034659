"""Proves assertions against the sources: recomputes each figure and compares it as printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from summaries.benchmark import Benchmark
from summaries.periods import Span
from summaries.verification import history
from summaries.verification.assertions import (
    Assertion,
    Compared,
    Equal,
    Firsted,
    Moved,
    Ordered,
    Ran,
    Ranked,
    Signed,
)
from summaries.verification.figures import FRACTION, Figure, Figures, Stretch, growth
from summaries.verification.outcomes import (
    Outcome,
    difference,
    failed,
    label,
    misfit,
    missing,
    no_period,
    not_held,
    proven,
    said,
)
from summaries.verification.quantities import Kind, Quantity
from summaries.verification.resolving import resolve
from summaries.verification.terms import (
    Average,
    Compound,
    Growth,
    Median,
    Term,
    Window,
    key_of,
    name_of,
    root,
)
from summaries.verification.whens import Earlier, When, Year

# What may be called no change: half a percent of a figure, half a tenth of a point of a ratio.
_FLAT, _FLAT_RATIO = Decimal("0.005"), Decimal("0.0005")
_ANY_SECTOR = {None, "sector", "industry", "covered"}


@dataclass(frozen=True)
class Bench:
    """Where a proof is carried out: the figures, the sector, and the period in focus."""

    figures: Figures
    benchmark: Benchmark | None
    focus: Stretch | None

    def now(self, when: When | None) -> Stretch | None:
        return resolve(when, self.figures, self.focus) if when is not None else self.focus

    def year(self, when: When | None) -> Stretch | None:
        """History is told in years: without one in focus, up to the latest."""
        now = self.now(when)
        if when is None and (now is None or self.figures.year_number(now) is None):
            return self.figures.latest_year
        return now

    def base(self, base: When | None, now: Stretch, over: Window | None = None) -> Stretch | None:
        counted = Earlier(over.years) if over is not None and over.years else None
        found = resolve(base or counted or Earlier(), self.figures, now)
        if (
            base is not None
            and over is not None
            and (counted is None or found != resolve(counted, self.figures, now))
        ):
            return None
        return found

    def value(self, term: Term, at: Stretch) -> Figure | None:
        return self.figures.at(_counted(term, at, self.figures), at, self.benchmark)


def prove(assertion: Assertion, bench: Bench) -> Outcome:
    match assertion:
        case Equal():
            return _equal(assertion, bench)
        case Moved():
            return _moved(assertion, bench)
        case Ordered():
            return _ordered(assertion, bench)
        case Signed():
            return _signed(assertion, bench)
        case Compared():
            return _compared(assertion, bench)
    at = bench.year(assertion.when)
    if at is None:
        return no_period()
    match assertion:
        case Ranked(term=term, direction=direction, window=window):
            return history.ranked(bench.figures, term, direction, window, at)
        case Firsted(term=term, direction=direction, window=window):
            return history.firsted(bench.figures, term, direction, window, at)
        case Ran(term=term, direction=direction):
            return history.ran(
                bench.figures,
                term,
                direction,
                assertion.years,
                assertion.since,
                assertion.exact,
                at,
            )


def _counted(term: Term, at: Stretch, figures: Figures) -> Term:
    """A window counted from a named year, as a number of years."""
    if not isinstance(term, Compound) or term.window.since is None:
        return term
    start = resolve(term.window.since, figures, at)
    first = figures.year_number(start) if start else None
    last = figures.year_number(at)
    years = last - first if first is not None and last is not None else None
    return Compound(term.of, Window(years))


def _equal(claim: Equal, bench: Bench) -> Outcome:
    term, figures = claim.term, bench.figures
    at = bench.year(claim.when) if _is_history(term) else bench.now(claim.when)
    if at is not None and claim.at_base:
        at = bench.base(claim.base, at)
    if at is None:
        return no_period()
    if isinstance(term, Median) and not _is_latest(at, figures):
        return missing("period", "the sector was compared for the latest fiscal year alone")
    actual = bench.value(term, at)
    if actual is None:
        return not_held(term, at, figures)
    if wrong := misfit(claim.printed, actual.unit, figures.currency):
        return failed(*wrong, actual)
    if claim.printed.agrees(actual.value):
        return proven(actual)
    code = difference(claim.printed, actual.value)
    reason = f"{name_of(term)} {label(at, figures)} was {said(actual, figures)}"
    if code == "value" and (year := _other_year(claim, bench)):
        code, reason = "period", f"{reason}; the figure is that of fiscal {year}"
    return failed(code, f"{reason}, the text says {_printed(claim)}", actual)


def _other_year(claim: Equal, bench: Bench) -> int | None:
    for number, year in bench.figures.years.items():
        figure = None if _is_history(claim.term) else bench.value(claim.term, year)
        if figure and claim.printed.agrees(figure.value):
            return number
    return None


def _is_history(term: Term) -> bool:
    return isinstance(term, Average | Compound)


def _is_latest(at: Stretch, figures: Figures) -> bool:
    latest = figures.latest_year
    return latest is not None and at.end == latest.end and at.span in (Span.YEAR, Span.INSTANT)


def _printed(claim: Equal) -> str:
    texts = (mark.text for mark in claim.marks if mark.value == claim.printed)
    return next(texts, str(claim.printed.value))


def _moved(claim: Moved, bench: Bench) -> Outcome:
    over_years = claim.over is not None or isinstance(claim.base, Year)
    now = bench.year(claim.when) if over_years else bench.now(claim.when)
    base = bench.base(claim.base, now, claim.over) if now else None
    if now is None or base is None:
        return no_period()
    if base.end >= now.end:
        return failed("period", "a period is compared with itself or with a later one")
    to, was = bench.value(claim.term, now), bench.value(claim.term, base)
    if to is None or was is None:
        return not_held(claim.term, base if to else now, bench.figures)
    what = f"{name_of(claim.term)} {label(now, bench.figures)}"
    return _gap(to, was, claim.direction, claim.printed, what, bench)


def _ordered(claim: Ordered, bench: Bench) -> Outcome:
    history_term = _is_history(claim.right)
    at = bench.year(claim.when) if history_term else bench.now(claim.when)
    if at is None:
        return no_period()
    if isinstance(claim.right, Median) and not _is_latest(at, bench.figures):
        return missing("period", "the sector was compared for the latest fiscal year alone")
    left, right = bench.value(claim.left, at), bench.value(claim.right, at)
    if left is None or right is None:
        return not_held(claim.right if left else claim.left, at, bench.figures)
    if left.unit != right.unit:
        return failed("unit", f"{name_of(claim.left)} and {name_of(claim.right)} don't compare")
    what = f"{name_of(claim.left)} {label(at, bench.figures)}"
    return _gap(left, right, claim.direction, claim.printed, what, bench)


def _gap(
    to: Figure, was: Figure, direction: int, printed: Quantity | None, what: str, bench: Bench
) -> Outcome:
    """``to`` is above or below ``was``, by the printed amount if one is."""
    change = to.value - was.value
    told = f"{what} was {said(to, bench.figures)}, beside {said(was, bench.figures)}"
    if direction == 0:
        flat = abs(change) < (_FLAT_RATIO if to.unit == FRACTION else abs(was.value) * _FLAT)
        return proven(to, was) if flat else failed("direction", told, to, was)
    if change * direction <= 0:
        return failed("direction", told, to, was)
    if printed is None:
        return proven(to, was)
    size = _size(to, was, printed, bench.figures.currency)
    if isinstance(size, Outcome):
        return size
    # "fell 6.4%" prints the size; the direction has been proven above.
    actual = size.value if printed.kind is Kind.TIMES else size.value * direction
    if printed.agrees(actual):
        return proven(size, to, was)
    code = difference(printed, actual)
    by = said(Figure(actual, size.unit, ()), bench.figures)
    return failed(code, f"{told}: a change of {by}", size, to, was)


def _size(to: Figure, was: Figure, printed: Quantity, currency: str) -> Figure | Outcome:
    facts = (*to.facts, *was.facts)
    match printed.kind:
        case Kind.PERCENT:
            rate = growth(to, was)
            return rate or missing("base", "there is no percentage of a figure below zero")
        case Kind.POINTS if to.unit != FRACTION:
            return failed("unit", "points are the change of a percentage", to, was)
        case Kind.POINTS:
            return Figure(to.value - was.value, FRACTION, facts, f"{to.formula} - {was.formula}")
        case Kind.TIMES if was.value > 0:
            return Figure(to.value / was.value, FRACTION, facts, f"{to.formula} / {was.formula}")
    if wrong := misfit(printed, to.unit, currency):
        return failed(*wrong, to, was)
    return Figure(to.value - was.value, to.unit, facts, f"{to.formula} - {was.formula}")


def _signed(claim: Signed, bench: Bench) -> Outcome:
    at = bench.now(claim.when)
    before = bench.base(claim.base, at) if at and claim.turned else None
    if at is None or (claim.turned and before is None):
        return no_period()
    used: list[Figure] = []
    for period, direction in ((at, claim.direction), (before, -claim.direction)):
        if period is None:
            continue
        figure = bench.value(claim.term, period)
        if figure is None:
            return not_held(claim.term, period, bench.figures)
        used.append(figure)
        if figure.value * direction <= 0:
            what = f"{name_of(claim.term)} {label(period, bench.figures)}"
            return failed("sign", f"{what} was {said(figure, bench.figures)}", *used)
    return proven(*used)


def _compared(claim: Compared, bench: Bench) -> Outcome:
    """How many companies of which sector the snapshot has."""
    if bench.benchmark is None:
        return missing("sector", "there is no sector snapshot")
    term = claim.term.of if isinstance(claim.term, Median) else claim.term
    inner = root(term) if not isinstance(term, Growth) else term
    members = bench.benchmark.members(key_of(inner or term))
    if not members:
        return missing("sector", f"the sector snapshot has no {name_of(term)}")
    if claim.count is not None and claim.count != len(members):
        return failed("count", f"the sector snapshot has {len(members)} companies")
    sectors = {bench.benchmark.sector.lower(), bench.benchmark.adjective}
    if claim.sector not in _ANY_SECTOR and claim.sector not in sectors:
        return failed("sector", f"the sector snapshot is of {bench.benchmark.sector}")
    figure = Figure(Decimal(len(members)), "companies", (), "", benchmark=True)
    return proven(figure, computed=f"{len(members)} companies")
