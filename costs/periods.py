"""Calendar periods in the firm's time zone: they tile time, one without gap or overlap.

A day is as long as its clock makes it: 23 or 25 hours where summer time begins or ends.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Every = Literal["day", "week", "month"]


def period_of(every: str, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The period that holds ``at``: its first moment, and the first moment of the next one.

    ``every``: day, week (from Monday) or month. Both moments are in ``zone``. ValueError for
    another ``every`` or a naive ``at``.
    """
    if at.tzinfo is None:
        raise ValueError("A period is asked for at a moment with a time zone, not a naive one.")
    first = first_day(every, at.astimezone(zone).date())
    # Local dates can go back and forth around a clock change at midnight; moments don't.
    while at < midnight(first, zone):
        first = first_day(every, first - timedelta(days=1))
    while at >= midnight(day_after(every, first), zone):
        first = day_after(every, first)
    return (
        midnight(first, zone).astimezone(zone),
        midnight(day_after(every, first), zone).astimezone(zone),
    )


def first_day(every: str, day: date) -> date:
    """The first day of the period that holds ``day``."""
    if every == "day":
        return day
    if every == "week":
        return day - timedelta(days=day.weekday())
    if every == "month":
        return day.replace(day=1)
    raise ValueError(f"Periods are day, week or month, not {every!r}.")


def day_after(every: str, first: date) -> date:
    """The first day of the period after the one that begins on ``first``."""
    longest = {"day": 1, "week": 7, "month": 31}[every]
    return first_day(every, first + timedelta(days=longest))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """A day's first moment, in UTC: the clock change itself where it leaves midnight out."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
