"""Reporting periods, and the fiscal calendar that gives them their names.

Fiscal years of 52 or 53 weeks never fall on calendar bounds, so lengths are
told by bands of days, not by months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property


class Span(StrEnum):
    """How long a period is."""

    INSTANT = "instant"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    OTHER = "other"


# Days, both ends included: 13 to 14 weeks, 26 to 27, 39 to 40, 52 to 53.
_BANDS = (
    (Span.QUARTER, 80, 100),
    (Span.HALF, 172, 191),
    (Span.NINE_MONTHS, 263, 283),
    (Span.YEAR, 350, 378),
)
# A year that ends in the first days of January belongs to the year before.
_YEAR_END_GRACE = timedelta(days=9)


@dataclass(frozen=True, order=True)
class Period:
    """From ``start`` to ``end``, both included; ``start`` is None for an instant."""

    end: date
    start: date | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.start > self.end:
            raise ValueError(f"A period can't start after it ends: {self.start} to {self.end}.")

    @cached_property
    def span(self) -> Span:
        if self.start is None:
            return Span.INSTANT
        days = (self.end - self.start).days + 1
        return next((span for span, low, high in _BANDS if low <= days <= high), Span.OTHER)

    def is_year_before(self, later: Period) -> bool:
        """Whether this is the comparable period one year before ``later``."""
        return self.span == later.span and 350 <= (later.end - self.end).days <= 380


@dataclass(frozen=True)
class FiscalCalendar:
    """Names a company's fiscal years by the number its own filings give them.

    ``shift`` is that number less the calendar year in which the fiscal year
    ends: 0 for most, -1 for a retailer whose fiscal 2024 ends on 1 February
    2025. ``year_end`` is the last known year end.
    """

    year_end: date | None
    shift: int = 0

    @classmethod
    def from_year_ends(cls, named: Iterable[tuple[date, int | None]]) -> FiscalCalendar:
        """``named``: (last day of a fiscal year, the number its annual report gave it)."""
        ends = list(named)
        if not ends:
            return cls(year_end=None)
        shifts = Counter(number - _ending_year(end) for end, number in ends if number is not None)
        common = shifts.most_common(1)
        shift = common[0][0] if common and abs(common[0][0]) <= 1 else 0
        return cls(year_end=max(end for end, _ in ends), shift=shift)

    def year_number(self, end: date) -> int:
        """The number of the fiscal year that ends on ``end``."""
        return _ending_year(end) + self.shift

    def ends_year(self, end: date) -> bool:
        """Whether a fiscal year ends on ``end``, give or take the days of a 53rd week."""
        if self.year_end is None:
            return False
        off = abs((end - self.year_end).days) % 365.25
        return min(off, 365.25 - off) <= 10

    @property
    def is_calendar_year(self) -> bool:
        if self.year_end is None:
            return False
        day = self.year_end - _YEAR_END_GRACE
        return day.month == 12 and self.shift == 0

    def quarter_of(self, end: date) -> tuple[int, int] | None:
        """(fiscal year number, quarter 1-4) of the quarter that ends on ``end``."""
        if self.year_end is None:
            return None
        days_on = (end - self.year_end).days
        quarters_on = round(days_on / 91.3125)
        if abs(days_on - quarters_on * 91.3125) > 20:
            return None
        years_on, quarter = divmod(quarters_on - 1, 4)
        return self.year_number(self.year_end) + years_on + 1, quarter + 1


def _ending_year(end: date) -> int:
    return (end - _YEAR_END_GRACE).year
