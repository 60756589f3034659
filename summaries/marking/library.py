"""What a reader may read of a stock, as values to hold a claim against. All of the tables' access
of `marking` is here: licences and as-of are asked of each query, never afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from summaries import books
from summaries.factbook import FactBook
from summaries.marking.values import Evidence
from summaries.marking.windows import AROUND, Window, window
from summaries.models import Document, Fact, Fundamental, Plan, ResearchNote, Stock
from summaries.models.stocks import NEW_YORK
from summaries.search import Passage, Query, search
from summaries.statements import day, fact_line, plain
from summaries.tiers import Tier
from summaries.verification import Sources, Verdict
from summaries.verification.documents.results import Evidence as DocumentEvidence

Kind = Document.Kind
VIEW_FUNDAMENTAL = "summaries.view_fundamental"
# FactSet's metrics by the catalogue's line items.
_METRICS = {
    "revenue": "FF_SALES", "gross_profit": "FF_GROSS_INC", "operating_income": "FF_OPER_INC",
    "net_income": "FF_NET_INC", "diluted_eps": "FF_EPS_DIL", "total_assets": "FF_ASSETS",
    "equity": "FF_SHLDRS_EQ", "operating_cash_flow": "FF_OPER_CF",
}  # fmt: skip
# FactSet dates a fiscal year by the month's end, a filer by the week's.
_DAYS_APART = 7


@dataclass(frozen=True)
class Family:
    """Documents that speak with one voice: what the company filed, what brokers write."""

    name: str
    kinds: tuple[str, ...]
    passages: int  # looked at for a claim


FILED = Family("filings", (Kind.FILING, Kind.EXHIBIT), 4)
RESEARCH = Family("research", (Kind.RESEARCH,), 3)


@dataclass(frozen=True)
class Found:
    """A passage in its surroundings; ``source``: who says it and when, in words."""

    passage: Passage
    window: Window
    source: str


@dataclass(frozen=True)
class FundamentalFigure:
    """A figure as FactSet has it, and whose counterpart it is."""

    fact: int
    value: Decimal
    evidence: Evidence


@dataclass
class Library:
    """Of one stock, for one reader, as of one moment (None: now)."""

    stock: Stock
    reader: User | AnonymousUser
    as_of: datetime | None = None
    _windows: dict[tuple[int, int, int], Window | None] = field(default_factory=dict)
    _facts: dict[int, Fact] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        return self.as_of or timezone.now()

    def sources(self, book: FactBook | None = None) -> Sources:
        """What the facts say, and the sector's figures where they were known then. ``book``: the
        stock's facts as of the same moment, where somebody has read them."""
        snapshot = books.current_snapshot(self.stock.sector)
        if snapshot and snapshot.taken_at > self.at:
            snapshot = None
        return Sources(
            books.company(self.stock),
            book or books.fact_book(self.stock, at=self.at),
            books.benchmark(snapshot),
            books.other_names(),
        )

    def summary_text(self) -> str:
        """What the reader's summary of the stock said at that moment, its longest tier."""
        shown = self.stock.summaries.readable_by(self.reader).shown()
        summary = shown.filter(published_at__lte=self.at).order_by("-version").first()
        return summary.tier_text(Tier.EXPANDED) if summary else ""

    # -- documents -------------------------------------------------------------

    def families(self) -> tuple[Family, ...]:
        """Those of which the reader may read any document."""
        readable = Document.objects.readable_by(self.reader).public(self.at)
        readable = readable.filter(withdrawn_at=None)
        notes = ResearchNote.objects.filter(issuers__stock=self.stock, document__in=readable)
        found = {
            FILED: readable.filter(stock=self.stock, kind__in=FILED.kinds).exists(),
            RESEARCH: notes.exists(),
        }
        return tuple(family for family, is_there in found.items() if is_there)

    @cached_property
    def _holds_a_licence(self) -> bool:
        return Plan.objects.held_by(self.reader).exists()

    def passages(self, text: str, family: Family) -> list[Found]:
        if family.name == RESEARCH.name and not self._holds_a_licence:
            return []  # all research is licensed
        query = Query(
            text, stocks=(self.stock,), kinds=family.kinds, as_of=self.as_of, reader=self.reader,
            k=family.passages,
        )  # fmt: skip
        found = search(query)
        documents = self._documents(one.document_id for one in found)
        self._read_windows([one for one in found if one.document_id in documents], documents)
        return [
            Found(one, around, source_of(documents[one.document_id]))
            for one in found
            if (around := self._windows.get(_place(one))) is not None
        ]

    def _documents(self, ids: Iterable[int]) -> dict[int, Document]:
        rows = self._readable().filter(pk__in=set(ids)).select_related("filing", "note")
        return rows.defer("text", "note__synopsis", "note__disclosures").in_bulk()

    def _readable(self) -> QuerySet[Document]:
        return Document.objects.readable_by(self.reader)

    def _read_windows(self, passages: Sequence[Passage], documents: dict[int, Document]) -> None:
        """Those that weren't read before, all at once."""
        new = [one for one in passages if _place(one) not in self._windows]
        if not new:
            return
        tables = _tables_around(new)
        spans = [_span_around(one, own) for one, own in zip(new, tables, strict=True)]
        wanted = [(one.document_id, *span) for one, span in zip(new, spans, strict=True)]
        texts = self._texts(wanted)
        company = books.company(self.stock)
        names = (company.name, company.short, company.ticker, *company.aliases)
        for one, own, (start, _), text in zip(new, tables, spans, texts, strict=True):
            made = _window(text, start, own, documents[one.document_id], names) if text else None
            self._windows[_place(one)] = made

    def _texts(self, wanted: Sequence[tuple[int, int, int]]) -> list[str]:
        """Of each document's span, start and end; "" where the reader may not read it."""
        ids, starts, ends = (list(column) for column in zip(*wanted, strict=True))
        readable, values = (
            self._readable().filter(pk__in=set(ids)).values("pk").query.sql_with_params()
        )
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(
                _TEXTS.format(readable=readable),
                [ids, [one + 1 for one in starts], lengths, *values],
            )
            found: dict[int, str] = dict(cursor.fetchall())
        return [found.get(number, "") for number in range(1, len(wanted) + 1)]

    # -- figures ---------------------------------------------------------------

    def facts(self, ids: Iterable[int], verdict: Verdict) -> tuple[Evidence, ...]:
        """In the order given. What was read once isn't read again."""
        wanted = list(dict.fromkeys(ids))
        if new := [one for one in wanted if one not in self._facts]:
            self._facts |= Fact.objects.select_related("filing").in_bulk(new)
        return tuple(_of_fact(self._facts[one], verdict) for one in wanted if one in self._facts)

    def fundamentals(self, measures: dict[int, str]) -> list[FundamentalFigure]:
        """FactSet's newest figure for each fact that has a counterpart there. ``measures``: of each
        fact the catalogue's line item."""
        known = {fact: _METRICS[key] for fact, key in measures.items() if key in _METRICS}
        if not known or not self.reader.has_perm(VIEW_FUNDAMENTAL):
            return []
        facts = Fact.objects.in_bulk(known)
        rows = list(
            Fundamental.objects.known(self.at)
            .filter(stock=self.stock, metric__in=set(known.values()))
            .order_by("known_at", "pk")
        )
        found = []
        for pk, metric in known.items():
            beside = [row for row in rows if row.metric == metric and _is_beside(row, facts[pk])]
            if beside:
                found.append(FundamentalFigure(pk, beside[-1].value, _of_fundamental(beside[-1])))
        return found


