"""How dates, ages and figures are written on a page. Money is written as the writer writes it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from summaries.models.stocks import NEW_YORK
from summaries.statements import plain
from summaries.writing import numbers

# The oldest figures that a page shows without a mark: a yearly report, and three months to file.
STALE_MONTHS = 15


def day(value: date) -> str:
    """27 Sep 2025"""
    return f"{value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """31 Oct 2025, 06:01 New York time"""
    there = value.astimezone(NEW_YORK)
    return f"{day(there)}, {there:%H:%M} New York time"


def days(start: date | None, end: date) -> str:
    """29 Sep 2024 – 27 Sep 2025, or "at 27 Sep 2025" for an instant."""
    return f"{day(start)} – {day(end)}" if start else f"at {day(end)}"


def age(then: date, today: date) -> str:
    """Today, 5 days, 7 weeks, 11 months, 3 years: rounded down, in the unit people use."""
    passed = (today - then).days
    months = months_between(then, today)
    for number, unit, least in (
        (months // 12, "year", 2), (months, "month", 3), (passed // 7, "week", 2), (passed, "day", 1),
    ):  # fmt: skip
        if number >= least:
            return f"{number} {unit}{'' if number == 1 else 's'} old"
    return "today's"


def months_between(then: date, today: date) -> int:
    months = (today.year - then.year) * 12 + today.month - then.month
    return months - (today.day < then.day)


def is_stale(data_through: date, today: date) -> bool:
    return months_between(data_through, today) >= STALE_MONTHS


def figure(value: Decimal, unit: str) -> str:
    """$416.2bn, $7.46 a share, 15.0bn shares."""
    if unit == "shares":
        return f"{numbers.count(value)} shares"
    currency, _, per = unit.partition("/")
    if per == "shares":
        return f"{numbers.per_share(value, currency)} a share"
    return numbers.money(value, currency).replace("-", "−")


def price(value: Decimal | None, currency: str) -> str:
    """$185.00, GBp 210.50; empty without a value."""
    if value is None:
        return ""
    return numbers.per_share(value, currency).replace("-", "−").strip()


def derivation(formula: str) -> str:
    """How a figure follows from others; empty where it is one as filed ("416.16bn")."""
    return formula.replace(" - ", " − ") if " " in formula else ""


def as_filed(value: Decimal, unit: str) -> str:
    """416,161,000,000 USD: every digit that was filed."""
    return f"{plain(value).replace('-', '−')} {unit}"
