"""The stretch of time a report is about, on the firm's calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

HINT = (
    "write last-24h, last-7d, a month such as 2026-10, this or last for a month, or two days "
    "such as 2026-10-01..2026-10-15"
)


class NotAWindow(ValueError):
    """Words that name no stretch of time; the message says what to write."""


@dataclass(frozen=True)
class Window:
    """From ``start`` up to, not including, ``end``."""

    start: datetime
    end: datetime
    label: str

    @property
    def days(self) -> float:
        return (self.end - self.start).total_seconds() / 86_400


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def window(words: str, now: datetime | None = None) -> Window:
    """``last-24h``, ``last-30d``, ``2026-10``, ``this``, ``last`` (a month), ``A..B`` (days, both
    included). Raises NotAWindow."""
    now = (now or timezone.now()).astimezone(zone())
    if found := re.fullmatch(r"last-(\d{1,4})([hdw])", words):
        count, unit = int(found[1]), found[2]
        span = {"h": timedelta(hours=count), "d": timedelta(days=count)}.get(
            unit, timedelta(weeks=count)
        )
        return Window(now - span, now, f"the last {count} {_UNITS[unit]}")
    if words in {"this", "last"}:
        return _month(now.date() if words == "this" else _day_of_last_month(now.date()))
    if re.fullmatch(r"\d{4}-\d{2}", words):
        return _month(_date(f"{words}-01", words))
    first, dots, last = words.partition("..")
    if not dots:
        last = first
    start, end = _date(first, words), _date(last, words)
    if end < start:
        raise NotAWindow(f"{words!r} ends before it starts.")
    label = start.isoformat() if start == end else f"{start} to {end}"
    return Window(midnight(start), midnight(end + timedelta(days=1)), label)


_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def midnight(day: date) -> datetime:
    """The first moment of a day on the firm's clock."""
    return datetime.combine(day, time(), zone())


def _month(day: date) -> Window:
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Window(midnight(first), midnight(after), f"{first:%B %Y}")


def _day_of_last_month(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def _date(text: str, words: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotAWindow(f"{words!r} is no stretch of time: {HINT}.") from error
