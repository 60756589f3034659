"""Ratios and results of statements, worked out as they are defined, with every figure they take.

The definition is the question's own; where it gives none, the one that finance has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, DivisionByZero, InvalidOperation

from queries.answering.asking import Definition
from queries.answering.expressions import (
    Expression,
    Joined,
    Named,
    Number,
    Unreadable,
    is_formula,
    parsed,
)
from queries.answering.meaning import is_plainly_meant
from queries.answering.measures import HELD, SPENT, concept_of, definition_of
from queries.answering.naming import anonymous
from queries.answering.working import phrase_of, printed
from summaries.verification.documents.figures import Unit
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tabular.formulas import concept_at
from summaries.verification.documents.tabular.lines import terms_of
from summaries.verification.documents.tabular.locating import Found
from summaries.verification.documents.tabular.modifiers import ranges
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.tokens import Sort, Token, tokens_of

_HUNDRED = Decimal(100)
_DEEPEST = 6
_MOST_YEARS = 12
_MARGIN = re.compile(r"(?P<of>.+?)\s+(?:%\s+)?margin\s*(?:%|percent(?:age)?)?$", re.IGNORECASE)
_PERCENT = re.compile(r"%|\bpercent|\bmargin\b|\bas an? (?:share|proportion) of\b|\brate\b", re.I)
_LEADS = re.compile(
    r"^(?:(?:the|company's|total|aggregate|year[\s-]end|end|closing|of|amount|value)\s+)*"
    r"(?:year[\s-]end|amount\s+of|value\s+of)\s+(?:the\s+)?|^(?:the|company's)\s+"
    r"|(?:\s+(?:at|as\s+of|in|for|the|year[\s-]end|end\s+of))+$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:\d{1,2}|two|three|four|five)[\s-]years?\b\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Measured:
    """``power``: 1 of an amount of money, 0 of a plain number; ``is_percent``: then ``value`` is in
    percent. ``formula``: with the figures in it."""

    value: Decimal
    power: int
    found: tuple[Found, ...]
    formula: str
    is_percent: bool = False


class Unknown(ValueError):
    """The sources don't have one of the figures, or not for that period."""


def measured(
    subject: str, source: Source, definitions: Sequence[Definition] = ()
) -> Measured | None:
    """What the subject is worth, where it is a defined ratio, a formula, or a part of the
    statements; None where it is none, or a figure is missing."""
    books = _Books(source, tuple(definitions))
    said = anonymous(subject, source)
    try:
        made = books.worth(said, None, 0)
    except (Unknown, Unreadable, InvalidOperation, DivisionByZero):
        return None
    if _PERCENT.search(said) and made.power == 0 and not made.is_percent:
        return replace(made, value=made.value * _HUNDRED, is_percent=True)
    return made


@dataclass(frozen=True)
class _Books:
    source: Source
    definitions: tuple[Definition, ...]

    def worth(self, text: str, period: Period | None, depth: int) -> Measured:
        """``period``: that of the whole, where the text has none of its own."""
        if depth > _DEEPEST:
            raise Unreadable("It is defined by itself.")
        tokens = tokens_of(Sentence(0, text))
        periods = [one.period for one in tokens if one.period is not None and one.period.year > 0]
        name = _undated(text, tokens)
        if periods and (head := re.match(r"(?:average|mean)\s+(?:of\s+)?(?P<rest>.+)", name, re.I)):
            return self._mean(head["rest"], _row(tokens, periods), depth)
        if periods and (
            head := re.match(r"(.+?)\s+(?:cagr|compound annual growth rate)$", name, re.I)
        ):
            return self._compound(head[1], periods, depth)
        if head := re.match(r"(?:change|increase)\s+in\s+(?P<rest>.+)", name, re.I):
            return self._gap(head["rest"], _pair(periods, period), depth)
        if head := re.match(r"average\s+(?P<rest>.+)", name, re.I):
            return self._mean(head["rest"], _pair(periods, period), depth)
        own = periods[0] if len(set(periods)) == 1 else None if periods else period
        if own is None:
            raise Unknown("It names no single period.")
        return self._at(name, own, depth)

    def _at(self, name: str, period: Period, depth: int) -> Measured:
        if is_formula(name):
            return self._evaluated(parsed(name), period, depth)
        terms = frozenset(terms_of(name))
        given = next((one for one in self.definitions if _same(one.name, terms)), None)
        if given is not None:
            rest = _Books(self.source, tuple(one for one in self.definitions if one is not given))
            return rest._evaluated(parsed(given.expression), period, depth)
        if concept := concept_of(terms):
            found = concept_at(concept, period, self.source)
            if found is not None and (found[0].value >= 0 or concept not in HELD):
                return _printed(found, is_spent=concept in SPENT)
        if known := definition_of(terms):
            return self._evaluated(parsed(known), period, depth)
        if margin := _MARGIN.fullmatch(name):
            over = Joined("/", Named(margin["of"]), Named("revenue"))
            return self._evaluated(over, period, depth)
        if depth == 0:
            raise Unknown("It is no measure of statements.")
        return self._line(name, period)

    def _line(self, name: str, period: Period) -> Measured:
        phrase = phrase_of(name)
        for one in printed(phrase, self.source, period) if phrase else ():
            if phrase and is_plainly_meant(one, phrase, self.source):
                return _printed(one.worth.found[0], is_spent=False)
        raise Unknown(f"No figure of {name}.")

    def _evaluated(self, one: Expression, period: Period, depth: int) -> Measured:
        if isinstance(one, Number):
            return Measured(one.value, 0, (), f"{one.value:,}")
        if isinstance(one, Named):
            return self.worth(one.text, period, depth + 1)
        left = self._evaluated(one.left, period, depth)
        right = self._evaluated(one.right, period, depth)
        return _joined(one.sign, left, right)

    def _mean(self, name: str, periods: Sequence[Period], depth: int) -> Measured:
        row = [self._at(name, one, depth) for one in periods]
        if len({(one.power, one.is_percent) for one in row}) != 1:
            raise Unreadable("Its years are of different kinds.")
        if row[0].power and any(cell.value < 0 for one in row for cell, _ in one.found):
            raise Unreadable("An average of negative figures: with which sign?")
        formula = f"(({' + '.join(one.formula for one in row)}) / {len(row)})"
        found = tuple(found for one in row for found in one.found)
        value = sum((one.value for one in row), Decimal(0)) / len(row)
        return Measured(value, row[0].power, found, formula, row[0].is_percent)

    def _gap(self, name: str, periods: Sequence[Period], depth: int) -> Measured:
        first, last = (self._at(name, one, depth) for one in (periods[0], periods[-1]))
        return _joined("-", last, first)

    def _compound(self, name: str, periods: Sequence[Period], depth: int) -> Measured:
        first, last = min(periods), max(periods)
        years = last.year - first.year
        ends = self._at(name, first, depth), self._at(name, last, depth)
        ratio = ends[1].value / ends[0].value
        if years < 1 or ratio <= 0:
            raise Unknown("It has no yearly rate.")
        rate = (ratio ** (Decimal(1) / years) - 1) * _HUNDRED
        formula = f"(({ends[1].formula} / {ends[0].formula}) ^ (1 / {years}) - 1) × 100"
        return Measured(rate, 0, (*ends[0].found, *ends[1].found), formula, is_percent=True)


