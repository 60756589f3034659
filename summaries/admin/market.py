"""What FactSet gave, each version with when we knew it."""

from __future__ import annotations

from django.contrib import admin

from summaries.admin.reading import ReadOnly
from summaries.models import DailyPrice, Estimate, Fundamental


class _OfStock(ReadOnly):
    list_select_related = ("stock",)
    raw_id_fields = ("stock",)
    ordering = ("-known_at", "-pk")


@admin.register(DailyPrice)
class DailyPriceAdmin(_OfStock):
    list_display = ("stock", "on", "close", "currency", "volume", "known_at")
    list_filter = ("currency",)
    search_fields = ("=stock__ticker",)
    date_hierarchy = "on"


@admin.register(Estimate)
class EstimateAdmin(_OfStock):
    list_display = (
        "stock", "metric", "periodicity", "fiscal_end", "estimate_date", "mean", "estimate_count",
        "currency", "known_at",
    )  # fmt: skip
    list_filter = ("metric", "periodicity")
    search_fields = ("=stock__ticker", "metric")


@admin.register(Fundamental)
class FundamentalAdmin(_OfStock):
    list_display = (
        "stock", "metric", "periodicity", "fiscal_end", "value", "currency", "update_type",
        "report_date", "known_at",
    )  # fmt: skip
    list_filter = ("periodicity", "update_type", "metric")
    search_fields = ("=stock__ticker", "metric")
