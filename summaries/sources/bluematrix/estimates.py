"""Estimates of a note: EPS under the security, revenue and the like under the issuer.

The public evidence confirms FinancialValue's attributes, not every publisher's use of them: what
can't be read is a problem said, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from summaries.sources.bluematrix.financials import (
    Problem,
    currency_said,
    figure,
    is_prior,
    measure_of,
)
from summaries.sources.bluematrix.notes import NotedEstimate
from summaries.sources.bluematrix.xmltree import Element, attribute, children

_YEARS = frozenset({"", "year", "annual", "annually", "fy", "fullyear", "a"})
_QUARTER = re.compile(r"(?i)(?:q|quarter\s*)([1-4])|([1-4])q|(first|second|third|fourth)\s*quarter")
_ORDINALS = ("first", "second", "third", "fourth")
# Of the present, or no figure of the company's accounts at all.
_NOT_ESTIMATES = (
    "price",
    "52week",
    "week52",
    "weekhigh",
    "weeklow",
    "yield",
    "marketcap",
    "volume",
)


@dataclass(frozen=True)
class _Key:
    measure: str
    period: str
    fiscal_year: int | None
    period_end: date | None
    currency: str
    unit: str


def estimates_of(
    issuer: Element, security: Element | None, unit: str, problem: Problem
) -> tuple[NotedEstimate, ...]:
    """``unit``: the scale of company figures where they say none of their own."""
    values: dict[_Key, dict[str, Decimal | None]] = {}
    under = [(one, "") for one in children(security, "SecurityFinancials")]
    under += [(one, unit) for one in children(issuer, "IssuerFinancials")]
    for financials, scale in under:
        measure = measure_of(financials)
        if any(word in re.sub(r"\W", "", measure).lower() for word in _NOT_ESTIMATES):
            continue
        if not measure:
            problem(financials, "says no type, so its figures mean nothing")
            continue
        _collect(financials, measure, scale, values, problem)
    return tuple(
        NotedEstimate(
            key.measure, key.period, key.fiscal_year, key.period_end,
            said.get("current"), said.get("prior"), key.currency, key.unit,
        )
        for key, said in values.items()
    )  # fmt: skip


def _collect(
    financials: Element, measure: str, scale: str,
    values: dict[_Key, dict[str, Decimal | None]], problem: Problem,
) -> None:  # fmt: skip
    figures = children(financials, "FinancialValue")
    if not figures:
        problem(financials, f"{measure} has no FinancialValue")
    is_calendar = attribute(financials, "yearType").lower().startswith("calendar")
    for one in figures:
        if attribute(one, "estimateActual").lower().startswith("actual"):
            continue
        value = figure(one, problem)
        if value is None:
            continue
        period, year = _period(one, is_calendar)
        if not period:
            problem(one, f"{measure} says no period")
            continue
        when = "prior" if is_prior(one) or is_prior(financials) else "current"
        unit = attribute(one, "unit", "scale", "multiplier") or attribute(
            financials, "unit", "scale"
        )
        code = currency_said(financials)
        key = _Key(measure, period, year, _end(one), code, unit or scale)
        if values.setdefault(key, {}).setdefault(when, value) != value:
            problem(one, f"{measure} for {period} is given twice; the first is read")


def _period(value: Element, is_calendar: bool) -> tuple[str, int | None]:
    """Label and fiscal year: ("FY2026", 2026), ("Q3 2026", 2026), ("CY2026", None)."""
    said, year = attribute(value, "period"), attribute(value, "periodYear")
    number_of_year = int(year) if re.fullmatch(r"\d{4}", year) else None
    fiscal = None if is_calendar else number_of_year
    if number_of_year is None:
        end = _end(value)
        label = " ".join(word for word in (said, end.isoformat() if end else "") if word)
        return label, None
    if said.replace(" ", "").lower() in _YEARS:
        return f"{'CY' if is_calendar else 'FY'}{year}", fiscal
    quarter = _QUARTER.fullmatch(said)
    if quarter:
        first, second, ordinal = quarter.groups()
        which = first or second or str(_ORDINALS.index(ordinal.lower()) + 1)
        return f"{'C' if is_calendar else ''}Q{which} {year}", fiscal
    return f"{said} {year}", fiscal


def _end(value: Element) -> date | None:
    said = attribute(value, "periodEnd")[:10]
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None