def _printed(found: Found, *, is_spent: bool) -> Measured:
    cell, _ = found
    if cell.figure.unit in (Unit.PERCENT, Unit.POINTS):
        return Measured(cell.value, 0, (found,), cell.text, is_percent=True)
    value = abs(cell.value) if is_spent else cell.value
    return Measured(value, 1, (found,), f"{value / cell.figure.scale:,}")


def _joined(sign: str, left: Measured, right: Measured) -> Measured:
    formula = f"({left.formula} {'×' if sign == '*' else sign} {right.formula})"
    found = (*left.found, *right.found)
    if left.is_percent or right.is_percent:
        raise Unreadable("Percentages are of different wholes.")
    if sign in "+-":
        if left.power != right.power:
            raise Unreadable("An amount and a number don't add up.")
        value = left.value + right.value if sign == "+" else left.value - right.value
        return Measured(value, left.power, found, formula)
    if sign == "*":
        return Measured(left.value * right.value, left.power + right.power, found, formula)
    if {id(cell) for cell, _ in left.found} & {id(cell) for cell, _ in right.found} and len(
        found
    ) == 2:
        raise Unreadable("It is divided by itself.")
    return Measured(left.value / right.value, left.power - right.power, found, formula)


def _undated(text: str, tokens: Sequence[Token]) -> str:
    """The words without their periods and what joins those: "between FY2018 and FY2019"."""
    made = text
    for one in reversed([one for one in tokens if one.sort is Sort.PERIOD]):
        made = f"{made[: one.start]}\x00{made[one.end :]}"
    made = re.sub(
        r"\s*(?:\b(?:between|from|in|for|of|at|over|during|as\s+of|end\s+of))?(?:\s+(?:fiscal\s+years?|years?))?"
        r"\s*\x00(?:\s*(?:and|to|through|[-–—])\s*\x00)*\s*", " ", made, flags=re.IGNORECASE,
    )  # fmt: skip
    made = _LEADS.sub("", _COUNTED.sub("", made).strip())
    return " ".join(made.split()).strip(" ,")


def _row(tokens: Sequence[Token], periods: Sequence[Period]) -> Sequence[Period]:
    if ranges(tokens) and 0 < periods[1].year - periods[0].year < _MOST_YEARS:
        return [Period(year) for year in range(periods[0].year, periods[1].year + 1)]
    if len(periods) == 1:
        return [periods[0].before(), periods[0]]
    return list(dict.fromkeys(periods))


def _pair(periods: Sequence[Period], period: Period | None) -> Sequence[Period]:
    if len(periods) == 2:
        return sorted(periods)
    at = periods[0] if len(periods) == 1 else period
    if at is None or len(periods) > 2:
        raise Unknown("It names no two periods.")
    return [at.before(), at]


def _same(name: str, terms: frozenset[str]) -> bool:
    return frozenset(terms_of(name)) == terms
