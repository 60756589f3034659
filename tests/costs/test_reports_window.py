"""Windows are the firm's calendar's, in moments: a month with a clock change has an hour more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from costs.reports.spending import by_period, firsts
from costs.reports.window import NotAWindow, Window, window
from tests.costs.reports_rows import add, price, row

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)  # the evening of 20 November in New York


def at(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("words", "start", "end", "label"),
    [
        ("this", at(2026, 11, 1, 4), at(2026, 12, 1, 5), "November 2026"),
        ("last", at(2026, 10, 1, 4), at(2026, 11, 1, 4), "October 2026"),
        ("2026-03", at(2026, 3, 1, 5), at(2026, 4, 1, 4), "March 2026"),
        ("2025-12", at(2025, 12, 1, 5), at(2026, 1, 1, 5), "December 2025"),
        ("2026-11-01", at(2026, 11, 1, 4), at(2026, 11, 2, 5), "2026-11-01"),
        ("2026-10-31..2026-11-01", at(2026, 10, 31, 4), at(2026, 11, 2, 5),
         "2026-10-31 to 2026-11-01"),
        ("last-24h", at(2026, 11, 20, 3, 30), NOW, "the last 24 hours"),
        ("last-1h", at(2026, 11, 21, 2, 30), NOW, "the last hour"),
        ("last-30d", at(2026, 10, 22, 3, 30), NOW, "the last 30 days"),
        ("last-2w", at(2026, 11, 7, 3, 30), NOW, "the last 2 weeks"),
    ],
)  # fmt: skip
def test_words_name_moments(words: str, start: datetime, end: datetime, label: str) -> None:
    assert window(words, NOW) == Window(start, end, label)


def test_in_january_last_is_december() -> None:
    assert window("last", at(2027, 1, 31, 23)).label == "December 2026"


def test_the_month_is_the_firms(settings: Settings) -> None:
    """Late on 31 October in New York it is November in UTC already."""
    assert window("this", at(2026, 11, 1, 3)).label == "October 2026"
    assert window("this", at(2026, 11, 1, 4)).label == "November 2026"


def test_a_day_is_as_long_as_its_clock_makes_it() -> None:
    lengths = {
        day: window(day).end - window(day).start
        for day in ("2026-03-08", "2026-11-01", "2026-11-02")
    }
    assert lengths == {
        "2026-03-08": timedelta(hours=23),
        "2026-11-01": timedelta(hours=25),
        "2026-11-02": timedelta(hours=24),
    }


def test_24_hours_are_24_hours_though_the_clock_changed() -> None:
    found = window("last-24h", at(2026, 11, 1, 15))
    assert found.end - found.start == timedelta(hours=24)
    assert found.start == at(2026, 10, 31, 15)


@pytest.mark.parametrize(
    "words",
    ["", "yesterday", "2026-13", "2026-02-30", "2026-10-15..", "..2026-10-15", "last-0h", "last-5m",
     "2026-10-15..2026-10-14", "9999-12", "0000-01", "1999-12", "2026-W40-1", "20261001",
     "last-99999h", "2026-10-01..2026-10-02..2026-10-03", "2026-10-01;drop", "２０２６-10"],
)  # fmt: skip
def test_other_words_are_refused_with_what_to_write(words: str) -> None:
    with pytest.raises(NotAWindow) as caught:
        window(words, NOW)
    assert "write" in str(caught.value) or "there is no day" in str(caught.value)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    month = window("2026-10")
    assert [month.holds(one) for one in (month.start, month.end)] == [True, False]


@pytest.mark.django_db
def test_days_weeks_and_months_begin_at_the_firms_midnight() -> None:
    """Around the clock change of 1 November: midnight is at 4:00 UTC before and 5:00 after it."""
    of = price()
    add(
        row(of, at=at(2026, 11, 1, 3, 59)),  # still 31 October, a Saturday
        row(of, at=at(2026, 11, 1, 4)),
        row(of, at=at(2026, 11, 1, 5, 30)),  # 1:30, before the clock goes back
        row(of, at=at(2026, 11, 1, 6, 30)),  # 1:30 again
        row(of, at=at(2026, 11, 2, 4, 59)),
        row(of, at=at(2026, 11, 2, 5)),  # Monday
        row(of, at=at(2026, 11, 2, 5, 1)),
    )
    shown = window("2026-10-01..2026-11-30")

    def counts(every: str) -> dict[str, int]:
        return {day.isoformat(): spent.calls for day, spent in by_period(every, shown)}

    assert counts("day") == {"2026-10-31": 1, "2026-11-01": 4, "2026-11-02": 2}
    assert counts("week") == {"2026-10-26": 5, "2026-11-02": 2}
    assert counts("month") == {"2026-10-01": 1, "2026-11-01": 6}


@pytest.mark.django_db
def test_a_period_that_the_window_cuts_counts_what_is_in_the_window() -> None:
    of = price()
    add(
        row(of, at=at(2026, 11, 20, 2)),
        row(of, at=at(2026, 11, 20, 4)),
        row(of, at=at(2026, 11, 21, 3)),
    )
    found = by_period("day", window("last-24h", NOW))
    assert [(day, spent.calls) for day, spent in found] == [(date(2026, 11, 19), 1), (date(2026, 11, 20), 1)]  # fmt: skip


def test_periods_of_a_window_are_in_order_without_gaps() -> None:
    assert list(firsts("week", window("2026-11"))) == [
        date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16),
        date(2026, 11, 23), date(2026, 11, 30),
    ]  # fmt: skip
