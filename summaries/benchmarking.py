"""Sector snapshots: each covered company's ratios of its latest fiscal year, frozen.

A snapshot is taken when a sector has none, or when asked for: never because a
fact of one company changed, which must not touch the texts of its peers.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from summaries.benchmark import MINIMUM_MEMBERS, Benchmark, BenchmarkRow
from summaries.books import benchmark, company, fact_book
from summaries.factbook import Fact, FactBook
from summaries.measures import CATALOGUE, RATIOS, Difference, Item
from summaries.models import Document, SectorSnapshot, Stock
from summaries.periods import Period
from summaries.statements import Passage, day

# A member whose latest fiscal year ended longer ago than this isn't compared.
OLDEST = timedelta(days=550)
GROWTH = "revenue_growth"
_NAMES = {ratio.key: ratio.name for ratio in RATIOS} | {GROWTH: "revenue growth"}


def ensure_snapshots(*, refresh: bool = False) -> int:
    """Take the missing snapshots, or all anew; returns how many are new.

    A refreshed snapshot with the same figures is not stored again.
    """
    sectors = Stock.objects.covered().exclude(sector="").values_list("sector", flat=True)
    taken = set(SectorSnapshot.objects.values_list("sector", flat=True))
    due = {sector for sector in sectors if refresh or sector not in taken}
    return sum(_take(sector) for sector in sorted(due))


def _take(sector: str) -> bool:
    rows: list[BenchmarkRow] = []
    for stock in Stock.objects.covered().filter(sector=sector):
        rows.extend(company_rows(stock, fact_book(stock)))
    if not rows:
        return False
    newest = max(row.year_end for row in rows)
    rows = [row for row in rows if newest - row.year_end <= OLDEST]
    if len({row.ticker for row in rows}) < MINIMUM_MEMBERS:
        return False
    text = _text(sector, rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        document, new = Document.objects.get_or_create(
            kind=Document.Kind.SECTOR, stock=None, filing=None, sha256=digest,
            defaults={"title": f"{sector}: figures of the companies covered", "text": text},
        )  # fmt: skip
        if new:
            SectorSnapshot.objects.create(
                sector=sector, document=document, rows=[_stored(row) for row in rows]
            )
    return new


def company_rows(stock: Stock, book: FactBook) -> Iterator[BenchmarkRow]:
    """The company's ratios of its latest fiscal year, and the growth of its revenue."""
    years = book.years()
    if not years:
        return
    year, short = years[-1], company(stock).short
    for ratio in RATIOS:
        over, under = _parts(book, ratio.numerator, year), _parts(book, ratio.denominator, year)
        if over and under and under[0] > 0:
            yield BenchmarkRow(
                stock.ticker, short, ratio.key, year.end,
                round(over[0] / under[0], 6), (*over[1], *under[1]),
            )  # fmt: skip
    before = book.year_before(year)
    now, then = book.item("revenue", year), before and book.item("revenue", before)
    if now and then and then.value > 0:
        yield BenchmarkRow(
            stock.ticker, short, GROWTH, year.end,
            round(now.value / then.value - 1, 6), (now.id, then.id),
        )  # fmt: skip


def _parts(book: FactBook, key: str, year: Period) -> tuple[Decimal, tuple[int, ...]] | None:
    match CATALOGUE[key]:
        case Item():
            fact = book.item(key, year)
            return (fact.value, (fact.id,)) if fact else None
        case Difference(minuend=minuend, subtrahend=subtrahend):
            first: Fact | None = book.item(minuend, year)
            second: Fact | None = book.item(subtrahend, year)
            if first and second:
                return first.value - second.value, (first.id, second.id)
    return None


def percent(value: Decimal) -> str:
    return f"{value * 100:.2f}%"


def median_line(taken: Benchmark, measure: str) -> str | None:
    middle = taken.median(measure)
    if middle is None:
        return None
    count = len(taken.members(measure))
    return f"Median {_NAMES[measure]} of {count} companies: {percent(middle)}"


def _text(sector: str, rows: list[BenchmarkRow]) -> str:
    by_measure: dict[str, list[BenchmarkRow]] = defaultdict(list)
    for row in rows:
        by_measure[row.measure].append(row)
    # ``taken`` does not enter the text: the same figures are the same document.
    whole = Benchmark(sector, max(row.year_end for row in rows), tuple(rows))
    lines = [f"{sector}: figures of the companies covered, each for its latest fiscal year"]
    for measure, held in by_measure.items():
        lines += ["", f"{_NAMES[measure][:1].upper()}{_NAMES[measure][1:]}"]
        for row in sorted(held, key=lambda row: row.ticker):
            lines.append(
                f"{row.name} ({row.ticker}), year ended {day(row.year_end)}: {percent(row.value)}"
            )
        lines += [line for line in [median_line(whole, measure)] if line]
    return "\n".join(lines) + "\n"


def _stored(row: BenchmarkRow) -> dict[str, object]:
    return {
        "ticker": row.ticker,
        "name": row.name,
        "measure": row.measure,
        "year_end": row.year_end.isoformat(),
        "value": str(row.value),
        "fact_ids": list(row.fact_ids),
    }


def snapshot_passage(snapshot: SectorSnapshot, measure: str) -> Passage:
    """The line of a measure's median. Raises LookupError where the snapshot has none."""
    taken = benchmark(snapshot)
    line = median_line(taken, measure) if taken else None
    start = snapshot.document.text.find(line) if line else -1
    if line is None or start < 0:
        raise LookupError(f"{snapshot} has no median of {measure}")
    return Passage(snapshot.document_id, start, start + len(line), line)
