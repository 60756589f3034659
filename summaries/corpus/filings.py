"""A filing's documents: text, sections, tables, and each tagged value where it is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from summaries.corpus.versions import store_version
from summaries.filings import VERSION, Reading, Tag
from summaries.loading import add_facts, filing_row
from summaries.measures import ITEM_OF_CONCEPT
from summaries.models import Document, Filing, Section, Stock, Table, TaggedValue
from summaries.passages import index_document
from summaries.passages.rows import copy
from summaries.periods import Period
from summaries.sources.companyfacts import ReportedFact, ReportedFiling, once
from summaries.sources.edgar.listings import ListedFiling
from summaries.statements import day

# Rows of one INSERT: a filing tags thousands of values.
ROWS = 2000
_TITLE = Document._meta.get_field("title").max_length or 240


@dataclass(frozen=True)
class Stored:
    """What storing a document did; the counts are of the document, new or not."""

    document: Document
    is_new: bool
    sections: int
    tables: int
    tagged: int
    printed: int  # of the tagged values, those at a place in the text
    facts: int  # rows that only this document gave us


def to_filing(stock: Stock, listed: ListedFiling) -> Filing:
    """The row of a listed filing, found or made; acceptance time and items are as listed."""
    said = ReportedFiling(
        accession=listed.accession,
        form=listed.form,
        filed=listed.filed,
        fiscal_year=None,
        fiscal_period="",
        # A filing can't report on a day after it was made, whatever its cover says.
        period_end=min(listed.report_date or listed.filed, listed.filed),
    )
    filing = filing_row(stock, said)
    items = ",".join(listed.items)[:80]
    if (filing.accepted_at, filing.items) != (listed.accepted_at, items):
        filing.accepted_at, filing.items = listed.accepted_at, items
        filing.save(update_fields=["accepted_at", "items"])
    return filing


def held_origin(filing: Filing, name: str) -> str:
    """Hash of the bytes that the current version was read from by today's reader; "" without."""
    current = Document.objects.filter(filing=filing, name=name, is_current=True, reader=VERSION)
    return current.values_list("origin_sha256", flat=True).first() or ""


@transaction.atomic
def store_reading(
    filing: Filing, reading: Reading, *, name: str, description: str, url: str, origin_sha256: str,
    first_seen_at: datetime | None = None,
) -> Stored:  # fmt: skip
    """Store a document of a filing, index it for search and add the facts that it alone gives.

    ``description``: the form, or the exhibit's type, "EX-99.1". Nothing is written where the
    version is held already.
    """
    Filing.objects.select_for_update().get(pk=filing.pk)
    is_exhibit = description.upper().startswith("EX-")
    document, is_new = store_version(
        identity={
            "kind": Document.Kind.EXHIBIT if is_exhibit else Document.Kind.FILING,
            "stock": filing.stock,
            "filing": filing,
            "name": name,
        },
        text=reading.text,
        title=_title(filing, description if is_exhibit else ""),
        origin_sha256=origin_sha256,
        origin_url=url,
        reader=VERSION,
        problems=list(reading.problems),
        public_at=filing.public_at or first_seen_at or timezone.now(),
    )
    if is_new:
        _store_parts(document, reading)
    added = _add_facts(filing, reading)
    index_document(document, reading.sections, reading.tables)
    printed = sum(tag.is_printed for tag in reading.tags)
    return Stored(
        document, is_new, len(reading.sections), len(reading.tables), len(reading.tags), printed,
        added,
    )  # fmt: skip


def _title(filing: Filing, exhibit: str) -> str:
    what = f"{filing.form}, {exhibit}" if exhibit else filing.form
    title = f"{filing.stock.name} ({filing.stock.ticker}): {what} for {day(filing.period_end)}"
    return title[:_TITLE]


def _store_parts(document: Document, reading: Reading) -> None:
    sections = [
        Section(
            document=document, position=place, item=one.item[:12], name=one.name[:80],
            title=one.title[:300], start=one.start, end=one.end,
        )
        for place, one in enumerate(reading.sections)
    ]  # fmt: skip
    tables = [
        Table(
            document=document, position=place, start=one.start, end=one.end,
            rows=[
                [[cell.start, cell.end, cell.colspan, cell.is_header, cell.column] for cell in row]
                for row in one.rows
            ],
        )
        for place, one in enumerate(reading.tables)
    ]  # fmt: skip
    Section.objects.bulk_create(sections)
    Table.objects.bulk_create(tables, batch_size=ROWS)
    copy(TaggedValue._meta.db_table, _TAGGED, _tagged(document, reading.tags))


_TAGGED = (
    "document_id", "start", "end", "concept", "unit", "period_start", "period_end", "value",
    "decimals", "dimensions",
)  # fmt: skip


def _tagged(document: Document, tags: Iterable[Tag]) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of ``_TAGGED``: a filing has thousands, so they are copied in."""
    for tag in tags:
        if tag.is_printed and _fits(tag):
            yield (
                document.pk, tag.start, tag.end, tag.concept[:200], tag.unit[:80],
                tag.period_start, tag.period_end, tag.value, tag.decimals,
                json.dumps(tag.dimensions),
            )  # fmt: skip


def _fits(tag: Tag) -> bool:
    """Whether the column can hold the value; no figure of a company has thirty digits."""
    return abs(tag.value) < 10**28


def _add_facts(filing: Filing, reading: Reading) -> int:
    """What the company reports as a whole, in the line items that we read."""
    reported = once(
        ReportedFact(tag.concept, tag.unit, Period(tag.period_end, tag.period_start), tag.value)
        for tag in reading.tags
        if tag.concept in ITEM_OF_CONCEPT and not tag.dimensions and _fits(tag)
    )
    return add_facts(filing, reported) if reported else 0
