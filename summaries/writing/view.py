"""One period of one company as the writer sees it: figures, each with the facts behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from summaries.benchmark import Benchmark
from summaries.company import Company
from summaries.factbook import FactBook
from summaries.measures import CATALOGUE, Difference, Item, Ratio, Sum
from summaries.periods import Period, Span
from summaries.profiles import Profile
from summaries.writing import numbers


@dataclass(frozen=True)
class Figure:
    """A value and the facts it rests on."""

    value: Decimal
    facts: tuple[int, ...]


_UP = ("rose", "increased", "climbed")
_DOWN = ("fell", "declined", "dropped", "decreased")
_NOUNS = {
    Profile.BANK: "bank",
    Profile.INSURER: "insurer",
    Profile.REAL_ESTATE: "property company",
    Profile.PAYMENTS: "payments company",
    Profile.SOFTWARE: "software company",
    Profile.SEMICONDUCTORS: "chipmaker",
    Profile.RETAIL: "retailer",
    Profile.PHARMA: "drugmaker",
    Profile.ENERGY: "energy company",
    Profile.RAIL: "railroad",
    Profile.UTILITY: "utility",
    Profile.INDUSTRIAL: "company",
}
# A change smaller than this is not worth a direction.
FLAT = Decimal("0.001")


@dataclass
class View:
    """``before`` is the comparable period a year earlier, where there is one."""

    company: Company
    book: FactBook
    profile: Profile
    period: Period
    before: Period | None
    benchmark: Benchmark | None = None
    _verbs: dict[str, int] = field(default_factory=dict)

    # -- figures ---------------------------------------------------------------

    def figure(self, key: str, period: Period | None = None) -> Figure | None:
        """The measure for a period (default: the view's), or None where the facts lack it."""
        at = period or self.period
        match CATALOGUE[key]:
            case Item():
                fact = self.book.item(key, at)
                return Figure(fact.value, (fact.id,)) if fact else None
            case Difference(minuend=minuend, subtrahend=subtrahend):
                first, second = self.figure(minuend, at), self.figure(subtrahend, at)
                return _combine(first, second, lambda a, b: a - b)
            case Ratio(numerator=numerator, denominator=denominator):
                over, under = self.figure(numerator, at), self.figure(denominator, at)
                if under is None or under.value <= 0:
                    return None
                return _combine(over, under, lambda a, b: a / b)
            case Sum(parts=parts):
                found = [one for part in parts if (one := self.figure(part, at))]
                if not found:
                    return None
                facts = tuple(fact for one in found for fact in one.facts)
                return Figure(sum((one.value for one in found), Decimal(0)), facts)
        raise KeyError(key)

    def prior(self, key: str) -> Figure | None:
        return self.figure(key, self.before) if self.before else None

    def pair(self, key: str) -> tuple[Figure, Figure] | None:
        """This period's figure and that of a year before, where both are reported."""
        now, then = self.figure(key), self.prior(key)
        return (now, then) if now and then else None

    def balance_before(self, key: str) -> tuple[Figure, Period] | None:
        """The balance to compare with: a year earlier, else the nearest earlier one."""
        measure = CATALOGUE[key]
        if not isinstance(measure, Item):
            return None
        earlier = [
            (at, fact)
            for at, fact in self.book.item_series(key, Span.INSTANT).items()
            if at.end < self.period.end
        ]
        if not earlier:
            return None
        a_year_before = Period(self.period.end)
        at, fact = next(
            (pair for pair in reversed(earlier) if pair[0].is_year_before(a_year_before)),
            earlier[-1],
        )
        return Figure(fact.value, (fact.id,)), at

    def growth(self, key: str) -> Figure | None:
        """Relative change; only between two positive figures that differ visibly."""
        pair = self.pair(key)
        if pair is None or pair[0].value <= 0 or pair[1].value <= 0:
            return None
        change = pair[0].value / pair[1].value - 1
        return Figure(change, (*pair[0].facts, *pair[1].facts)) if abs(change) >= FLAT else None

    # -- words -----------------------------------------------------------------

    def choose(self, topic: str, variants: Sequence[str]) -> str:
        """One of the variants, always the same for this company and topic."""
        digest = hashlib.sha256(f"{self.company.ticker}:{topic}".encode()).digest()
        return variants[digest[0] % len(variants)]

    def verb(self, change: Decimal) -> str:
        """A verb of the right direction, not the one used just before."""
        words = _UP if change > 0 else _DOWN
        start = hashlib.sha256(self.company.ticker.encode()).digest()[1]
        used = self._verbs.get(words[0], 0)
        self._verbs[words[0]] = used + 1
        return words[(start + used) % len(words)]

    @property
    def name(self) -> str:
        return self.company.short

    @property
    def possessive(self) -> str:
        return f"{self.name}'" if self.name.endswith("s") else f"{self.name}'s"

    @property
    def noun(self) -> str:
        return f"the {_NOUNS[self.profile]}"

    def money(self, figure: Figure) -> str:
        return numbers.money(abs(figure.value), self.book.currency)

    def share(self, figure: Figure) -> str:
        return numbers.per_share(abs(figure.value), self.book.currency)

    # -- periods ---------------------------------------------------------------

    @property
    def is_year(self) -> bool:
        return self.period.span is Span.YEAR

    @property
    def label(self) -> str:
        return self.label_of(self.period)

    @property
    def before_label(self) -> str:
        return self.label_of(self.before) if self.before and self.is_year else "a year earlier"

    def label_of(self, period: Period) -> str:
        """fiscal 2025; 2025 where fiscal and calendar years agree; the quarter ended …"""
        if period.span is Span.YEAR:
            year = self.book.calendar.year_number(period.end)
            return str(year) if self.book.calendar.is_calendar_year else f"fiscal {year}"
        return self.full_label_of(period)

    def full_label_of(self, period: Period) -> str:
        if period.start and period.span is Span.OTHER:
            start = f"{period.start.day} {period.start:%B %Y}"
            return f"the period from {start} to {period.end.day} {period.end:%B %Y}"
        spans = {
            Span.YEAR: "the fiscal year",
            Span.QUARTER: "the quarter",
            Span.HALF: "the six months",
            Span.NINE_MONTHS: "the nine months",
        }
        return f"{spans[period.span]} ended {period.end.day} {period.end:%B %Y}"

    @property
    def year_before(self) -> str:
        """When the comparison stands: in fiscal 2024, a year earlier."""
        if self.is_year:
            return self.choose("year_before", ("a year earlier", "the year before", self.in_before))
        return "a year earlier"

    @property
    def in_before(self) -> str:
        """in fiscal 2024; in the same quarter a year earlier"""
        if self.before and self.is_year:
            return f"in {self.before_label}"
        return "a year earlier"

    @property
    def full_label(self) -> str:
        return self.full_label_of(self.period)

    def when(self, at: Period) -> str:
        """Of an earlier balance: a year earlier, or at 31 December 2024."""
        if at.is_year_before(Period(self.period.end)):
            return "a year earlier"
        return f"at {at.end.day} {at.end:%B %Y}"

    @property
    def closing(self) -> str:
        """When a balance stands: at the end of fiscal 2025, at 30 June 2025."""
        if self.is_year:
            return f"at the end of {self.label}"
        return f"at {self.period.end.day} {self.period.end:%B %Y}"


def _combine(
    first: Figure | None, second: Figure | None, rule: Callable[[Decimal, Decimal], Decimal]
) -> Figure | None:
    if first is None or second is None:
        return None
    return Figure(rule(first.value, second.value), (*first.facts, *second.facts))
