"""What was asked of the sources, how far each run is, and what they failed to give.

Licensed research shows in no count and no message here but to who holds every plan: a feed
mixes them all.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Sum, Value, When
from django.http import HttpRequest
from unfold.decorators import display

from summaries.admin.reading import ReadOnly
from summaries.batches import cancel_run
from summaries.models import IngestItem, IngestRun, SourceItem
from summaries.models.ingests import LICENSED_SOURCES
from summaries.models.licences import holds_every_plan
from summaries.pages.notation import moment

KEPT = "under licences"
RUN_LABELS = {
    IngestRun.State.RUNNING.label: "info",
    IngestRun.State.FINISHED.label: "success",
    IngestRun.State.CANCELLED.label: "warning",
}
ITEM_LABELS = {
    IngestItem.State.DONE.label: "success",
    IngestItem.State.FAILED.label: "danger",
    IngestItem.State.CLAIMED.label: "info",
    IngestItem.State.CANCELLED.label: "warning",
}
SOURCE_LABELS = {
    SourceItem.State.STORED.label: "success",
    SourceItem.State.FAILED.label: "danger",
    SourceItem.State.WITHDRAWN.label: "warning",
}


def _is_kept(request: HttpRequest, source: str) -> Any:
    """Whether the figures of a row are kept from the user; ``source`` leads to its source."""
    kept = Q(**{f"{source}__in": LICENSED_SOURCES}) & Value(not holds_every_plan(request.user))
    return Case(When(kept, then=True), default=False, output_field=BooleanField())


def _shown(row: Any, name: str) -> str:
    return KEPT if row.is_kept else str(getattr(row, name) or 0)


class StateFilter(admin.SimpleListFilter):
    """Failed ones, and of these those that trying again can't help."""

    title = "failure"
    parameter_name = "failure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failing", "failing"), ("again", "will be tried again"), ("permanent", "for good")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # What is stored keeps the error of the last look at it.
        failing = queryset.exclude(error="")
        match self.value():
            case "failing":
                return failing
            case "again":
                return failing.filter(is_permanent=False)
            case "permanent":
                return failing.filter(is_permanent=True)
        return queryset


@admin.register(SourceItem)
class SourceItemAdmin(ReadOnly):
    list_display = (
        "key", "source", "stock", "kind", "shown_state", "error", "next_try", "checked_at",
    )  # fmt: skip
    list_filter = ("source", "state", StateFilter, "kind")
    list_select_related = ("stock",)
    search_fields = ("stock__ticker", "key", "error")
    raw_id_fields = ("stock",)
    exclude = ("about", "etag", "last_modified")
    ordering = ("-checked_at", "-pk")

    @display(description="state", ordering="state", label=SOURCE_LABELS)
    def shown_state(self, item: SourceItem) -> str:
        return item.get_state_display()

    @display(description="next try", ordering="try_after")
    def next_try(self, item: SourceItem) -> str:
        if item.state != SourceItem.State.FAILED:
            return "–"
        if item.is_permanent:
            return f"never: failed for good after {item.attempts}"
        when = moment(item.try_after) if item.try_after else "with the next ingest"
        return f"{when}, after {item.attempts}"


@admin.register(IngestRun)
class IngestRunAdmin(ReadOnly):
    list_display = (
        "__str__", "shown_state", "trigger", "progress", "stored", "unchanged", "failing",
        "requested_by", "started_at", "finished_at",
    )  # fmt: skip
    list_filter = ("source", "state", "trigger")
    list_select_related = ("requested_by",)
    raw_id_fields = ("requested_by",)
    fields = (
        "source", "shown_state", "trigger", "progress", "stored", "unchanged", "failing",
        "requested_by", "slot", "started_at", "finished_at",
    )  # fmt: skip
    readonly_fields = (
        "shown_state", "progress", "stored", "unchanged", "failing", "started_at",
    )  # fmt: skip
    actions = ("cancel",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[IngestRun]:
        is_open = Q(items__state__in=(IngestItem.State.PENDING, IngestItem.State.CLAIMED))
        runs: QuerySet[IngestRun] = super().get_queryset(request)
        return runs.annotate(
            n_all=Count("items"),
            n_open=Count("items", filter=is_open),
            n_stored=Sum("items__stored"),
            n_unchanged=Sum("items__unchanged"),
            n_failed=Sum("items__failed"),
            is_kept=_is_kept(request, "source"),
        ).order_by("-started_at", "-pk")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return cast("User", request.user).has_perm("summaries.change_ingestrun")

    @admin.action(description="Cancel", permissions=["cancel"])
    def cancel(self, request: HttpRequest, runs: QuerySet[IngestRun]) -> None:
        running = list(IngestRun.objects.filter(pk__in=runs.values("pk"), state="running"))
        for run in running:
            cancel_run(run=run, by=cast("User", request.user))
        if running:
            names = ", ".join(map(str, running))
            self.message_user(request, f"Cancelled: {names}. What is stored stays.")
        else:
            self.message_user(request, "None of these was running.", messages.WARNING)

    @display(description="state", ordering="state", label=RUN_LABELS)
    def shown_state(self, run: IngestRun) -> str:
        return run.get_state_display()

    @display(description="done")
    def progress(self, run: Any) -> str:
        return f"{run.n_all - run.n_open} of {run.n_all}"

    @display(description="stored")
    def stored(self, run: Any) -> str:
        return _shown(run, "n_stored")

    @display(description="unchanged")
    def unchanged(self, run: Any) -> str:
        return _shown(run, "n_unchanged")

    @display(description="failed")
    def failing(self, run: Any) -> str:
        return _shown(run, "n_failed")


@admin.register(IngestItem)
class IngestItemAdmin(ReadOnly):
    list_display = (
        "run", "part", "shown_state", "stored_now", "unchanged_now", "failed_now", "attempts",
        "told", "not_before", "finished_at",
    )  # fmt: skip
    list_filter = ("state", "run__source", "run")
    list_select_related = ("run", "stock")
    search_fields = ("stock__ticker", "shown_message")
    raw_id_fields = ("run", "stock")
    fields = (
        "run", "stock", "shown_state", "stored_now", "unchanged_now", "failed_now", "attempts",
        "told", "not_before", "lease_until", "finished_at",
    )  # fmt: skip
    readonly_fields = ("shown_state", "stored_now", "unchanged_now", "failed_now", "told")
    ordering = ("-run", "stock__ticker")

    def get_queryset(self, request: HttpRequest) -> QuerySet[IngestItem]:
        items: QuerySet[IngestItem] = super().get_queryset(request)
        items = items.annotate(is_kept=_is_kept(request, "run__source"))
        told = Case(When(is_kept=True, then=Value("")), default=F("message"))
        return items.annotate(shown_message=told)

    @display(description="stock", ordering="stock__ticker")
    def part(self, item: IngestItem) -> str:
        return item.stock.ticker if item.stock else "the whole feed"

    @display(description="state", ordering="state", label=ITEM_LABELS)
    def shown_state(self, item: IngestItem) -> str:
        return item.get_state_display()

    @display(description="stored")
    def stored_now(self, item: IngestItem) -> str:
        return _shown(item, "stored")

    @display(description="unchanged")
    def unchanged_now(self, item: IngestItem) -> str:
        return _shown(item, "unchanged")

    @display(description="failed")
    def failed_now(self, item: IngestItem) -> str:
        return _shown(item, "failed")

    @display(description="message")
    def told(self, item: Any) -> str:
        return KEPT if item.is_kept else item.message or "–"
