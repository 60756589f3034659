"""Sector snapshots: each covered company's ratios of its latest fiscal year, frozen.

A snapshot is taken when a sector has none, or when asked for: never because a
fact of one company changed, which must not touch the texts of its peers.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from summaries.benchmark import GROWTH, Benchmark, BenchmarkRow, company_rows, comparable
from summaries.books import benchmark, company, fact_book
from summaries.measures import RATIOS
from summaries.models import Document, SectorSnapshot, Stock
from summaries.statements import Passage, day

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
    rows = comparable(
        row
        for stock in Stock.objects.covered().filter(sector=sector)
        for row in company_rows(company(stock), fact_book(stock))
    )
    if not rows:
        return False
    text = _text(sector, rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        document, new = Document.objects.get_or_create(
            kind=Document.Kind.SECTOR, stock=None, filing=None, sha256=digest,
            defaults={
                "title": f"{sector}: figures of the companies covered", "text": text,
                "public_at": timezone.now(),
            },
        )  # fmt: skip
        if new:
            SectorSnapshot.objects.create(
                sector=sector, document=document, rows=[_stored(row) for row in rows]
            )
    return new


def percent(value: Decimal) -> str:
    return f"{value * 100:.2f}%"


def median_line(taken: Benchmark, measure: str) -> str | None:
    middle = taken.median(measure)
    if middle is None:
        return None
    count = len(taken.members(measure))
    return f"Median {_NAMES[measure]} of {count} companies: {percent(middle)}"


def _text(sector: str, rows: Sequence[BenchmarkRow]) -> str:
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
