"""What the sources say: the value of a term in a period, recomputed from facts in Decimal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from weakref import WeakKeyDictionary, ref

from summaries.benchmark import Benchmark
from summaries.factbook import Fact, FactBook
from summaries.measures import CATALOGUE, Difference, Item, Ratio, Sum, Unit
from summaries.periods import Span
from summaries.verification.terms import (
    Average,
    Compound,
    Growth,
    Median,
    Negated,
    Plain,
    Quotient,
    Term,
    Total,
    Window,
    key_of,
)

# The unit of a figure that is one figure over another.
FRACTION = "fraction"


@dataclass(frozen=True)
class Stretch:
    """A period by its length and last day, the way texts name periods.

    Filers move a period's first day by a day between filings; texts never name
    it, save for a period of odd length: there ``start`` says which.
    """

    span: Span
    end: date
    start: date | None = None


@dataclass(frozen=True)
class Figure:
    value: Decimal
    unit: str  # a Unit's value, or FRACTION
    facts: tuple[int, ...]
    formula: str = ""
    benchmark: bool = False


class Figures:
    """One company's figures; computed once a term and period, kept for the next sentence, for as
    long as somebody holds the book: so they don't hold it themselves."""

    def __init__(self, book: FactBook) -> None:
        self.calendar, self.currency = book.calendar, book.currency
        self._series: dict[str, dict[tuple[Span, date, date | None], Fact]] = {}
        self._book = ref(book)
        self._kept: dict[tuple[Term, Stretch], Figure | None] = {}
        self._facts = tuple(book.facts())
        self.years = {
            self.calendar.year_number(period.end): Stretch(Span.YEAR, period.end)
            for period in sorted(book.years())
        }

    @cached_property
    def same_facts(self) -> dict[int, tuple[int, ...]]:
        """Facts by id with those that report the same value of the same thing."""
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for fact in self._facts:
            groups[fact.concept, fact.unit, fact.period, fact.value].append(fact.id)
        return {fact: tuple(group) for group in groups.values() for fact in group}

    @cached_property
    def ends(self) -> dict[Span, list[date]]:
        """Last days of the periods that any fact speaks of, by length, oldest first."""
        found: dict[Span, set[date]] = defaultdict(set)
        for fact in self._facts:
            found[fact.period.span].add(fact.period.end)
        return {span: sorted(days) for span, days in found.items()}

    @property
    def latest_year(self) -> Stretch | None:
        return self.years[max(self.years)] if self.years else None

    def year_number(self, at: Stretch) -> int | None:
        numbers = (n for n, year in self.years.items() if year.end == at.end)
        return next(numbers, None) if at.span in (Span.YEAR, Span.INSTANT) else None

    def year_before(self, at: Stretch, years: int = 1) -> Stretch | None:
        """The comparable period ``years`` before, where the facts know one."""
        for _ in range(years):
            span = at.span
            near = [d for d in self.ends.get(span, []) if 350 <= (at.end - d).days <= 380]
            if not near or span is Span.OTHER:
                return None
            # Beside year ends stand days that only a note names.
            wanted = [day for day in near if self._is_year_end(at.end) and self._is_year_end(day)]
            at = Stretch(span, min(wanted or near, key=lambda d: abs((at.end - d).days - 365)))
        return at

    def _is_year_end(self, day: date) -> bool:
        return any(year.end == day for year in self.years.values())

    # -- values ----------------------------------------------------------------

    def at(self, term: Term, at: Stretch, benchmark: Benchmark | None = None) -> Figure | None:
        """The term's value, or None where the sources don't carry it."""
        if isinstance(term, Median):  # of the benchmark, which isn't the book's
            return _median(term.of, benchmark)
        key = (term, at)
        if key not in self._kept:
            self._kept[key] = self._compute(term, at)
        return self._kept[key]

    def _compute(self, term: Term, at: Stretch) -> Figure | None:
        match term:
            case Plain(key):
                return self._plain(key, at)
            case Negated(of):
                inner = self.at(of, at)
                return inner and Figure(
                    -inner.value, inner.unit, inner.facts, f"-({inner.formula})"
                )
            case Quotient(above, below):
                return _over(self.at(above, at), self.at(below, at))
            case Total(parts):
                found = [self.at(part, at) for part in parts]
                return _sum([figure for figure in found if figure]) if all(found) else None
            case Growth(of):
                before = self.year_before(at)
                return growth(self.at(of, at), self.at(of, before)) if before else None
            case Average(of, window):
                return self._average(of, window, at)
            case Compound(of, window):
                return self._compound(of, window, at)
        return None

    def _plain(self, key: str, at: Stretch) -> Figure | None:
        match CATALOGUE[key]:
            case Item() as item:
                return self._item(item, at)
            case Ratio(numerator=above, denominator=below):
                return _over(self._plain(above, at), self._plain(below, at))
            case Difference(minuend=first, subtrahend=second):
                return _less(self._plain(first, at), self._plain(second, at))
            case Sum(parts=parts):
                return _sum([f for part in parts if (f := self._plain(part, at))])
        return None

    def _item(self, item: Item, at: Stretch) -> Figure | None:
        span = Span.INSTANT if item.is_instant else at.span
        # A balance has the day alone; a period of odd length is told by its start too.
        start = at.start if span is at.span else None
        fact = self._facts_of(item.key, span).get((span, at.end, start))
        if fact is None:
            return None
        return Figure(fact.value, item.unit.value, (fact.id,), scaled(fact.value, item.unit.value))

    def _facts_of(self, key: str, span: Span) -> dict[tuple[Span, date, date | None], Fact]:
        kept = self._series.get(f"{key}/{span}")
        if kept is None:
            kept = {}
            book = self._book()
            assert book is not None, "Hold the book while its figures are asked."  # noqa: S101
            for period, fact in book.item_series(key, span).items():
                place = (span, period.end, period.start if span is Span.OTHER else None)
                held = kept.get(place)
                if held is None or held.filing.recency <= fact.filing.recency:
                    kept[place] = fact
            self._series[f"{key}/{span}"] = kept
        return kept

    # -- runs of years ---------------------------------------------------------

    def run(self, term: Term, at: Stretch) -> list[tuple[int, Figure]]:
        """(year, figure) of ``at`` and of the years before it without a gap, newest first."""
        number = self.year_number(at)
        found: list[tuple[int, Figure]] = []
        while number is not None and number in self.years:
            figure = self.at(term, self.years[number])
            if figure is None:
                break
            found.append((number, figure))
            number -= 1
        return found

    def _average(self, of: Term, window: Window, at: Stretch) -> Figure | None:
        run = self.run(of, at)
        count = len(run) if window.on_record else window.years
        if not count or len(run) < count or (window.years and window.years != count):
            return None
        total = _sum([figure for _, figure in run[:count]])
        if total is None:
            return None
        return Figure(
            total.value / count, run[0][1].unit, total.facts, f"({total.formula}) / {count}"
        )

    def _compound(self, of: Term, window: Window, at: Stretch) -> Figure | None:
        run = self.run(of, at)
        years = window.years
        if not years or len(run) <= years:
            return None
        last, first = run[0][1], run[years][1]
        if last.value <= 0 or first.value <= 0:
            return None
        rate = (last.value / first.value) ** (Decimal(1) / years) - 1
        formula = f"({last.formula} / {first.formula}) ^ (1/{years}) - 1"
        return Figure(rate, FRACTION, (*last.facts, *first.facts), formula)


