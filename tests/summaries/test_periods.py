from datetime import date, timedelta

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


@pytest.mark.parametrize(
    ("days", "span"),
    [
        (79, Span.OTHER), (80, Span.QUARTER), (100, Span.QUARTER), (101, Span.OTHER),
        (171, Span.OTHER), (172, Span.HALF), (191, Span.HALF), (192, Span.OTHER),
        (262, Span.OTHER), (263, Span.NINE_MONTHS), (283, Span.NINE_MONTHS), (284, Span.OTHER),
        (349, Span.OTHER), (350, Span.YEAR), (378, Span.YEAR), (379, Span.OTHER),
    ],
)  # fmt: skip
def test_bands_take_both_their_ends(days: int, span: Span) -> None:
    start = date(2024, 1, 1)
    assert Period(start + timedelta(days=days - 1), start).span is span


def test_period_of_one_day_and_an_instant_are_allowed() -> None:
    day = date(2025, 6, 30)
    assert Period(day, day).span is Span.OTHER
    assert Period(day).span is Span.INSTANT


@pytest.mark.parametrize(
    ("days", "is_before"), [(349, False), (350, True), (371, True), (380, True), (381, False)]
)
def test_year_before_may_be_a_week_off(days: int, is_before: bool) -> None:
    later = Period(date(2025, 12, 31))
    assert Period(later.end - timedelta(days=days)).is_year_before(later) is is_before


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


@pytest.mark.parametrize(
    ("number", "shift"), [(2022, -1), (2023, 0), (2024, 1), (2021, 0), (2025, 0), (None, 0)]
)
def test_number_more_than_a_year_off_is_a_mistake(number: int | None, shift: int) -> None:
    assert FiscalCalendar.from_year_ends([(date(2023, 12, 31), number)]).shift == shift


def test_numbers_that_most_filings_give_count_whatever_their_order() -> None:
    ends = [(date(year, 1, 31), year - 1) for year in (2022, 2024, 2023)]
    mistaken = [(date(2025, 1, 31), 2025)]
    for named in (ends + mistaken, mistaken + ends):
        calendar = FiscalCalendar.from_year_ends(named)
        assert calendar == FiscalCalendar(year_end=date(2025, 1, 31), shift=-1)
        assert calendar.year_number(date(2026, 1, 31)) == 2025


@pytest.mark.parametrize(
    ("end", "ends"),
    [
        ("2025-09-27", True),
        ("2025-10-07", True),
        ("2025-10-08", False),
        ("2025-09-17", True),
        ("2025-09-16", False),
        ("2024-09-28", True),
        ("2026-09-26", True),
        ("2025-12-27", False),
        ("2025-03-29", False),
        ("2015-09-26", True),  # years of days that are no whole numbers add up
        ("2005-09-24", True),
        ("2024-09-17", True),
        ("2024-09-16", False),
        ("2024-10-06", True),
        ("2024-10-07", False),
    ],
)
def test_year_ends_on_about_the_same_day_each_year(end: str, ends: bool) -> None:
    calendar = FiscalCalendar(year_end=date(2025, 9, 27))
    assert calendar.ends_year(date.fromisoformat(end)) is ends


@pytest.mark.parametrize(
    ("year_end", "shift", "is_calendar"),
    [
        ("2024-12-31", 0, True),
        ("2025-01-09", 0, True),
        ("2025-01-10", 0, False),
        ("2024-12-31", -1, False),
        ("2024-06-30", 0, False),
    ],
)
def test_calendar_year_ends_in_december_and_has_its_number(
    year_end: str, shift: int, is_calendar: bool
) -> None:
    assert FiscalCalendar(date.fromisoformat(year_end), shift).is_calendar_year is is_calendar


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
    assert apple.quarter_of(date(2024, 12, 28)) == (2025, 1)
    assert apple.quarter_of(date(2016, 6, 25)) == (2016, 3)
    assert apple.quarter_of(date(2010, 6, 26)) == (2010, 3)


@pytest.mark.parametrize(
    ("days", "quarter"),
    [(0, (2024, 4)), (20, (2024, 4)), (21, None), (71, None), (72, (2025, 1)), (111, (2025, 1)),
     (112, None), (-20, (2024, 4)), (-21, None), (274, (2025, 3)), (293, (2025, 3)), (294, None)],
)  # fmt: skip
def test_quarter_may_end_three_weeks_off(days: int, quarter: tuple[int, int] | None) -> None:
    calendar = FiscalCalendar(year_end=date(2024, 12, 31))
    assert calendar.quarter_of(date(2024, 12, 31) + timedelta(days=days)) == quarter


def test_calendar_without_annual_report_knows_no_year_end() -> None:
    calendar = FiscalCalendar.from_year_ends([])
    assert calendar.quarter_of(date(2025, 6, 30)) is None
    assert not calendar.ends_year(date(2025, 12, 31))
    assert not calendar.is_calendar_year
