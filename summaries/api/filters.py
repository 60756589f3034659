"""What the API's lists can be narrowed by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import (
    Exists,
    OuterRef,
    QuerySet,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from fa_site.answers import Strict
from summaries.models import BatchItem, BatchRun, Citation, Document, Stock, Summary
from summaries.pages.moments import NotAMoment, moment


class StockFilter(Strict):
    ticker = django_filters.CharFilter(lookup_expr="iexact")
    search = django_filters.CharFilter(
        method="by_words", label="Start of the ticker, or part of the name."
    )
    sector = django_filters.CharFilter(lookup_expr="iexact")
    has_summary = django_filters.BooleanFilter(
        method="by_summary", label="Whether one is published."
    )

    class Meta:
        model = Stock
        fields = ("ticker", "search", "sector", "coverage", "has_summary")

    def by_words(self, stocks: QuerySet[Stock], name: str, words: str) -> QuerySet[Stock]:
        return stocks.filter(pk__in=Stock.objects.matching(words))

    def by_summary(self, stocks: QuerySet[Stock], name: str, wanted: bool) -> QuerySet[Stock]:
        readable = Summary.objects.readable_by(self.request.user).shown()
        published = Exists(readable.filter(stock=OuterRef("pk")))
        return stocks.filter(published if wanted else ~published)


class SummaryFilter(Strict):
    state = django_filters.ChoiceFilter(field_name="shown_state", choices=Summary.State.choices)
    ticker = django_filters.CharFilter(field_name="stock__ticker", lookup_expr="iexact")
    sector = django_filters.CharFilter(field_name="stock__sector", lookup_expr="iexact")
    published_since = django_filters.IsoDateTimeFilter(
        field_name="published_at", lookup_expr="gte", label="Published at this moment or later."
    )
    data_through_since = django_filters.DateFilter(
        field_name="data_through", lookup_expr="gte", label="Speaks of this day or a later one."
    )

    class Meta:
        model = Summary
        fields = ("ticker", "sector", "state", "published_since", "data_through_since")


class CitationFilter(Strict):
    summary = django_filters.NumberFilter(field_name="claim__summary_id")

    class Meta:
        model = Citation
        fields = ("summary", "claim")

    claim = django_filters.NumberFilter(field_name="claim_id")


class BatchRunFilter(Strict):
    started_since = django_filters.IsoDateTimeFilter(
        field_name="started_at", lookup_expr="gte", label="Started at this moment or later."
    )

    class Meta:
        model = BatchRun
        fields = ("state", "trigger", "started_since")


class BatchItemFilter(Strict):
    ticker = django_filters.CharFilter(field_name="stock__ticker", lookup_expr="iexact")

    class Meta:
        model = BatchItem
        fields = ("state", "ticker")


class MomentField(forms.CharField):
    """A moment, or a day; of a day its end, or with ``ends`` False its start."""

    def __init__(self, *, ends: bool = True, **more: Any) -> None:
        super().__init__(**more)
        self.ends = ends

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return moment(str(value), ends=self.ends)
        except NotAMoment as error:
            raise forms.ValidationError(str(error)) from error


class MomentFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = MomentField


class DocumentFilter(Strict):
    ticker = django_filters.CharFilter(field_name="stock__ticker", lookup_expr="iexact")
    form = django_filters.CharFilter(
        field_name="filing__form", lookup_expr="iexact", label="Of the filing: 10-K."
    )
    kind = django_filters.ChoiceFilter(choices=Document.Kind.choices)
    current = django_filters.BooleanFilter(
        method="by_current", label="Whether it is the newest version, and not withdrawn."
    )
    since = MomentFilter(
        field_name="public_at", lookup_expr="gte", ends=False,
        label="Public at this moment or later; a day means its start in New York.",
    )  # fmt: skip
    until = MomentFilter(
        field_name="public_at", lookup_expr="lte",
        label="Public at this moment or before; a day means its end in New York.",
    )  # fmt: skip

    class Meta:
        model = Document
        fields = ("ticker", "kind", "form", "current", "since", "until")

    def by_current(
        self, documents: QuerySet[Document], name: str, wanted: bool
    ) -> QuerySet[Document]:
        current = documents.filter(is_current=True, withdrawn_at__isnull=True)
        return current if wanted else documents.exclude(pk__in=current.values("pk"))


class ResearchFilter(Strict):
    publisher = django_filters.CharFilter(lookup_expr="icontains")
    since = MomentFilter(
        field_name="published_at", lookup_expr="gte", ends=False,
        label="Published at this moment or later; a day means its start in New York.",
    )  # fmt: skip


class FilingFilter(Strict):
    form = django_filters.CharFilter(lookup_expr="iexact")
    filed_since = django_filters.DateFilter(
        field_name="filed", lookup_expr="gte", label="Filed on this day or later."
    )


class AsOf(Strict):
    """The view reads as_of itself: it decides which version of a row is the one."""

    as_of = MomentFilter(
        method="unchanged",
        label="What was known at this moment; a day means its end in New York. Now, if left out.",
    )

    @extend_schema_field(OpenApiTypes.STR)
    def unchanged(self, rows: QuerySet[Any], name: str, at: datetime) -> QuerySet[Any]:
        return rows


class PriceFilter(AsOf):
    since = django_filters.DateFilter(field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte")


class MeasureFilter(AsOf):
    metric = django_filters.CharFilter(lookup_expr="iexact")
    periodicity = django_filters.CharFilter(lookup_expr="iexact")
    fiscal_end_since = django_filters.DateFilter(field_name="fiscal_end", lookup_expr="gte")
