"""When EDGAR accepted a filing: aware times that never lie before the truth.

``acceptanceDateTime`` ends in "Z" but is UTC in some replies and New York's clock in others.
A filing's date tells many of them apart: what is accepted by 17:30 in New York bears that
day's date, what comes later the next business day's, and EDGAR takes filings on weekdays
from 6:00 to 22:00. Measured on 20 recorded lists: a reply's rows keep one clock, except the
newest ones, added since SEC last rebuilt the list. So the newest row that decides for a
reply's clock speaks for all that were filed before its day; from then on, where a row alone
decides nothing, the later of both readings stands and is not certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")

FORMS = frozenset({"10-K", "10-KT", "10-Q", "10-QT", "8-K", "20-F", "40-F", "6-K"})

OPENS, LAST_OF_DAY, CLOSES = time(6, 0), time(17, 30), time(22, 0)
# A filing counts from when its sending began, so acceptance may be stamped a little later.
SLACK = timedelta(minutes=5)
LONGEST_CLOSED = timedelta(days=5)  # a long weekend, and a day to spare

_DECIDING_ROWS = 5
_DECIDING_SHARE = 0.9


class Clock(Enum):
    UTC = "utc"
    NEW_YORK = "new york"


@dataclass(frozen=True)
class Accepted:
    """``at``: None where EDGAR gives no time. ``certain``: only one reading fits."""

    at: datetime | None
    certain: bool


@dataclass(frozen=True)
class Stamp:
    """A listed filing's ``acceptanceDateTime``, its filing date and form."""

    text: str
    filed: date
    form: str = ""


def wanted(form: str) -> bool:
    """Whether we take filings of this form."""
    return form.removesuffix("/A") in FORMS


def accepted_at(text: str, filed: date, form: str = "10-K") -> tuple[datetime, bool]:
    """One stamp by itself: the time and whether it is certain. Raises ValueError."""
    found = accepted([Stamp(text, filed, form)])[0]
    if found.at is None:
        raise ValueError("acceptanceDateTime is empty")
    return found.at, found.certain


def accepted(stamps: Sequence[Stamp]) -> list[Accepted]:
    """The stamps of one whole reply, in any order. Raises ValueError."""
    fits = [_fitting(stamp) for stamp in stamps]
    clock = _kept_clock(fits)
    deciding = [
        stamp.filed for stamp, fitting in zip(stamps, fits, strict=True) if fitting == [clock]
    ]
    newest = max(deciding, default=None)
    return [
        _accepted(stamp, fitting, clock if newest and stamp.filed < newest else None)
        for stamp, fitting in zip(stamps, fits, strict=True)
    ]


def public_at(at: datetime, filed: date) -> datetime:
    """When the filing could be read: what comes after the day's end appears the next morning."""
    local = at.astimezone(NEW_YORK)
    if filed > local.date():
        return max(at, datetime.combine(filed, OPENS, NEW_YORK).astimezone(UTC))
    return at


def _fitting(stamp: Stamp) -> list[Clock]:
    if not stamp.text or _is_unknown(stamp):
        return []
    return [clock for clock in Clock if _fits(_read(stamp.text, clock), stamp)]


def _kept_clock(fits: list[list[Clock]]) -> Clock | None:
    """The clock that nearly all rows which allow only one are on."""
    counts = {clock: fits.count([clock]) for clock in Clock}
    most = max(counts, key=lambda clock: counts[clock])
    enough = counts[most] >= max(_DECIDING_ROWS, _DECIDING_SHARE * sum(counts.values()))
    return most if enough else None


def _accepted(stamp: Stamp, fitting: list[Clock], kept: Clock | None) -> Accepted:
    if not stamp.text:
        return Accepted(None, False)
    if _is_unknown(stamp):
        # A day without a time, as in the nineties. It was accepted by the end of that day.
        return Accepted(_on(stamp.filed, LAST_OF_DAY), False)
    if kept and (kept in fitting or not fitting):
        return Accepted(_read(stamp.text, kept), bool(fitting))
    if not kept and len(fitting) == 1:
        return Accepted(_read(stamp.text, fitting[0]), True)
    return Accepted(max(_read(stamp.text, clock) for clock in Clock), False)


def _read(text: str, clock: Clock) -> datetime:
    said = datetime.fromisoformat(text)
    if clock is Clock.UTC:
        return said.replace(tzinfo=UTC)
    return said.replace(tzinfo=NEW_YORK).astimezone(UTC)


def _is_unknown(stamp: Stamp) -> bool:
    """Midnight, on either clock, stands for no time at all."""
    at = _read(stamp.text, Clock.UTC)
    return at.time() == time(0) or at.astimezone(NEW_YORK).time() == time(0)


def _fits(at: datetime, stamp: Stamp) -> bool:
    local = at.astimezone(NEW_YORK)
    day, filed = local.date(), stamp.filed
    if local.weekday() > 4 or not _on(day, OPENS) <= at < _on(day, CLOSES) + SLACK:
        return False
    late = at >= _on(day, LAST_OF_DAY)
    if filed == day:
        # Ownership reports bear the day's date until 22:00, and some other forms too.
        return not wanted(stamp.form) or at < _on(day, LAST_OF_DAY) + SLACK
    return late and timedelta(0) < filed - day <= LONGEST_CLOSED


def _on(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, NEW_YORK).astimezone(UTC)
