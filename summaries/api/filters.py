"""What the API's lists can be narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from summaries.models import BatchItem, BatchRun, Citation, Stock, Summary


class Strict(django_filters.FilterSet):  # type: ignore[misc]
    """Refuses parameters that it doesn't know: a misspelt filter must not widen the answer."""

    def is_valid(self) -> bool:
        valid = super().is_valid()
        unknown = set(self.data) - set(self.filters) - {"page", "page_size", "ordering", "format"}
        for name in sorted(unknown):
            known = ", ".join(sorted(self.filters)) or "none"
            self.form.errors[name] = self.form.error_class(
                [f"There is no such parameter. Filters here: {known}."]
            )
        return valid and not unknown


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
        published = Exists(Summary.objects.published().filter(stock=OuterRef("pk")))
        return stocks.filter(published if wanted else ~published)


class SummaryFilter(Strict):
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
