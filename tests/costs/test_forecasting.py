"""Forecasts: exact where spending is regular, honest where little is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costs.forecasting import Forecast, forecast
from costs.periods import midnight, period_of

NEW_YORK = ZoneInfo("America/New_York")
cents = st.integers(0, 100_000).map(lambda n: Decimal(n) / 100)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def at(day: date, **later: float) -> datetime:
    return midnight(day, NEW_YORK) + timedelta(**later)


def whole(period: tuple[datetime, datetime]) -> list[date]:
    return days(period[0].date(), period[1].date() - timedelta(days=1))


@given(
    st.lists(cents, min_size=7, max_size=7), moments, st.sampled_from(["day", "week", "month"]),
    st.integers(0, 100), st.integers(15, 70),
)  # fmt: skip
def test_the_same_each_weekday_is_forecast_exactly(
    by_weekday: list[Decimal], now: datetime, every: str, percent: int, known: int
) -> None:
    """Whatever was spent of today already."""
    period = period_of(every, now, NEW_YORK)
    today = now.astimezone(NEW_YORK).date()
    first = today - timedelta(days=known)
    assume(by_weekday[first.weekday()] and period[0].date() >= first)
    daily = [(day, by_weekday[day.weekday()]) for day in days(first, today - timedelta(days=1))]
    daily.append((today, by_weekday[today.weekday()] * percent / 100))
    made = forecast(daily, *period, now, NEW_YORK)
    total = sum((by_weekday[day.weekday()] for day in whole(period)), Decimal(0))
    assert (made.total, made.low, made.high) == (total, total, total)
    assert made.basis == "weekdays"


@given(st.integers(1, 50), st.integers(7, 29 * 24))
def test_a_constant_rate_goes_on(usd_an_hour: int, hours: int) -> None:
    """In the firm's first month, where no week is known: November, with its 25-hour day."""
    period = period_of("month", datetime(2026, 11, 15, tzinfo=UTC), NEW_YORK)
    now = at(date(2026, 11, 1), hours=hours)
    today = now.astimezone(NEW_YORK).date()
    assume(today < date(2026, 11, 15))
    daily = []
    for day in days(date(2026, 11, 1), today):
        until = min(now, at(day + timedelta(days=1)))
        length = until.timestamp() - at(day).timestamp()
        daily.append((day, usd_an_hour * Decimal(int(length)) / 3600))
    made = forecast(daily, *period, now, NEW_YORK)
    assert made.basis == "run rate"
    assert made.total == pytest.approx(Decimal(usd_an_hour * (30 * 24 + 1)), abs=Decimal("1e-15"))


@given(
    st.lists(cents, min_size=1, max_size=80), moments, st.sampled_from(["day", "week", "month"])
)  # fmt: skip
def test_a_forecast_is_never_below_what_was_spent(
    costs: list[Decimal], now: datetime, every: str
) -> None:
    period = period_of(every, now, NEW_YORK)
    today = now.astimezone(NEW_YORK).date()
    daily = [(today - timedelta(days=ago), usd) for ago, usd in enumerate(costs)]
    spent = sum((usd for day, usd in daily if day >= period[0].date()), Decimal(0))
    made = forecast(daily, *period, now, NEW_YORK, amount=spent)
    assert spent <= made.low <= made.total <= made.high
    if spent:
        assert made.reached_on is not None
        assert made.reached_on <= today


def test_the_batch_of_sundays_is_not_spread_over_the_week() -> None:
    """A run rate would say 600 on the first of the month, and 2,250 after the first Sunday."""
    now = at(date(2026, 11, 3))  # a Tuesday, after Sunday the 1st
    sundays = [day for day in days(date(2026, 9, 6), date(2026, 11, 1)) if day.weekday() == 6]
    made = forecast(
        [(day, Decimal(150)) for day in sundays],
        *period_of("month", now, NEW_YORK), now, NEW_YORK, amount=Decimal(600),
    )  # fmt: skip
    assert made == Forecast(
        Decimal(750), Decimal(750), Decimal(750), date(2026, 11, 22), "weekdays"
    )


def test_unequal_days_give_a_range_around_the_total() -> None:
    now = at(date(2026, 11, 2))
    past = days(date(2026, 9, 7), date(2026, 11, 1))
    noisy = [(day, Decimal(10 if (day.day // 7) % 2 else 20)) for day in past]
    made = forecast(noisy, *period_of("week", now, NEW_YORK), now, NEW_YORK)
    assert 70 < made.low < made.total < made.high < 140


def test_one_day_alone_leaves_a_wide_range() -> None:
    now = at(date(2026, 11, 11), hours=12)
    made = forecast(
        [(date(2026, 11, 11), Decimal(10))], *period_of("month", now, NEW_YORK), now, NEW_YORK
    )
    assert made.total == Decimal(10) + Decimal(10) / 12 * (12 + 19 * 24)
    assert made.low == 10
    assert made.high > 880


def test_too_little_says_nothing() -> None:
    now = at(date(2026, 11, 11), hours=5)
    period = period_of("month", now, NEW_YORK)
    nothing = Forecast(Decimal(0), Decimal(0), Decimal(0), None, "nothing")
    assert forecast([], *period, now, NEW_YORK, amount=Decimal(5)) == nothing
    made = forecast([(date(2026, 11, 11), Decimal(2))], *period, now, NEW_YORK)
    assert (made.total, made.basis) == (Decimal(2), "nothing")


def test_what_lies_after_now_is_not_known() -> None:
    now = at(date(2026, 11, 11), hours=12)
    later = [(date(2026, 11, 12), Decimal(99))]
    assert forecast(later, *period_of("month", now, NEW_YORK), now, NEW_YORK).total == 0
