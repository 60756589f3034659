"""Twelve months that nobody reports: the last fiscal year, with the part of the next that is
reported, without the same part of its own. Made here and proven part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queries.quick import phrasing
from queries.quick.held import Held, items_of
from queries.quick.measured import Measured, is_balance, measured, newest_balance
from queries.quick.spans import since_year_end
from queries.values import Claim
from summaries.measures import CATALOGUE, Difference, Item
from summaries.statements import day
from summaries.verification import Verdict
from summaries.writing import numbers


def twelve_months(held: Held, key: str) -> Iterator[Claim]:
    """The sum, then its parts; a balance has none and stands at its newest day."""
    if is_balance(key):
        at = newest_balance(held, key)
        one = measured(held, key, at) if at else None
        yield from filter(None, [phrasing.level(one)] if one else [])
        return
    parts = _parts(held, key)
    if parts is None:
        return
    told = [phrasing.level(one) for one in parts.all]
    if parts.new and all(told) and (whole := _whole(held, key, parts)):
        yield whole
    yield from filter(None, told)


@dataclass(frozen=True)
class _Parts:
    """The last fiscal year; what is reported of the next, and the same of the year before."""

    year: Measured
    new: tuple[Measured, ...] = ()
    old: tuple[Measured, ...] = ()

    @property
    def all(self) -> tuple[Measured, ...]:
        return (self.year, *self.new, *self.old)


def _parts(held: Held, key: str) -> _Parts | None:
    years = held.book.years()
    year = measured(held, key, years[-1]) if years else None
    if year is None:
        return None
    new, old = [], []
    for period in since_year_end(held.book, items_of([key])):
        before = held.book.year_before(period)
        now = measured(held, key, period)
        then = measured(held, key, before) if before else None
        if now is None or then is None:
            break
        new.append(now)
        old.append(then)
    return _Parts(year, tuple(new), tuple(old))


def _whole(held: Held, key: str, parts: _Parts) -> Claim | None:
    """Only of what adds up: money of a period. The parts are proven by themselves, the sum of
    theirs is arithmetic."""
    measure = CATALOGUE.get(key)
    if not isinstance(measure, Item | Difference) or parts.year.kind != "money":
        return None
    total = parts.year.value + sum(one.value for one in parts.new)
    total -= sum(one.value for one in parts.old)
    if total <= 0 or any(one.is_loss for one in parts.all):
        return None
    year, printed = parts.year, numbers.money(total, held.book.currency)
    terms = [f"{year.printed} {year.when}", *_terms("plus", parts.new), *_terms("less", parts.old)]
    until = day(parts.new[-1].period.end)
    text = (
        f"{held.owner} {year.name} over the twelve months to {until} {year.verb} {printed}: "
        f"{', '.join(terms)}."
    )
    cited = dict.fromkeys(one for part in parts.all for one in part.citations)
    return Claim(text, Verdict.SUPPORTED, tuple(cited))


def _terms(word: str, parts: Sequence[Measured]) -> Iterator[str]:
    for one in parts:
        yield f"{word} {one.printed} {one.when}"
