"""What RIXML says of the companies of a note: identifiers, ratings, prices, estimates."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from summaries.sources.bluematrix.estimates import estimates_of
from summaries.sources.bluematrix.figures import cusip, isin, plain_ticker
from summaries.sources.bluematrix.financials import currency_said, figure, is_prior, measure_of
from summaries.sources.bluematrix.notes import NotedIssuer, SecurityId
from summaries.sources.bluematrix.xmltree import (
    Element,
    attribute,
    child,
    children,
    descendants,
    local,
    text,
    yes,
)  # fmt: skip

_PRICES = frozenset(
    "price currentprice closeprice closingprice lastprice lastclose marketprice shareprice "
    "stockprice pricelastclose".split()
)
# A credit agency's letter beside the analyst's own word isn't the note's opinion.
_AGENCIES = ("moody", "standardandpoor", "sandp", "s&p", "fitch", "dbrs", "nrsro")


@dataclass
class Said:
    """Problems met on the way, each once."""

    problems: list[str] = field(default_factory=list)

    def problem(self, element: Element, message: str) -> None:
        words = f"line {element.sourceline}, {local(element)}: {message}"
        if words not in self.problems:
            self.problems.append(words)


def issuers_of(product: Element, unit: str) -> tuple[tuple[NotedIssuer, ...], tuple[str, ...]]:
    """All companies, the primary ones first, and what could not be read."""
    said = Said()
    found = [
        _issuer(one, unit, said) for one in children(product, "Context", "IssuerDetails", "Issuer")
    ]
    found.sort(key=lambda one: not one.is_primary)
    return tuple(found), tuple(said.problems)


def _issuer(issuer: Element, unit: str, said: Said) -> NotedIssuer:
    securities = children(issuer, "SecurityDetails", "Security")
    # A company's bonds or its listing elsewhere come beside the share that the note is about.
    securities.sort(key=lambda one: not yes(one))
    security = securities[0] if securities else None
    tickers = _identifiers(issuer, securities)
    ticker, exchange = plain_ticker(tickers)
    rating, prior_rating = _ratings(issuer, security, said)
    price = _price(security, said)
    target = _target(security, price.currency, said)

    def action(*names: str) -> str:
        return attribute(security, *names) or attribute(issuer, *names)

    return NotedIssuer(
        is_primary=yes(issuer),
        name=_name(issuer),
        tickers=tickers,
        ticker=ticker,
        exchange=exchange,
        isin=isin(tickers),
        cusip=cusip(tickers),
        rating=attribute(rating, "rating"),
        rating_words=_words(rating),
        prior_rating=attribute(prior_rating, "rating"),
        prior_rating_words=_words(prior_rating),
        rating_action=attribute(rating, "ratingAction") or action("ratingAction"),
        target_price=target.value,
        prior_target_price=target.prior,
        currency=target.currency or price.currency,
        target_action=action("targetPriceAction"),
        estimate_action=action("estimateAction"),
        coverage_action=action("coverageAction"),
        price=price.value,
        estimates=estimates_of(issuer, security, unit, said.problem),
    )


def _name(issuer: Element) -> str:
    names = children(issuer, "IssuerName")
    legal = [one for one in names if "legal" in attribute(one, "nameType").lower()]
    first = (legal or names or [None])[0]
    return text(first, "NameValue") or text(first)


def _identifiers(issuer: Element, securities: list[Element]) -> tuple[SecurityId, ...]:
    elements = [one for security in securities for one in children(security, "SecurityID")]
    found = []
    for one in [*elements, *children(issuer, "IssuerID")]:
        kind, value = attribute(one, "idType"), attribute(one, "idValue") or text(one)
        if kind.lower() == "publisherdefined":
            kind = attribute(one, "publisherDefinedValue") or kind
        if value:
            found.append(SecurityId(kind, value))
    return tuple(dict.fromkeys(found))


def _ratings(
    issuer: Element, security: Element | None, said: Said
) -> tuple[Element | None, Element | None]:
    """The publisher's own opinion, now and before: under the security or, in 2.1, its type."""
    found = [one for one in descendants(security, "Rating") if _is_opinion(one)]
    found = found or [one for one in children(issuer, "Rating") if _is_opinion(one)]
    current = [one for one in found if not is_prior(one)]
    prior = [one for one in found if is_prior(one)]
    if len({(attribute(one, "rating"), _words(one)) for one in current}) > 1:
        said.problem(current[1], "another current rating of the same security; the first is read")
    return (current or [None])[0], (prior or [None])[0]


def _is_opinion(rating: Element) -> bool:
    entity = attribute(child(rating, "RatingEntity"), "ratingEntity").lower()
    kind = attribute(rating, "ratingType").lower()
    return kind in {"", "rating"} and not any(agency in entity for agency in _AGENCIES)


def _words(rating: Element | None) -> str:
    return text(rating, "PublisherDefinedValue") or attribute(rating, "publisherDefinedValue")


@dataclass(frozen=True)
class _Quoted:
    value: Decimal | None = None
    prior: Decimal | None = None
    currency: str = ""


def _price(security: Element | None, said: Said) -> _Quoted:
    for one in children(security, "SecurityFinancials"):
        if measure_of(one).replace(" ", "").lower() in _PRICES and not is_prior(one):
            value = _value(one, said)
            if value is not None:
                return _Quoted(value, currency=currency_said(one))
    return _Quoted()


def _target(security: Element | None, currency: str, said: Said) -> _Quoted:
    """The target in the currency of the price where there is one, else the first."""
    current: dict[str, Decimal] = {}
    prior: dict[str, Decimal] = {}
    last = None
    for one in children(security, "SecurityFinancials"):
        if measure_of(one).replace(" ", "").lower() == "targetprice":
            value = _value(one, said)
            if value is not None:
                last = one
                (prior if is_prior(one) else current).setdefault(currency_said(one), value)
    if last is None:
        return _Quoted()
    chosen = currency if currency in (current or prior) else next(iter(current or prior))
    if len(current) > 1:
        others = ", ".join(one or "no currency" for one in current if one != chosen)
        said.problem(last, f"target price also given in {others}; read in {chosen or 'the first'}")
    if current and prior and chosen not in prior:
        said.problem(last, f"the prior target price isn't given in {chosen or 'no currency'}")
    return _Quoted(current.get(chosen), prior.get(chosen), chosen)


def _value(financials: Element, said: Said) -> Decimal | None:
    figures = (figure(one, said.problem) for one in children(financials, "FinancialValue"))
    return next((value for value in figures if value is not None), None)
