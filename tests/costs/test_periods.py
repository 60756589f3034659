"""Calendar periods tile time, whatever the clocks of a zone do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costs.periods import period_of

# With those whose clocks change at midnight, by half an hour, or that left a day out.
ZONES = [
    "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo",
    "America/Havana", "America/St_Johns", "Pacific/Apia", "Asia/Beirut", "Africa/Cairo",
    "Pacific/Chatham", "Antarctica/Troll", "UTC",
]  # fmt: skip
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
every = st.sampled_from(["day", "week", "month"])
moments = st.datetimes(datetime(1985, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
NEW_YORK = ZoneInfo("America/New_York")


def bounds(kind: str, at: str, zone: ZoneInfo = NEW_YORK) -> tuple[str, str]:
    start, end = period_of(kind, datetime.fromisoformat(at), zone)
    return start.isoformat(), end.isoformat()


@given(every, moments, zones)
def test_a_period_holds_its_moment(kind: str, at: datetime, zone: ZoneInfo) -> None:
    start, end = period_of(kind, at, zone)
    assert start.astimezone(UTC) <= at < end.astimezone(UTC)


@given(every, moments, zones)
def test_periods_meet_without_gap_or_overlap(kind: str, at: datetime, zone: ZoneInfo) -> None:
    start, end = (one.astimezone(UTC) for one in period_of(kind, at, zone))
    assert period_of(kind, start, zone)[0].astimezone(UTC) == start
    assert period_of(kind, end, zone)[0].astimezone(UTC) == end
    assert period_of(kind, start - timedelta(microseconds=1), zone)[1].astimezone(UTC) == start


@given(every, moments, zones, st.floats(0, 1))
def test_all_moments_of_a_period_agree(
    kind: str, at: datetime, zone: ZoneInfo, share: float
) -> None:
    start, end = period_of(kind, at, zone)
    length = end.astimezone(UTC) - start.astimezone(UTC)
    other = start.astimezone(UTC) + share * (length - timedelta(microseconds=1))
    assert period_of(kind, other, zone) == (start, end)


@pytest.mark.parametrize(
    ("at", "start", "end", "hours"),
    [
        ("2026-03-08T12:00-04:00", "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 23),
        ("2026-11-01T12:00-05:00", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25),
        ("2026-11-02T04:59:59+00:00", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", 25),
        ("2026-11-02T05:00:00+00:00", "2026-11-02T00:00:00-05:00", "2026-11-03T00:00:00-05:00", 24),
    ],
)
def test_days_are_as_long_as_their_clocks_make_them(
    at: str, start: str, end: str, hours: int
) -> None:
    assert bounds("day", at) == (start, end)
    assert datetime.fromisoformat(end) - datetime.fromisoformat(start) == timedelta(hours=hours)


def test_months_and_weeks_begin_at_local_midnight() -> None:
    assert bounds("month", "2026-12-01T04:59:59+00:00") == (
        "2026-11-01T00:00:00-04:00", "2026-12-01T00:00:00-05:00",
    )  # fmt: skip
    assert bounds("week", "2026-11-01T23:00-05:00") == (
        "2026-10-26T00:00:00-04:00", "2026-11-02T00:00:00-05:00",
    )  # fmt: skip
    assert bounds("month", "2026-11-15T00:00+00:00", ZoneInfo("Asia/Singapore")) == (
        "2026-11-01T00:00:00+08:00", "2026-12-01T00:00:00+08:00",
    )  # fmt: skip


def test_a_day_begins_with_the_clock_change_that_leaves_midnight_out() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert bounds("day", "2018-11-04T12:00-02:00", sao_paulo) == (
        "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00",
    )  # fmt: skip


def test_naive_moments_and_other_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        period_of("day", datetime(2026, 1, 1), NEW_YORK)  # noqa: DTZ001
    with pytest.raises(ValueError, match="day, week or month"):
        period_of("year", datetime(2026, 1, 1, tzinfo=UTC), NEW_YORK)
