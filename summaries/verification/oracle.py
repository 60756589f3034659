"""Whether a printed number happens to fit another period or measure: no grammar, only values.

Used to measure the verifier, never by it, so it computes from the book for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from weakref import WeakKeyDictionary

from summaries.factbook import FactBook
from summaries.measures import CATALOGUE, Difference, Item, Ratio, Sum
from summaries.periods import Period, Span
from summaries.verification.verifier import Sources

# One name a measure, as any text would print it.
MEASURE_NAMES = {
    key: measure.name
    for key, measure in CATALOGUE.items()
    if key not in {"revenue_growth"} and " as a share of " not in measure.name
}
_SCALES = {
    "tn": 12, "trillion": 12, "bn": 9, "billion": 9, "m": 6, "million": 6, "thousand": 3,
    "%": -2, "bps": -4, "percentage": -2, "points": -2, "point": -2, "basis": -4, "cents": -2,
    "percent": -2,
}  # fmt: skip
_PRINTED = re.compile(
    r"(?<![\w.,])(?P<digits>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>tn|trillion|bn|billion|million|m\b|%"
    r"|thousand|bps|percentage|percent|points?|basis|cents)?"
)
_DATED = re.compile(
    r"\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}|\b(?:19|20)\d\d\b(?![.,]\d)"
)
_KEPT: WeakKeyDictionary[FactBook, dict[tuple[str, Period], tuple[Decimal, ...]]] = (
    WeakKeyDictionary()
)
Printed = tuple[Decimal, Decimal]  # value, and one unit in its last place


def numbers_in(sentence: str) -> list[Printed]:
    """Every printed number that is no date, with its precision."""
    return [_value(found) for found in _PRINTED.finditer(_undated(sentence))]


def _undated(sentence: str) -> str:
    return _DATED.sub(lambda found: " " * len(found.group()), sentence)


def _value(found: re.Match[str]) -> Printed:
    digits = found["digits"].rstrip(",").replace(",", "")
    power = _SCALES.get(found["unit"] or "", 0)
    decimals = len(digits.partition(".")[2])
    return Decimal(digits).scaleb(power), Decimal(1).scaleb(power - decimals)


def _fits(printed: Printed, value: Decimal) -> bool:
    return abs(abs(value) - printed[0]) <= printed[1] / 2


class Oracle:
    def __init__(self, sources: Sources) -> None:
        self.book = sources.book
        self._kept = _KEPT.setdefault(sources.book, {})

    def fits_year(self, sentence: str, year: int) -> bool:
        """Whether a number of the sentence is a figure of that year, whatever it is a figure of."""
        number = self.book.calendar.year_number
        at = next((p for p in self.book.years() if number(p.end) == year), None)
        if at is None:
            return False
        printed = numbers_in(sentence)
        named = {key for key, name in MEASURE_NAMES.items() if name in sentence.lower()}
        named |= {key for key, measure in CATALOGUE.items() if isinstance(measure, Ratio)}
        values = [value for key in named for value in self._about(key, at)]
        values += [v for key in named for other in named for v in self._beside(key, other, at)]
        return any(_fits(one, value) for one in printed for value in values)

    def fits_measure(self, sentence: str, key: str) -> bool:
        """Whether a number of the sentence is some figure of that measure."""
        printed = numbers_in(sentence)
        periods = [*self.book.years()[-6:], *self.book.quarters()[-6:]]
        values = [value for period in periods for value in self._about(key, period)]
        years = self.book.years()[-2:]
        values += [
            value for other in CATALOGUE for at in years for value in self._beside(key, other, at)
        ]
        return any(_fits(one, value) for one in printed for value in values if value)

    def fits_change(self, sentence: str, key: str) -> bool:
        return any(
            _fits(one, value)
            for one in numbers_in(sentence)
            for period in [*self.book.years(), *self.book.quarters()]
            for value in self._changes(key, period)
        )

    def is_tie(self, sentence: str, start: int) -> bool:
        """Whether the number that starts there lies exactly half a unit from some figure."""
        found = _PRINTED.search(_undated(sentence), start)
        if found is None:
            return False
        value, place = _value(found)
        periods = [*self.book.years()[-3:], *self.book.quarters()[-5:]]
        return any(
            abs(abs(figure) - value) == place / 2
            for key in CATALOGUE
            for period in periods
            for figure in self._about(key, period)
        )

    # -- values ----------------------------------------------------------------

    def _about(self, key: str, at: Period) -> tuple[Decimal, ...]:
        if (key, at) not in self._kept:
            self._kept[key, at] = tuple(self._computed(key, at))
        return self._kept[key, at]

    def _computed(self, key: str, at: Period) -> Iterator[Decimal]:
        """The level, its growth, and its change to and from every other year."""
        own = self._level(key, at)
        if own is None:
            return
        yield own
        for other in self.book.spans(at.span):
            then = self._level(key, other)
            if then is None or other == at or not own or not then:
                continue
            yield from (own - then, own / then - 1, then / own - 1, own / then, then / own)
            years = abs(round((at.end - other.end).days / 365.25))
            if years > 1 and own * then > 0:
                rate = max(own / then, then / own) ** (Decimal(1) / years)
                yield from (rate - 1, 1 - 1 / rate)

    def _changes(self, key: str, at: Period) -> Iterator[Decimal]:
        before = self.book.year_before(at)
        own, then = self._level(key, at), self._level(key, before) if before else None
        if own is not None and then:
            yield own / then - 1

    def _beside(self, key: str, other: str, at: Period) -> Iterator[Decimal]:
        """One measure over and less another, both ways."""
        one, two = self._level(key, at), self._level(other, at)
        if one and two:
            yield from (one / two, two / one, one - two, one + two)

    def _level(self, key: str, at: Period) -> Decimal | None:
        match CATALOGUE[key]:
            case Item() as item:
                day = Period(at.end) if item.is_instant else at
                fact = self.book.item_series(key, Span.INSTANT if item.is_instant else at.span).get(
                    day
                )
                return fact.value if fact else None
            case Ratio(numerator=above, denominator=below):
                over, under = self._level(above, at), self._level(below, at)
                return over / under if over is not None and under else None
            case Difference(minuend=first, subtrahend=second):
                one, two = self._level(first, at), self._level(second, at)
                return one - two if one is not None and two is not None else None
            case Sum(parts=parts):
                found = [value for part in parts if (value := self._level(part, at)) is not None]
                return sum(found, Decimal(0)) if found else None
        return None
