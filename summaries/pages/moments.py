"""Moments as people write them: a day means all of it, on New York's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils.dateparse import parse_date, parse_datetime

from summaries.models.stocks import NEW_YORK


class NotAMoment(ValueError):
    """The message says how to write one."""


def moment(text: str, *, ends: bool = True) -> datetime:
    """A moment of ISO 8601; of a day alone its last one, or its first. Raises NotAMoment."""
    text = text.strip().replace(" ", "+")  # what a plus sign becomes in an address
    try:
        day: date | None = parse_date(text)
        found = None if day else parse_datetime(text)
    except ValueError as error:
        raise NotAMoment(f"“{text[:40]}” is no day or moment: {error}.") from error
    if day:
        found = datetime.combine(day, time.max if ends else time.min, NEW_YORK)
    if found is None:
        raise NotAMoment(
            f"“{text[:40]}” is no day or moment. Write 2025-10-31 or 2025-10-31T16:00:00-04:00."
        )
    if found.tzinfo is None:
        raise NotAMoment(f"“{text[:40]}” has no time zone. Add Z or an offset, as in -04:00.")
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise NotAMoment(f"“{text[:40]}” is beyond any calendar.") from error
