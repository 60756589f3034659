"""Times as operators write them on a command line."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, timedelta

from django.utils import timezone

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(text: str) -> datetime:
    """A day (its first moment) or a moment, in the firm's time zone unless it names another."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time; write a day such as 2026-11-02, or 2026-11-02T09:30"
        ) from error
    return given if given.tzinfo else timezone.make_aware(given, timezone.get_default_timezone())


def length(text: str) -> timedelta:
    """30m, 24h, 7d."""
    found = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time; write 30m, 24h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
