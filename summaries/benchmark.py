"""A sector's figures frozen at one moment: what a company is compared with.

A snapshot, not a live figure: a changed fact of one company must not silently
change what was said of its peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

# Fewer companies than this make no sector.
MINIMUM_MEMBERS = 3

_ADJECTIVES = {"industrials": "industrial", "financials": "financial", "utilities": "utility"}


@dataclass(frozen=True)
class BenchmarkRow:
    """One member's figure for its latest fiscal year; a fraction (0.243 is 24.3%)."""

    ticker: str
    name: str
    measure: str  # a Ratio's key, or "revenue_growth"
    year_end: date
    value: Decimal
    fact_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Benchmark:
    sector: str
    taken: date
    rows: tuple[BenchmarkRow, ...]
    document_id: int | None = None

    @property
    def adjective(self) -> str:
        """As it stands before "companies": industrial, health care."""
        name = self.sector.lower()
        return _ADJECTIVES.get(name, name)

    def members(self, measure: str) -> list[BenchmarkRow]:
        return [row for row in self.rows if row.measure == measure]

    def median(self, measure: str) -> Decimal | None:
        """Median over the members, or None where there are too few."""
        values = [row.value for row in self.members(measure)]
        return median(values) if len(values) >= MINIMUM_MEMBERS else None
