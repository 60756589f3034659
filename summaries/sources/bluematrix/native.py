"""BlueMatrix's own XML, as its ChangeFeed gives it beside RIXML.

BM_ID and attributeId are numbers that a firm may choose for itself: see ``Conventions``.
"""

from __future__ import annotations

from decimal import Decimal

from summaries.sources.bluematrix.bundles import Conventions
from summaries.sources.bluematrix.figures import (
    currency_of,
    cusip,
    is_absent,
    isin,
    number,
    plain_ticker,
)
from summaries.sources.bluematrix.notes import NotedIssuer, SecurityId
from summaries.sources.bluematrix.xmltree import (
    Element,
    attribute,
    child,
    children,
    descendants,
    text,
    yes,
)  # fmt: skip


def status_said(product: Element) -> str:
    """Where the document itself says one; the public evidence has it in the listing alone."""
    return attribute(child(product, "ProductStatus"), "extendedStatus", "statusType")


def displayed_at(product: Element) -> str:
    return attribute(child(product, "ProductStatus"), "displayDateTime")


def category_of(product: Element) -> str:
    return attribute(child(product, "ProductStatus"), "bluematrixXmlDescr")


def title_of(product: Element) -> str:
    said = (text(product, "Content", "Title"), text(product, "Title"))
    return next((one for one in said if one), attribute(product, "title", "headline"))


def subject_of(product: Element, conventions: Conventions) -> str:
    return _tag(product, conventions.subject)


def _tag(product: Element, number_of_attribute: str) -> str:
    tags = children(product, "Context", "ProductClassifications", "Tagging", "Tag")
    said = (
        attribute(one, "displayValue", "value", "name") or text(one)
        for one in tags
        if attribute(one, "attributeId") == number_of_attribute
    )
    return next((one for one in said if one), "")


def issuers_of(
    product: Element, conventions: Conventions
) -> tuple[tuple[NotedIssuer, ...], tuple[str, ...]]:
    """The companies of a note, then those that an industry note mentions in its list."""
    problems: list[str] = []
    elements = children(product, "Context", "IssuerDetails", "Issuer")
    change = _tag(product, conventions.rating_change)
    found = [
        _issuer(one, conventions, change if len(elements) == 1 else "", problems)
        for one in elements
    ]
    known = {one.ticker for one in found}
    related = [
        _related(one, problems)
        for one in children(product, "Context", "RelatedCompanies", "Company")
        if attribute(one, "type") in {"", "1"}
    ]
    found += [one for one in related if one.ticker not in known]
    return tuple(sorted(found, key=lambda one: not one.is_primary)), tuple(problems)


def _issuer(
    issuer: Element, conventions: Conventions, change: str, problems: list[str]
) -> NotedIssuer:
    tickers = _identifiers(issuer)
    ticker, exchange = plain_ticker(tickers)
    rating = _cluster(issuer, conventions.rating)
    target = _cluster(issuer, conventions.target)
    now, before = _shown(target, "CurrentValue"), _shown(target, "PreviousValue")
    name = attribute(issuer, "name", "displayName", "companyName")
    return _company(
        is_primary=yes(issuer) or attribute(issuer, "primaryIndicator") == "",
        name=name or text(issuer, "IssuerName"),
        tickers=tickers,
        ticker=ticker,
        exchange=exchange,
        rating_words=_shown(rating, "CurrentValue"),
        prior_rating_words=_shown(rating, "PreviousValue"),
        rating_action=attribute(issuer, "recommendationAction") or change,
        target=now,
        prior_target=before,
        target_action=attribute(issuer, "targetPriceAction"),
        estimate_action=attribute(issuer, "estimateAction"),
        problems=problems,
    )


def _related(company: Element, problems: list[str]) -> NotedIssuer:
    tickers = (SecurityId("BlueMatrixSymbol", attribute(company, "ticker")),)
    ticker, exchange = plain_ticker(tickers)
    return _company(
        is_primary=False,
        name=attribute(company, "name", "companyName") or text(company),
        tickers=tickers,
        ticker=ticker,
        exchange=exchange,
        rating_words=attribute(company, "rating"),
        prior_rating_words="",
        rating_action="",
        target=attribute(company, "target"),
        prior_target="",
        target_action="",
        estimate_action="",
        problems=problems,
    )


def _company(
    *, is_primary: bool, name: str, tickers: tuple[SecurityId, ...], ticker: str, exchange: str,
    rating_words: str, prior_rating_words: str, rating_action: str, target: str, prior_target: str,
    target_action: str, estimate_action: str, problems: list[str],
) -> NotedIssuer:  # fmt: skip
    return NotedIssuer(
        is_primary=is_primary, name=name, tickers=tickers, ticker=ticker, exchange=exchange,
        isin=isin(tickers), cusip=cusip(tickers), rating="", rating_words=rating_words,
        prior_rating="", prior_rating_words=prior_rating_words, rating_action=rating_action,
        target_price=_price(target, ticker, problems),
        prior_target_price=_price(prior_target, ticker, problems),
        currency=currency_of(target), target_action=target_action,
        estimate_action=estimate_action, coverage_action="", price=None, estimates=(),
    )  # fmt: skip


def _identifiers(issuer: Element) -> tuple[SecurityId, ...]:
    symbol = attribute(issuer, "symbol")
    found = [SecurityId("BlueMatrixSymbol", symbol)] if symbol else []
    for one in descendants(child(issuer, "SecurityDetails"), "SecurityID"):
        kind = attribute(one, "publisherDefinedValue", "idType") or "BlueMatrixSymbol"
        if value := attribute(one, "idValue"):
            found.append(SecurityId(kind, value))
    return tuple(dict.fromkeys(found))


def _cluster(issuer: Element, number_of_value: str) -> Element | None:
    clusters = children(issuer, "SecurityDetails", "Security", "Clusters", "FinancialValue")
    return next((one for one in clusters if attribute(one, "BM_ID") == number_of_value), None)


def _shown(cluster: Element | None, when: str) -> str:
    shown = attribute(child(cluster, when), "displayValue")
    return "" if is_absent(shown) else shown


def _price(shown: str, ticker: str, problems: list[str]) -> Decimal | None:
    value = number(shown)
    if value is None and not is_absent(shown):
        problems.append(f"target price of {ticker or 'a company'} is {shown!r}, which is no number")
    return value
