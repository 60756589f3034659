"""How RIXML wraps a figure: SecurityFinancials or IssuerFinancials around FinancialValue."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from summaries.sources.bluematrix.figures import is_absent, number
from summaries.sources.bluematrix.xmltree import Element, attribute, child, text

# Takes the element and what is wrong with it.
Problem = Callable[[Element, str], None]


def measure_of(financials: Element) -> str:
    """What the figures are of; the publisher's own word where RIXML has none. "" where unsaid."""
    kind = attribute(financials, "securityFinancialsType", "issuerFinancialsType")
    if kind.lower() in {"", "publisherdefined"}:
        return attribute(financials, "publisherDefinedValue", "displayName")
    return kind


def currency_said(financials: Element) -> str:
    currency = child(financials, "Currency")
    return text(currency) or attribute(currency, "currencyCode", "code", "value")


def is_prior(element: Element) -> bool:
    return attribute(element, "priorCurrent").lower() == "prior"


def figure(value: Element, problem: Problem) -> Decimal | None:
    """The number that a FinancialValue prints, at its own precision."""
    printed = text(value) or attribute(value, "value")
    found = number(printed)
    if found is None and not is_absent(printed):
        problem(value, f"{printed!r} is no number")
    return found
