"""Stocks and what they reported."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from summaries.admin.asking import ask
from summaries.admin.reading import ReadOnly
from summaries.models import Fact, Filing, SectorSnapshot, Source, Stock
from summaries.pages.notation import as_filed, days, moment

COVERAGE_LABELS = {
    "not looked at yet": "info",
    "enough data": "success",
    "not enough data": "warning",
}


@admin.register(Stock)
class StockAdmin(ReadOnly):
    list_display = ("ticker", "name", "exchange", "sector", "shown_coverage", "filing_count")
    list_filter = ("coverage", "sector", "exchange")
    search_fields = ("ticker", "name", "=cik")
    actions = ("ingest_edgar", "ingest_bluematrix", "ingest_factset")

    def has_ingest_permission(self, request: HttpRequest) -> bool:
        return cast("User", request.user).has_perm("summaries.add_ingestrun")

    @admin.action(description="Ingest now: filings of these stocks (EDGAR)", permissions=["ingest"])
    def ingest_edgar(self, request: HttpRequest, stocks: QuerySet[Stock]) -> None:
        ask(self, request, Source.EDGAR, stocks)

    @admin.action(
        description="Ingest now: the research feed, whole (BlueMatrix)", permissions=["ingest"]
    )
    def ingest_bluematrix(self, request: HttpRequest, stocks: QuerySet[Stock]) -> None:
        ask(self, request, Source.BLUEMATRIX, stocks)

    @admin.action(
        description="Ingest now: market data of all stocks (FactSet)", permissions=["ingest"]
    )
    def ingest_factset(self, request: HttpRequest, stocks: QuerySet[Stock]) -> None:
        ask(self, request, Source.FACTSET, stocks)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stock]:
        stocks: QuerySet[Stock] = super().get_queryset(request)
        return stocks.annotate(n_filings=Count("filings"))

    @display(description="coverage", ordering="coverage", label=COVERAGE_LABELS)
    def shown_coverage(self, stock: Stock) -> str:
        return stock.get_coverage_display()

    @display(description="filings", ordering="n_filings")
    def filing_count(self, stock: Stock) -> int:
        count: int = stock.n_filings  # type: ignore[attr-defined]
        return count


@admin.register(Filing)
class FilingAdmin(ReadOnly):
    list_display = (
        "stock", "form", "period_end", "filed", "accepted", "items", "accession", "fiscal_year",
    )  # fmt: skip
    list_filter = ("form", "fiscal_period")
    list_select_related = ("stock",)
    search_fields = ("stock__ticker", "accession")
    raw_id_fields = ("stock",)
    date_hierarchy = "period_end"

    @display(description="accepted", ordering="accepted_at")
    def accepted(self, filing: Filing) -> str:
        return moment(filing.accepted_at) if filing.accepted_at else "–"


@admin.register(Fact)
class FactAdmin(ReadOnly):
    list_display = ("stock", "concept", "period", "shown_value", "filing_form", "filed", "known_at")
    list_filter = ("unit",)
    list_select_related = ("stock", "filing")
    search_fields = ("stock__ticker", "concept")
    search_help_text = "Ticker, or part of a concept's name."
    raw_id_fields = ("stock", "filing")
    ordering = ("-pk",)

    @display(description="period", ordering="end")
    def period(self, fact: Fact) -> str:
        return days(fact.start, fact.end)

    @display(description="value as filed", ordering="value")
    def shown_value(self, fact: Fact) -> str:
        return as_filed(fact.value, fact.unit)

    @display(description="form", ordering="filing__form")
    def filing_form(self, fact: Fact) -> str:
        return fact.filing.form

    @display(description="filed", ordering="filing__filed")
    def filed(self, fact: Fact) -> object:
        return fact.filing.filed


@admin.register(SectorSnapshot)
class SectorSnapshotAdmin(ReadOnly):
    list_display = ("sector", "taken_at", "row_count")
    list_filter = ("sector",)
    list_select_related = ("document",)
    raw_id_fields = ("document",)

    @display(description="figures")
    def row_count(self, snapshot: SectorSnapshot) -> int:
        return len(snapshot.rows)
