"""Where a period's spending will end, from what each day has cost so far.

Where two whole weeks are known, each coming day is taken as the mean of its weekday: the
weekly batch runs on Sundays, and a run rate would spread it over the week. With less, what was
spent so far goes on at the same rate. The range is 80 % of a normal distribution, of the days'
own spread and of what a mean of so few days may be off by.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from costs.periods import midnight

PAST_WEEKS = 8
_LEAST_DAYS = 14
_WIDTH = Decimal("1.2816")  # standard deviations that hold 80 %
_SOON = timedelta(hours=6)  # less of the first day says nothing

Daily = Sequence[tuple[date, Decimal]]


@dataclass(frozen=True)
class Forecast:
    """USD of the whole period, what was spent included. ``reached_on``: when it passes the amount.

    ``basis``: weekdays, run rate, or nothing: too little is known, and the total is what was
    spent.
    """

    total: Decimal
    low: Decimal
    high: Decimal
    reached_on: date | None
    basis: str


@dataclass(frozen=True)
class Expected:
    """A day to come: USD still expected on it, their variance, and what they are a mean of.

    Days of one ``kind`` share their mean, of ``known`` days, and its error.
    """

    day: date
    usd: Decimal
    variance: Decimal
    kind: int
    known: int


def forecast(
    daily: Daily, starts_at: datetime, ends_at: datetime, now: datetime, zone: ZoneInfo,
    amount: Decimal | None = None,
) -> Forecast:  # fmt: skip
    """The period's forecast at ``now``, a moment in it.

    ``daily``: days in ``zone`` and their USD, the past eight weeks and the period so far; days
    that are left out cost nothing. ``amount``: the budget, for ``reached_on``.
    """
    spent_on = {day: usd for day, usd in daily if day <= now.astimezone(zone).date()}
    first = starts_at.astimezone(zone).date()
    so_far = [(day, usd) for day, usd in sorted(spent_on.items()) if day >= first]
    spent = sum((usd for _, usd in so_far), Decimal(0))
    basis, coming = _coming(spent_on, starts_at, ends_at, now, zone)
    rest = sum((one.usd for one in coming), Decimal(0))
    spread = _WIDTH * _variance_of_sum(coming).sqrt()
    days = [*so_far, *((one.day, one.usd) for one in coming)]
    return Forecast(
        total=spent + rest,
        low=max(spent, spent + rest - spread),
        high=spent + rest + spread,
        reached_on=_reached(days, amount),
        basis=basis,
    )


def _coming(
    spent_on: Mapping[date, Decimal], starts_at: datetime, ends_at: datetime, now: datetime,
    zone: ZoneInfo,
) -> tuple[str, list[Expected]]:  # fmt: skip
    today = now.astimezone(zone).date()
    if not spent_on:
        return "nothing", []
    known = _known_days(spent_on, today)
    if len(known) >= _LEAST_DAYS:
        return "weekdays", list(_by_weekday(known, spent_on, today, ends_at, zone))
    # Of the days before the period only those of this firm's use count: the first of them on.
    since = midnight(min(spent_on), zone)
    if now - since < _SOON:
        return "nothing", []
    rate = sum(spent_on.values(), Decimal(0)) / _seconds(since, now)
    return "run rate", list(_by_rate(rate, [usd for _, usd in known], now, ends_at, zone))


def _known_days(spent_on: Mapping[date, Decimal], today: date) -> Daily:
    """The whole days of the past weeks, from the first that cost anything."""
    first = max(min(spent_on), today - timedelta(weeks=PAST_WEEKS))
    return [(day, spent_on.get(day, Decimal(0))) for day in _days(first, today)]


def _by_weekday(
    known: Daily, spent_on: Mapping[date, Decimal], today: date, ends_at: datetime, zone: ZoneInfo
) -> Iterator[Expected]:
    costs = [[usd for day, usd in known if day.weekday() == weekday] for weekday in range(7)]
    for day in _days(today, _end(ends_at, zone)):
        same = costs[day.weekday()]
        usd = sum(same, Decimal(0)) / len(same)
        if day == today:
            usd = max(Decimal(0), usd - spent_on.get(today, Decimal(0)))
        variance = (_variance(same) or Decimal(0)) if usd else Decimal(0)
        yield Expected(day, usd, variance, day.weekday(), len(same))


def _by_rate(
    rate: Decimal, costs: Sequence[Decimal], now: datetime, ends_at: datetime, zone: ZoneInfo
) -> Iterator[Expected]:
    variance = _variance(costs)
    for day in _days(now.astimezone(zone).date(), _end(ends_at, zone)):
        seconds = _seconds(
            max(now, midnight(day, zone)), min(ends_at, midnight(day + timedelta(days=1), zone))
        )
        usd = rate * seconds
        # One day says nothing of the spread: then as much again, or nothing.
        yield Expected(day, usd, usd * usd if variance is None else variance, 0, len(costs) or 1)


def _variance_of_sum(coming: Sequence[Expected]) -> Decimal:
    """Each day's own, and of each kind the error of its mean, which all its days have alike."""
    own = sum((one.variance for one in coming), Decimal(0))
    kinds: dict[int, list[Expected]] = defaultdict(list)
    for one in coming:
        kinds[one.kind].append(one)
    shared = (
        sum((one.variance.sqrt() for one in alike), Decimal(0)) ** 2 / alike[0].known
        for alike in kinds.values()
    )
    return own + sum(shared, Decimal(0))


def _reached(days: Daily, amount: Decimal | None) -> date | None:
    if amount is None:
        return None
    total = Decimal(0)
    for day, usd in days:
        total += usd
        if total >= amount and total > 0:
            return day
    return None


def _variance(costs: Sequence[Decimal]) -> Decimal | None:
    """Of a sample; None of fewer than two."""
    if len(costs) < 2:
        return None
    mean = sum(costs, Decimal(0)) / len(costs)
    return sum(((usd - mean) ** 2 for usd in costs), Decimal(0)) / (len(costs) - 1)


def _days(first: date, until: date) -> Iterator[date]:
    """``until`` left out."""
    for number in range((until - first).days):
        yield first + timedelta(days=number)


def _end(ends_at: datetime, zone: ZoneInfo) -> date:
    """The first day after the period."""
    return ends_at.astimezone(zone).date()


def _seconds(since: datetime, until: datetime) -> Decimal:
    # As moments: two times of one zone would be subtracted by their clocks.
    return Decimal(math.floor(until.timestamp() - since.timestamp()))