_TEXTS = """
SELECT wanted.number, substr(document.text, wanted.start, wanted.length)
FROM unnest(%s::bigint[], %s::int[], %s::int[]) WITH ORDINALITY
    AS wanted(document, start, length, number)
JOIN summaries_document document ON document.id = wanted.document
WHERE document.id IN ({readable})
"""
_TABLES = """
SELECT wanted.number, "table".start, "table"."end", "table".rows
FROM unnest(%s::bigint[], %s::int[], %s::int[]) WITH ORDINALITY
    AS wanted(document, start, "end", number)
JOIN summaries_table "table" ON "table".document_id = wanted.document
    AND "table".start < wanted."end" AND "table"."end" > wanted.start
ORDER BY wanted.number, "table".position
"""
Place = tuple[int, int, int]
StoredTable = tuple[int, int, Any]


def _place(passage: Passage) -> Place:
    return passage.document_id, passage.start, passage.end


def _tables_around(passages: Sequence[Passage]) -> list[list[StoredTable]]:
    """Start, end and rows of the tables near each passage, in the document's order."""
    found: list[list[StoredTable]] = [[] for _ in passages]
    ids = [one.document_id for one in passages]
    starts = [one.start - AROUND for one in passages]
    ends = [one.end + AROUND for one in passages]
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [ids, starts, ends])
        for number, start, end, rows in cursor.fetchall():
            found[number - 1].append((start, end, json.loads(rows)))
    return found


