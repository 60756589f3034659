"""A company's facts as known at one moment, ready to be read by measure and period.

Pure: who loads the facts decides what was known when. Of several filings that
report the same concept, unit and period, the newest speaks (a restatement
replaces what it restates); the older ones stay in the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from summaries.measures import CATALOGUE, Item, Unit
from summaries.periods import FiscalCalendar, Period, Span


@dataclass(frozen=True)
class Filing:
    """The filing that reports a fact. ``filed`` is None where the source does not say."""

    id: int
    form: str
    period_end: date
    filed: date | None = None
    accession: str | None = None
    fiscal_year: int | None = None  # the number the filing gives its own fiscal year

    @property
    def is_annual(self) -> bool:
        return self.form.split("/")[0] in {"10-K", "10-KT", "20-F", "40-F"}

    @property
    def recency(self) -> tuple[date, date, str]:
        """Later filings sort after earlier ones, also where the filing date is unknown."""
        return (self.filed or self.period_end, self.period_end, self.accession or "")


@dataclass(frozen=True)
class Fact:
    """One reported value. ``value`` is in ``unit`` (USD, USD/shares, shares), not scaled."""

    id: int
    concept: str  # taxonomy:Name
    unit: str
    period: Period
    value: Decimal
    filing: Filing


def _fits(unit: Unit, reported: str) -> bool:
    """Whether a reported unit (USD, USD/shares, shares) is of this kind."""
    match unit:
        case Unit.MONEY:
            return reported.isalpha() and reported.isupper() and len(reported) == 3
        case Unit.PER_SHARE:
            return reported.endswith("/shares")
        case Unit.SHARES:
            return reported == "shares"


class FactBook:
    """Facts of one company by measure and period."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[int, Fact] = {}
        # concept -> unit -> period -> the newest fact
        self._by_concept: dict[str, dict[str, dict[Period, Fact]]] = {}
        self._item_series: dict[tuple[str, Span], dict[Period, Fact]] = {}
        for fact in facts:
            self._facts[fact.id] = fact
            series = self._by_concept.setdefault(fact.concept, {}).setdefault(fact.unit, {})
            held = series.get(fact.period)
            if held is None or held.filing.recency < fact.filing.recency:
                series[fact.period] = fact

    def __len__(self) -> int:
        return len(self._facts)

    def by_id(self, fact_id: int) -> Fact:
        return self._facts[fact_id]

    @cached_property
    def calendar(self) -> FiscalCalendar:
        """From the annual reports that cover a year; without one, no year end is known."""
        return FiscalCalendar.from_year_ends(
            {
                fact.period.end: fact.filing.fiscal_year
                for fact in self._facts.values()
                if fact.filing.is_annual
                and fact.period.span is Span.YEAR
                and fact.period.end == fact.filing.period_end
            }.items()
        )

    @cached_property
    def currency(self) -> str:
        """The currency the company reports in."""
        counts: dict[str, int] = defaultdict(int)
        for units in self._by_concept.values():
            for unit, series in units.items():
                if _fits(Unit.MONEY, unit):
                    counts[unit] += len(series)
        return max(counts, key=lambda unit: counts[unit], default="USD")

    def years(self) -> list[Period]:
        """Fiscal years for which revenue or net income is reported, oldest first."""
        return self._reported(Span.YEAR)

    def quarters(self) -> list[Period]:
        return self._reported(Span.QUARTER)

    def spans(self, span: Span) -> list[Period]:
        return self._reported(span)

    def item_series(self, key: str, span: Span) -> dict[Period, Fact]:
        """Facts of one line item, one concept only, by period; oldest first.

        ``key`` must be an Item's. The concept is the first of the item's list
        among those whose latest ``span`` period is the latest of all: a company
        that changed its concept is read through the new one.
        """
        if (key, span) not in self._item_series:
            item = CATALOGUE.get(key)
            if isinstance(item, Item) and (span is Span.INSTANT or not item.is_instant):
                self._item_series[key, span] = self._series_of(item, span)
            else:
                self._item_series[key, span] = {}
        return self._item_series[key, span]

    def _series_of(self, item: Item, span: Span) -> dict[Period, Fact]:
        best: dict[Period, Fact] = {}
        newest: date | None = None
        for concept in item.concepts:
            for unit, facts in self._by_concept.get(concept, {}).items():
                if not _fits(item.unit, unit):
                    continue
                if item.unit is not Unit.SHARES and not unit.startswith(self.currency):
                    continue
                periods = sorted(p for p in facts if self._is(span, p))
                if periods and (newest is None or periods[-1].end > newest):
                    newest, best = periods[-1].end, {p: facts[p] for p in periods}
        return best

    def _is(self, span: Span, period: Period) -> bool:
        # Some companies report trailing twelve months each quarter: no fiscal years.
        return period.span is span and (
            span is not Span.YEAR or self.calendar.ends_year(period.end)
        )

    def item(self, key: str, period: Period) -> Fact | None:
        """The fact of a line item for a period; for a balance-sheet item, at the period's end."""
        measure = CATALOGUE[key]
        if not isinstance(measure, Item):
            raise KeyError(f"{key} is not a line item but made of several; compute it.")
        if measure.is_instant:
            return self.item_series(key, Span.INSTANT).get(Period(period.end))
        return self.item_series(key, period.span).get(period)

    def year_before(self, period: Period) -> Period | None:
        """The comparable period one year before, if any item is reported for it."""
        if period.span is Span.INSTANT:
            found = (p for p in self._periods(Span.INSTANT) if p.is_year_before(period))
            return max(found, default=None)
        candidates = [p for p in self._reported(period.span) if p.is_year_before(period)]
        return max(candidates, default=None)

    def _reported(self, span: Span) -> list[Period]:
        return list(self._reported_periods[span])

    @cached_property
    def _reported_periods(self) -> dict[Span, list[Period]]:
        return {
            span: sorted(
                {*self.item_series("revenue", span), *self.item_series("net_income", span)}
            )
            for span in Span
        }

    def _periods(self, span: Span) -> list[Period]:
        return sorted({f.period for f in self._facts.values() if f.period.span == span})

    def facts(self) -> Sequence[Fact]:
        return list(self._facts.values())
