"""The ledger, read: one row an attempt, with what it cost and what it was for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from costs.admin.reading import exactly
from costs.models import CostAdjustment, Price, UsageRecord
from fa_site.lists import ReadOnly

State = UsageRecord.State
STATES = {
    State.SETTLED.label: "success",
    State.SENDING.label: "info",
    State.UNKNOWN.label: "warning",
    State.FAILED.label: "danger",
}


class ModelFilter(admin.SimpleListFilter):
    """The models of the price list: asking the ledger itself would read all of it."""

    title = "model"
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = Price.objects.order_by("model").values_list("model", flat=True).distinct()
        return [(name, name) for name in names]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[UsageRecord]
    ) -> QuerySet[UsageRecord]:
        return queryset.filter(model=self.value()) if self.value() else queryset


class Adjustments(TabularInline):
    model = CostAdjustment
    extra = 0
    fields = ("at", "from_usd", "to_usd", "reason")
    readonly_fields = fields
    tab = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(UsageRecord)
class UsageRecordAdmin(ReadOnly):
    list_display = (
        "sent_at", "shown_state", "model", "operation", "agent", "stock", "prompt_tokens",
        "output_tokens", "usd", "is_batch", "attempt", "user", "error",
    )  # fmt: skip
    list_filter = (
        ("sent_at", RangeDateTimeFilter), "state", ModelFilter, "category", "is_batch",
        "is_estimate",
    )  # fmt: skip
    list_select_related = ("user",)
    search_fields = ("=stock", "=query", "=run", "=request_id", "=response_id", "=agent", "=batch")
    search_help_text = "A ticker, query, run, agent, or an id of the provider, as a whole"
    ordering = ("-sent_at", "-pk")
    inlines = (Adjustments,)
    fieldsets = (
        (None, {"fields": (
            "shown_state", "usd", "reserved", "price", "provider", "model", "operation", "error",
        )}),
        ("Tokens", {"fields": (
            "estimated_tokens", "input_tokens", "cache_write_tokens", "cache_write_1h_tokens",
            "cache_read_tokens", "output_tokens", "thinking_tokens", "is_estimate",
        )}),
        ("What for", {"fields": (
            "category", "agent", "task", "stock", "summary", "query", "run", "user", "team",
            "variant", "prompt", "prompt_version",
        )}),
        ("At the provider", {"fields": (
            "call", "attempt", "is_batch", "batch", "request_id", "response_id", "sent_at",
            "first_token_ms", "latency_ms", "ended_at", "was_stopped", "was_partial",
            "reconciled_at",
        )}),
    )  # fmt: skip
    readonly_fields = ("shown_state", "usd", "reserved")

    @display(description="state", label=STATES)
    def shown_state(self, record: UsageRecord) -> str:
        return record.get_state_display()

    @display(description="prompt tokens")
    def prompt_tokens(self, record: UsageRecord) -> int:
        return record.tokens.prompt

    @display(description="USD", ordering="cost_usd")
    def usd(self, record: UsageRecord) -> str:
        return exactly(record.cost_usd)

    @display(description="reserved USD")
    def reserved(self, record: UsageRecord) -> str:
        return exactly(record.reserved_usd)