_KEPT: WeakKeyDictionary[FactBook, Figures] = WeakKeyDictionary()


def figures_of(book: FactBook) -> Figures:
    """The book's figures; a book never changes, so they are computed once."""
    if book not in _KEPT:
        _KEPT[book] = Figures(book)
    return _KEPT[book]


def scaled(value: Decimal, unit: str) -> str:
    """A value as a reader writes it down: 416.16bn, 7.46."""
    if unit == FRACTION:
        return f"{(value * 100).quantize(Decimal('0.01'))}%"
    if unit == Unit.PER_SHARE:
        return f"{value.normalize():f}"
    for power, suffix in ((12, "tn"), (9, "bn"), (6, "m")):
        if abs(value) >= Decimal(10) ** power:
            return f"{value.scaleb(-power).quantize(Decimal('0.01'))}{suffix}"
    return f"{value:,.0f}"


def growth(now: Figure | None, before: Figure | None) -> Figure | None:
    """Relative change; from zero or less there is none that means anything."""
    if now is None or before is None or before.value <= 0:
        return None
    formula = f"({now.formula} - {before.formula}) / {before.formula}"
    facts = (*now.facts, *before.facts)
    return Figure((now.value - before.value) / before.value, FRACTION, facts, formula)


def _over(above: Figure | None, below: Figure | None) -> Figure | None:
    if above is None or below is None or below.value <= 0:
        return None
    facts, formula = (*above.facts, *below.facts), f"({above.formula}) / ({below.formula})"
    return Figure(above.value / below.value, FRACTION, facts, formula)


def _less(first: Figure | None, second: Figure | None) -> Figure | None:
    if first is None or second is None:
        return None
    formula = f"{first.formula} - {second.formula}"
    return Figure(first.value - second.value, first.unit, (*first.facts, *second.facts), formula)


def _sum(parts: list[Figure]) -> Figure | None:
    if not parts:
        return None
    facts = tuple(fact for part in parts for fact in part.facts)
    total = sum((part.value for part in parts), Decimal(0))
    return Figure(total, parts[0].unit, facts, " + ".join(part.formula for part in parts))


def _median(of: Term, benchmark: Benchmark | None) -> Figure | None:
    value = benchmark.median(key_of(of)) if benchmark else None
    if value is None:
        return None
    return Figure(value, FRACTION, (), "median", benchmark=True)
