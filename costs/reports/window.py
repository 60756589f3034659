"""The stretch of time a report is about, on the firm's calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from costs import periods

HINT = (
    "write last-24h, last-7d, a month such as 2026-10, this or last for a month, or two days "
    "such as 2026-10-01..2026-10-15"
)
_HOURS = {"h": 1, "d": 24, "w": 168}
_UNITS = {"h": "hour", "d": "day", "w": "week"}
_YEARS = range(2000, 9000)


class NotAWindow(ValueError):
    """Words that name no stretch of time; the message says what to write."""


@dataclass(frozen=True)
class Window:
    """From ``start`` up to, not including, ``end``; both in UTC, so that their difference is the
    time that passed, whatever clocks did."""

    start: datetime
    end: datetime
    label: str

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


def zone() -> ZoneInfo:
    """The firm's, as for budgets."""
    return timezone.get_default_timezone()


def window(words: str, now: datetime | None = None) -> Window:
    """``last-24h``, ``last-30d`` (30 times 24 hours), ``2026-10``, ``this``, ``last`` (a month),
    ``A..B`` (days, both included). Raises NotAWindow."""
    now = now or timezone.now()
    if found := re.fullmatch(r"last-([1-9]\d{0,3})([hdw])", words):
        return _rolling(int(found[1]), found[2], now)
    today = now.astimezone(zone()).date()
    if words in {"this", "last"}:
        return _month(today if words == "this" else today.replace(day=1) - timedelta(days=1))
    if re.fullmatch(r"\d{4}-\d{2}", words):
        return _month(_date(f"{words}-01", words))
    first, dots, last = words.partition("..")
    start, end = _date(first, words), _date(last if dots else first, words)
    if end < start:
        raise NotAWindow(f"{words!r} ends before it starts: {HINT}.")
    label = start.isoformat() if start == end else f"{start} to {end}"
    return Window(midnight(start), midnight(end + timedelta(days=1)), label)


def midnight(day: date) -> datetime:
    """The first moment of a day on the firm's clock, in UTC."""
    return periods.midnight(day, zone())


def _rolling(count: int, unit: str, now: datetime) -> Window:
    end = now.astimezone(UTC)
    what = _UNITS[unit]
    label = f"the last {what}" if count == 1 else f"the last {count} {what}s"
    return Window(end - timedelta(hours=count * _HOURS[unit]), end, label)


def _month(day: date) -> Window:
    first = day.replace(day=1)
    after = periods.day_after("month", first)
    return Window(midnight(first), midnight(after), f"{first:%B %Y}")


def _date(text: str, words: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise NotAWindow(f"{words!r} is no stretch of time: {HINT}.")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotAWindow(f"{words!r} is no stretch of time: there is no day {text}.") from None
    if found.year not in _YEARS:
        raise NotAWindow(f"{words!r}: write a year from {_YEARS.start} to {_YEARS.stop - 1}.")
    return found
