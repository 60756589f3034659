"""The periods of a claim and of a table's cells, and whether one is the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from summaries.verification.documents.spells import Kind, Spell

_YEARS = re.compile(
    r"\s*(?:fiscal\s+)?(?:years?\s+)?((?:19|20)\d\d)\s*(?:[-–—]|to|through)\s*((?:19|20)\d\d)\s*",
    re.I,
)

_LAST_OF_52_WEEKS = 7  # of January


@dataclass(frozen=True, order=True)
class Period:
    """0 where not said. ``count``: of its months. "Three months ended March 31, 2019" is 2019, 3,
    31 and 3; "the fourth quarter of 2019" is 2019 and quarter 4."""

    year: int = 0
    month: int = 0
    day: int = 0
    quarter: int = 0
    half: int = 0
    count: int = 0
    until: int = 0  # the last year of several: "2020 - 2024"

    @property
    def text(self) -> str:
        named = f"Q{self.quarter} " if self.quarter else f"H{self.half} " if self.half else ""
        return f"{named}{self.year}"

    def before(self) -> Period:
        """The same, a year earlier; its day may differ by the calendar of a 52-week year."""
        return replace(self, year=self.year - 1, day=0, month=0)


def period_of(spells: Sequence[Spell]) -> Period | None:
    """One period of the spells of one head or mention; None where they name no year or several."""
    year = month = day = quarter = half = count = 0
    for one in spells:
        if one.year:
            if year and year != one.year:
                return None
            year = one.year
        if one.month:
            month, day = (one.day, one.month) if one.month > 12 else (one.month, one.day)
        if one.kind is Kind.QUARTER:
            quarter = one.number
        if one.kind is Kind.HALF:
            half = one.number
        count = one.count or count
    return Period(year, month, day, quarter, half, count) if year else None


def years_of(label: str) -> Period | None:
    """ "2020 - 2024", where the whole label says no more than that."""
    match = _YEARS.fullmatch(label)
    if match is None or not 0 < int(match[2]) - int(match[1]) < 50:
        return None
    return Period(int(match[1]), until=int(match[2]))


def closeness(asked: Period, cell: Period) -> int:
    """0 where the cell's period is not the one asked for; more where more of it agrees."""
    if asked.until != cell.until:
        return 0
    if not (asked.month or asked.quarter or asked.half or asked.count) and _opens_year(cell):
        return {asked.year + 1: 2, asked.year: 1}.get(cell.year, 0)
    if asked.year != cell.year:
        return 0
    if asked.quarter and asked.quarter != (cell.quarter or _quarter(cell)):
        return 0
    if asked.half and asked.half != cell.half:
        return 0
    if asked.month and cell.month and asked.month != cell.month:
        return 0
    if asked.day and cell.day and asked.day != cell.day:
        return 0
    if asked.count and cell.count and asked.count != cell.count:
        return 0
    is_whole = not (asked.quarter or asked.half or asked.count)
    if is_whole and (cell.quarter or cell.half or cell.count not in (0, 12)):
        return 1
    return 1 if asked.count not in (0, 12) and not cell.count else 2


def _opens_year(cell: Period) -> bool:
    """The first days of January: the end of a 52-week year, or the balance that the year before
    left."""
    return cell.month == 1 and 1 <= cell.day <= _LAST_OF_52_WEEKS


def _quarter(cell: Period) -> int:
    """Of three months that end with a calendar quarter."""
    return cell.month // 3 if cell.count == 3 and cell.month % 3 == 0 else 0
