"""The quick depth: facts, published summaries, rows and quotations, nothing generated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time

from django.utils import timezone

from queries.quick import declining, market, news, published, quoting, research, suggesting
from queries.quick.comparing import compared
from queries.quick.figures import figures, name_of
from queries.quick.fundamentals import fundamentals
from queries.quick.held import Held, Reader, register
from queries.quick.spoken import Found, remark, told, unsaid
from queries.understanding import Intent, Meant, understand
from queries.understanding.listings import Register
from queries.understanding.measures import UNHELD
from queries.understanding.values import Back
from queries.values import Asked, Event, Kind
from summaries.models import Stock
from summaries.models.stocks import NEW_YORK
from summaries.statements import day

# Told of a company where no figure is named.
_OVERVIEW = ("revenue", "operating_margin", "net_income", "diluted_eps", "free_cash_flow")
# How filings call what people ask for by another name.
_FILED_AS = {"revenue": ("net", "sales")}
_CAUSE = re.compile(
    r"\b(?:due|driven|drove|because|result(?:ed|ing)? (?:of|from)|reflect\w*|attributable|owing"
    r"|offset|caused|thanks to|as a result)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[$€£]\s?\d|\d\s?%|\d (?:million|billion)|\d percent")
_OF_ROWS = (Intent.NEWS, Intent.SUMMARY, Intent.RATING, Intent.ESTIMATE, Intent.PRICE)


def answer(asked: Asked, reader: Reader) -> Iterator[Event]:
    """What rows say of the question, as far as ``reader`` may read them and as they were known at
    ``asked.as_of``. Every sentence on a figure is proven before it is told. No transaction may be
    open: the search's embedder may be a call away."""
    names = register()
    meant = understand(asked.question, names, chosen=asked.stocks, before=asked.before)
    if not meant.stocks:
        found, suggestions = _of_nobody(meant, names)
        yield from told(found, suggestions, ())
        return
    stocks = _held(meant, reader, _moment(asked, meant))
    found = _found(stocks, meant)
    yield from told(found, suggesting.suggested(stocks, meant), meant.stocks)


def _moment(asked: Asked, meant: Meant) -> datetime | None:
    """The earlier of the moment asked as of and the end of the day that the question names; None
    is now."""
    if meant.as_of is None:
        return asked.as_of
    named = datetime.combine(meant.as_of, time.max, NEW_YORK)
    return min(asked.as_of or timezone.now(), named)


def _held(meant: Meant, reader: Reader, as_of: datetime | None) -> list[Held]:
    rows = {one.ticker: one for one in Stock.objects.filter(ticker__in=meant.stocks)}
    return [Held(rows[one], reader, as_of) for one in meant.stocks if one in rows]


def _of_nobody(meant: Meant, names: Register) -> tuple[Found, tuple[str, ...]]:
    if meant.intent is Intent.ADVICE:
        return declining.declined(Found()), ()
    return declining.unnamed(meant, names)


def _found(stocks: Sequence[Held], meant: Meant) -> Found:
    if meant.intent is Intent.ADVICE:
        facts = replace(
            meant, intent=Intent.VALUE, measures=declining.FACTS, periods=(Back(0),),
            topic=(), unheld=(),
        )  # fmt: skip
        return declining.declined(_each(stocks, facts))
    if meant.intent in (Intent.COMPARISON, Intent.RANKING) and meant.measures and len(stocks) > 1:
        return _with_unheld(_strangers(meant) + compared(stocks, meant), stocks, meant)
    return _each(stocks, meant)


def _strangers(meant: Meant) -> Found:
    """Companies to be compared that we don't know."""
    return Found(tuple(remark(f"We don't know a company “{one}”.") for one in meant.unknown))


def _each(stocks: Sequence[Held], meant: Meant) -> Found:
    """Stock by stock."""
    found, *rest = [_of_one(one, meant) for one in stocks]
    for part in rest:
        found += part
    return found


def _of_one(held: Held, meant: Meant) -> Found:
    match meant.intent:
        case Intent.NEWS:
            return news.news(held)
        case Intent.SUMMARY:
            return _summary(held, meant)
        case Intent.RATING:
            return research.ratings(held)
        case Intent.ESTIMATE:
            return market.estimates(held, meant)
        case Intent.PRICE:
            return market.prices(held, meant)
        case Intent.SAID:
            return _said(held, meant)
    if meant.is_of_figures:
        return _with_unheld(_figures(held, meant), [held], meant)
    if meant.topic:
        return quoting.quotes(held, meant)
    return _summary(held, meant)


def _said(held: Held, meant: Meant) -> Found:
    """Of a topic; without one what the documents of that kind say first of all."""
    if meant.topic:
        return quoting.quotes(held, meant)
    return research.ratings(held) if meant.kinds == ("research",) else news.news(held)


def _summary(held: Held, meant: Meant) -> Found:
    """The published text, or where there is none the figures that it would open with."""
    claims = () if meant.periods else published.summary(held)
    return Found(claims) if claims else _figures(held, replace(meant, measures=_OVERVIEW))


def _figures(held: Held, meant: Meant) -> Found:
    if not meant.measures:
        return Found()
    if not held.book.years() and not held.book.quarters():
        claims = [c for key in meant.measures for c in fundamentals(held, key, meant.periods)]
        lead = f"No reported figures of {held.name} are held{_by(meant)}."
        return Found(tuple(claims)) if claims else unsaid(lead)
    found = figures(held, meant)
    if found.kind is not Kind.ANSWERED:
        return found
    if meant.is_explained:
        return _explained(found, held, meant)
    return _of_a_part(found, held, meant) if meant.topic else found


def _by(meant: Meant) -> str:
    return f" that were known by {day(meant.as_of)}" if meant.as_of else ""


def _explained(found: Found, held: Held, meant: Meant) -> Found:
    """Figures say how much, never why: that is looked for in documents."""
    named = _FILED_AS.get(meant.measures[0]) or name_of(meant.measures[0]).split()
    said = quoting.quotes(held, replace(meant, topic=meant.topic or tuple(named)), saying=_CAUSE)
    if said.kind is Kind.ANSWERED:
        return found + said
    return found + Found(
        (remark("Why, the figures don't say, and no sentence of a filing here does."),)
    )


def _of_a_part(found: Found, held: Held, meant: Meant) -> Found:
    """A figure of something that no fact is of: what documents say of it, and the whole
    company's beside it."""
    lead = remark(
        f"The reported figures are of the whole of {held.name}; of “{' '.join(meant.topic)}” "
        "they say nothing by themselves."
    )
    said = quoting.quotes(held, meant, saying=_FIGURE)
    quotes = said.claims if said.kind is Kind.ANSWERED else ()
    return replace(found, claims=(*quotes, lead, *found.claims))


def _printed(name: str) -> str:
    return name.upper() if len(name) < 7 and name not in ("beta", "churn") else name


def _with_unheld(found: Found, stocks: Sequence[Held], meant: Meant) -> Found:
    """Figures that no source has, said to be none; with those that come near."""
    for name in meant.unheld:
        near = replace(meant, measures=UNHELD[name], unheld=(), topic=(), intent=Intent.VALUE)
        close = [c for one in stocks for c in _figures(one, near).claims] if near.measures else []
        lead = f"The sources don't say the {_printed(name)} of {' or '.join(one.name for one in stocks)}."
        found = unsaid(lead, *close) + found if found.claims else unsaid(lead, *close)
    return found
