"""A stock's newest filings, each with where it can be read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Prefetch
from django.db.models.functions import Coalesce

from summaries.models import Document, Filing, Stock
from summaries.pages.eight_k import item_name

SHOWN = 10


@dataclass(frozen=True)
class Line:
    filing: Filing
    document: Document | None
    exhibits: tuple[Document, ...]
    items: tuple[tuple[str, str], ...]  # of an 8-K: number and what it means


def newest(stock: Stock, reader: User | AnonymousUser, *, most: int = SHOWN) -> list[Line]:
    """The newest by when the world could read them; two queries."""
    texts = (
        Document.objects.readable_by(reader)
        .current()
        .filter(kind__in=(Document.Kind.FILING, Document.Kind.EXHIBIT))
        .defer("text")
        .order_by("kind", "name")
    )
    filings = (
        stock.filings.select_related("stock")
        .prefetch_related(Prefetch("documents", queryset=texts, to_attr="texts"))
        .order_by(
            # A filing whose date the source lacks was made after the period it reports on.
            Coalesce("filed", "period_end").desc(),
            F("accepted_at").desc(nulls_last=True),
            "-pk",
        )
    )
    return [_line(filing) for filing in filings[:most]]


def _line(filing: Filing) -> Line:
    texts: list[Document] = filing.texts  # type: ignore[attr-defined]
    main = next((one for one in texts if one.kind == Document.Kind.FILING), None)
    numbers = filter(None, (one.strip() for one in filing.items.split(",")))
    return Line(
        filing,
        main,
        tuple(one for one in texts if one.kind == Document.Kind.EXHIBIT),
        tuple((one, item_name(one)) for one in numbers),
    )