def _span_around(passage: Passage, tables: Sequence[StoredTable]) -> tuple[int, int]:
    start = max(0, min([passage.start, *(one[0] for one in tables)]) - AROUND)
    return start, max([passage.end, *(one[1] for one in tables)]) + AROUND


def _window(
    text: str, start: int, tables: Sequence[StoredTable], document: Document,
    company: tuple[str, ...],
) -> Window:  # fmt: skip
    filing = document.filing
    quarter = filing.fiscal_period.removeprefix("Q") if filing else ""
    return window(
        text, start, [one[2] for one in tables], company=company,
        year=(filing.fiscal_year or 0) if filing else 0,
        quarter=int(quarter) if quarter.isdigit() else 0,
    )  # fmt: skip


def source_of(document: Document) -> str:
    """ "10-K filed 31 October 2025", "research of Example Securities, 3 November 2025" """
    on = day(document.public_at.astimezone(NEW_YORK).date())
    if note := getattr(document, "note", None):
        return f"research of {note.publisher}, {on}"
    if document.filing is None:
        return f"{document.title}, {on}"
    filed = document.filing.filed
    what = document.filing.form + (" exhibit" if document.kind == Kind.EXHIBIT else "")
    return f"{what} filed {day(filed)}" if filed else f"{what}, public {on}"


def of_passage(found: Found, told: DocumentEvidence, verdict: Verdict) -> Evidence:
    """The place that it names; the whole passage where it names none."""
    passage, span = found.passage, found.window.span_of(told)
    start, end = span or (passage.start, passage.end)
    page = reverse("summaries:document", args=[passage.document_id])
    return Evidence(
        source=found.source,
        quote=found.window.text((start, end)) if span else passage.quote,
        url=f"{page}?start={start}&end={end}#quote",
        verdict=verdict,
        document=passage.document_id,
        start=start,
        end=end,
        label=found.window.label_of(told) if span else "",
    )


def _of_fact(fact: Fact, verdict: Verdict) -> Evidence:
    filing = fact.filing
    filed = f"filed {day(filing.filed)}" if filing.filed else f"to {day(filing.period_end)}"
    return Evidence(
        source=f"{filing.form} {filed}",
        quote=fact_line(fact),
        url=reverse("summaries:fact", args=[fact.pk]),
        verdict=verdict,
        fact=fact.pk,
        concept=fact.concept,
        value=fact.value,
        unit=fact.unit,
        period_start=fact.start,
        period_end=fact.end,
        accession=filing.accession,
    )


def _of_fundamental(row: Fundamental) -> Evidence:
    quote = (
        f"{row.metric}, fiscal period to {day(row.fiscal_end)}: {plain(row.value)} {row.currency}"
    )
    return Evidence(
        source=f"FactSet, as known {day(row.known_at.astimezone(NEW_YORK).date())}",
        quote=quote.strip(), url="", verdict=Verdict.CONTRADICTED, value=row.value,
        unit=row.currency, period_end=row.fiscal_end,
    )  # fmt: skip


def _is_beside(row: Fundamental, fact: Fact) -> bool:
    """Whether it is of the fact's period and currency."""
    currency = fact.unit.partition("/")[0]
    near = abs((row.fiscal_end - fact.end).days) <= _DAYS_APART
    months = (fact.end - fact.start).days / 30 if fact.start else 12
    lasts = 12 if row.periodicity.startswith("ANN") else 3
    return near and abs(months - lasts) < 1 and row.currency in ("", currency)
