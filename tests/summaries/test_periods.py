from datetime import date

import pytest

from summaries.periods import FiscalCalendar, Period, Span


def period(start: str, end: str) -> Period:
    return Period(date.fromisoformat(end), date.fromisoformat(start))


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("2024-09-29", "2025-09-27", Span.YEAR),  # 52 weeks
        ("2022-09-25", "2023-09-30", Span.YEAR),  # 53 weeks
        ("2024-01-01", "2024-12-31", Span.YEAR),
        ("2025-04-01", "2025-06-30", Span.QUARTER),
        ("2022-12-25", "2023-04-01", Span.QUARTER),  # 14 weeks
        ("2025-01-01", "2025-06-30", Span.HALF),
        ("2025-01-01", "2025-09-30", Span.NINE_MONTHS),
        ("2023-07-22", "2023-09-30", Span.OTHER),
        ("2024-03-19", "2024-03-19", Span.OTHER),  # a day
    ],
)
def test_span_is_told_by_days(start: str, end: str, span: Span) -> None:
    assert period(start, end).span is span


def test_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="can't start after it ends"):
        period("2025-01-02", "2025-01-01")


def test_year_before_needs_the_same_length() -> None:
    quarter = period("2025-04-01", "2025-06-30")
    assert period("2024-04-01", "2024-06-30").is_year_before(quarter)
    assert not period("2024-01-01", "2024-06-30").is_year_before(quarter)
    assert not period("2023-04-01", "2023-06-30").is_year_before(quarter)


def test_calendar_takes_the_number_its_filings_give() -> None:
    retailer = FiscalCalendar.from_year_ends(
        [(date(2025, 2, 1), 2024), (date(2024, 2, 3), 2023), (date(2023, 1, 28), 2022)]
    )
    chipmaker = FiscalCalendar.from_year_ends(
        [(date(2026, 1, 25), 2026), (date(2025, 1, 26), 2025)]
    )
    assert retailer.year_number(date(2025, 2, 1)) == 2024
    assert chipmaker.year_number(date(2026, 1, 25)) == 2026


def test_one_wrong_number_among_filings_is_outvoted() -> None:
    ends = [(date(2024, 12, 31), 2024), (date(2023, 12, 31), 2023), (date(2022, 12, 31), 2021)]
    assert FiscalCalendar.from_year_ends(ends).shift == 0


def test_year_that_ends_in_early_january_is_the_year_before() -> None:
    calendar = FiscalCalendar.from_year_ends([(date(2022, 1, 1), 2021)])
    assert calendar.year_number(date(2022, 1, 1)) == 2021
    assert calendar.is_calendar_year


def test_quarters_are_counted_from_the_year_end() -> None:
    apple = FiscalCalendar.from_year_ends([(date(2025, 9, 27), 2025)])
    assert apple.quarter_of(date(2025, 12, 27)) == (2026, 1)
    assert apple.quarter_of(date(2026, 3, 28)) == (2026, 2)
    assert apple.quarter_of(date(2025, 6, 28)) == (2025, 3)
    assert apple.quarter_of(date(2025, 9, 27)) == (2025, 4)
    assert apple.quarter_of(date(2025, 11, 12)) is None


def test_calendar_without_annual_report_knows_no_year_end() -> None:
    calendar = FiscalCalendar.from_year_ends([])
    assert calendar.quarter_of(date(2025, 6, 30)) is None
    assert not calendar.ends_year(date(2025, 12, 31))
    assert not calendar.is_calendar_year
