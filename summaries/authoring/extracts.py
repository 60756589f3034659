"""Passages of a company's own filings for its pack. Free documents only: a summary with a
licensed passage in it would be its licence's members' alone."""

from __future__ import annotations

from summaries.authoring.packing import Extract
from summaries.models import Document, IndexedDocument, Stock
from summaries.search import EVERYBODY, Passage, Query, search
from summaries.statements import Passage as Span

QUESTION = (
    "results of operations: why revenue, margins and cash flow changed from the year before;"
    " business, segments, customers and demand; main risks"
)
FORMS = ("10-K", "10-Q", "8-K", "20-F", "40-F", "6-K")
KINDS = (Document.Kind.FILING, Document.Kind.EXHIBIT)
MOST = 3
LONGEST = 900  # characters of a passage


def extracts(stock: Stock) -> tuple[Extract, ...]:
    """The passages that say most of how the business goes; () where no filing is indexed."""
    indexed = IndexedDocument.objects.filter(document__stock=stock, document__kind__in=KINDS)
    if not indexed.exists():
        return ()
    kinds = tuple(kind.value for kind in KINDS)
    query = Query(QUESTION, (stock,), kinds=kinds, forms=FORMS, reader=EVERYBODY, k=4 * MOST)
    prose = [one for one in search(query) if not one.is_table and one.ticker == stock.ticker]
    # In one order whatever the scores: a score that moves a little is no new question.
    chosen = sorted(prose[:MOST], key=lambda one: (one.document_id, one.start))
    return tuple(Extract(_named(one), shortened(one)) for one in chosen)


def _named(passage: Passage) -> str:
    where = passage.heading.splitlines()[0] if passage.heading else ""
    return ", ".join(filter(None, (passage.form or passage.kind, where)))[:160]


def shortened(passage: Passage) -> Span:
    """The first sentences of a passage, a span of the same document."""
    quote = passage.quote[:LONGEST]
    if len(passage.quote) > LONGEST:
        stop = max(quote.rfind(". ") + 1, quote.rfind(".\n") + 1)
        quote = quote[: stop or LONGEST]
    quote = quote.rstrip()
    return Span(passage.document_id, passage.start, passage.start + len(quote), quote)
