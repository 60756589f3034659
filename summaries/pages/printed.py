"""Where a filing itself prints a fact: the row of its table, the very number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr

from summaries.models import Document, Fact, Table, TaggedValue
from summaries.models.licences import licensed
from summaries.pages.grids import Grid, grid
from summaries.pages.marks import Marks

# A statement of a filing tags at least so many values of the whole company in one table.
STATEMENT_VALUES = 12
_EXACT = 99  # finer than any rounding
_BEFORE, _AFTER = 300, 200  # characters of prose around a number that no table holds

_Key = tuple[int, str, str, date | None, date]


@dataclass(frozen=True)
class Place:
    """``start`` and ``end`` are code points of the document's text, ``quote`` the number there."""

    document_id: int
    start: int
    end: int
    quote: str
    table_id: int | None = None


@dataclass(frozen=True)
class Printed:
    """A place with what a person reads around it: its table's heads and row, or its line."""

    place: Place
    document: Document
    grid: Grid | None
    before: str = ""
    after: str = ""


def printed(facts: Iterable[Fact], reader: User | AnonymousUser) -> dict[int, Place]:
    """By fact, the best place; two queries, whatever the number of facts.

    The tag says the fact's concept, unit and period, of the whole company, and its value is
    the fact's or what that rounds to. A statement's table comes before a note's, a finer
    rounding before a coarser one.
    """
    wanted: dict[_Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        wanted[fact.filing_id, fact.concept, fact.unit, fact.start, fact.end].append(fact)
    tags: list[Any] = [
        tag
        for tag in _tags(wanted, reader)
        if any(_says(tag, fact) for fact in wanted.get(_key(tag), ()))
    ]
    sizes = _values_in({tag.table_id for tag in tags if tag.table_id})
    found: dict[int, Place] = {}
    for tag in sorted(tags, key=lambda one: _rank(one, sizes), reverse=True):
        place = Place(tag.document_id, tag.start, tag.end, tag.quote, tag.table_id)
        for fact in wanted[_key(tag)]:
            if _says(tag, fact):
                found.setdefault(fact.pk, place)
    return found


def _tags(wanted: Iterable[_Key], reader: User | AnonymousUser) -> QuerySet[TaggedValue]:
    keys = list(wanted)
    around = Table.objects.filter(
        document=OuterRef("document"), start__lte=OuterRef("start"), end__gte=OuterRef("end")
    )
    return (
        TaggedValue.objects.filter(licensed(reader, "document__plan"))
        .filter(
            document__filing__in={filing for filing, *_ in keys},
            document__is_current=True,
            document__withdrawn_at__isnull=True,
            concept__in={key[1] for key in keys},
            period_end__in={key[4] for key in keys},
            dimensions=[],
        )
        .annotate(
            filing_id=F("document__filing"),
            kind=F("document__kind"),
            table_id=Subquery(around.values("pk")[:1]),
            quote=Substr("document__text", F("start") + 1, F("end") - F("start")),
        )
        .order_by("document", "start")
    )


def _key(tag: Any) -> _Key:
    return tag.filing_id, tag.concept, tag.unit, tag.period_start, tag.period_end


def _says(tag: TaggedValue, fact: Fact) -> bool:
    """Equal, or apart by no more than half of the tag's last printed place."""
    if tag.value == fact.value or tag.decimals is None:
        return tag.value == fact.value
    return abs(tag.value - fact.value) * 2 <= Decimal(1).scaleb(-tag.decimals)


def _rank(tag: Any, sizes: dict[int, int]) -> tuple[bool, bool, bool, int, int, int]:
    return (
        tag.kind == Document.Kind.FILING,
        sizes.get(tag.table_id, 0) >= STATEMENT_VALUES,
        tag.table_id is not None,
        _EXACT if tag.decimals is None else tag.decimals,
        -tag.document_id,
        -tag.start,
    )


def _values_in(tables: set[int]) -> dict[int, int]:
    """How many values of the whole company each table tags."""
    if not tables:
        return {}
    inside = (
        TaggedValue.objects.filter(
            document=OuterRef("document"), start__gte=OuterRef("start"), end__lte=OuterRef("end"),
            dimensions=[],
        )
        .order_by()
        .values("document")
        .annotate(n=Count("pk"))
        .values("n")
    )  # fmt: skip
    counted = Table.objects.filter(pk__in=tables).annotate(
        n=Coalesce(Subquery(inside, output_field=IntegerField()), 0)
    )
    return dict(counted.values_list("pk", "n"))


def shown(places: Iterable[Place]) -> dict[Place, Printed]:
    """What stands around each place; no document's text is read whole.

    Two queries, and one more for each place that no table holds.
    """
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    documents = Document.objects.defer("text").in_bulk({one.document_id for one in wanted})
    tables = Table.objects.annotate(
        text=Substr("document__text", F("start") + 1, F("end") - F("start"))
    ).in_bulk({one.table_id for one in wanted if one.table_id})
    return {
        place: _in_table(place, documents[place.document_id], tables[place.table_id])
        if place.table_id
        else _in_prose(place, documents[place.document_id])
        for place in wanted
    }


def _in_table(place: Place, document: Document, table: Table) -> Printed:
    """The table's heads and the row of the place, on the columns of the whole table."""
    text: str = table.text  # type: ignore[attr-defined]
    rows = [
        [[a - table.start, b - table.start, *more] for a, b, *more in row] for row in table.rows
    ]
    whole = grid(rows, Marks(text, place.start - table.start, place.end - table.start))
    marked = tuple(row for row in (*whole.head, *whole.body) if row.is_marked)
    heads = tuple(row for row in whole.head if row not in marked)
    return Printed(place, document, Grid(heads, marked))


def _in_prose(place: Place, document: Document) -> Printed:
    start = max(0, place.start - _BEFORE)
    around = Document.objects.filter(pk=document.pk).annotate(
        near=Substr("text", start + 1, place.end + _AFTER - start)
    )
    near: str = around.values_list("near", flat=True)[0]
    before, after = near[: place.start - start], near[place.end - start :]
    return Printed(place, document, None, before.rpartition("\n")[2], after.partition("\n")[0])
