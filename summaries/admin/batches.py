"""Batch runs, their items, and the trail of who did what."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from summaries.admin.reading import ReadOnly
from summaries.batches.progress import OPEN
from summaries.models import AuditEvent, BatchItem, BatchRun
from summaries.pages.batches import as_read_by

State = BatchItem.State
RUN_LABELS = {
    BatchRun.State.RUNNING.label: "info",
    BatchRun.State.FINISHED.label: "success",
    BatchRun.State.CANCELLED.label: "warning",
}
ITEM_LABELS = {
    State.PUBLISHED.label: "success",
    State.UNCHANGED.label: "success",
    State.HELD.label: "warning",
    State.NOT_ENOUGH.label: "warning",
    State.FAILED.label: "danger",
    State.CLAIMED.label: "info",
    State.WAITING.label: "info",
}


def with_counts(runs: QuerySet[BatchRun]) -> QuerySet[BatchRun]:
    """Runs with ``n_all``, ``n_open``, ``n_held``, ``n_failed``."""
    return runs.annotate(
        n_all=Count("items"),
        n_open=Count("items", filter=Q(items__state__in=OPEN)),
        n_held=Count("items", filter=Q(items__state=State.HELD)),
        n_failed=Count("items", filter=Q(items__state=State.FAILED)),
    ).order_by("-started_at", "-pk")


@admin.register(BatchRun)
class BatchRunAdmin(ReadOnly):
    list_display = (
        "__str__", "shown_state", "trigger", "progress", "held", "failed", "requested_by",
        "started_at", "finished_at",
    )  # fmt: skip
    list_filter = ("state", "trigger")
    list_select_related = ("requested_by",)
    raw_id_fields = ("requested_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BatchRun]:
        return with_counts(super().get_queryset(request))

    @display(description="state", ordering="state", label=RUN_LABELS)
    def shown_state(self, run: BatchRun) -> str:
        return run.get_state_display()

    @display(description="done")
    def progress(self, run: BatchRun) -> str:
        done = run.n_all - run.n_open  # type: ignore[attr-defined]
        return f"{done} of {run.n_all}"  # type: ignore[attr-defined]

    @display(description="held", ordering="n_held")
    def held(self, run: BatchRun) -> int:
        count: int = run.n_held  # type: ignore[attr-defined]
        return count

    @display(description="failed", ordering="n_failed")
    def failed(self, run: BatchRun) -> int:
        count: int = run.n_failed  # type: ignore[attr-defined]
        return count


@admin.register(BatchItem)
class BatchItemAdmin(ReadOnly):
    list_display = (
        "run", "stock", "shown_state", "attempts", "seconds", "cost_usd", "told", "finished_at",
    )  # fmt: skip
    fields = (
        "run", "stock", "shown_state", "summary_now", "told", "attempts", "seconds", "cost_usd",
        "lease_until", "finished_at",
    )  # fmt: skip
    readonly_fields = ("shown_state", "summary_now", "told")
    list_filter = ("state", "run")
    list_select_related = ("run", "stock")
    search_fields = ("stock__ticker", "shown_message")
    raw_id_fields = ("run", "stock")
    ordering = ("-run", "stock__ticker")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BatchItem]:
        return as_read_by(super().get_queryset(request), request.user)

    @display(description="summary")
    def summary_now(self, item: BatchItem) -> object:
        pk: int | None = item.shown_summary  # type: ignore[attr-defined]
        if pk is None:
            return "–"
        path = reverse("admin:summaries_summary_change", args=[pk])
        return format_html('<a href="{}">{}</a>', path, item.summary)

    @display(description="message")
    def told(self, item: BatchItem) -> str:
        told: str = item.shown_message  # type: ignore[attr-defined]
        return told

    @display(description="state", ordering="state", label=ITEM_LABELS)
    def shown_state(self, item: BatchItem) -> str:
        return item.get_state_display()


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "actor", "action", "subject", "from_state", "to_state")
    list_filter = ("action", "to_state")
    list_select_related = ("actor",)
    search_fields = ("=subject_id", "action", "actor__username")
    raw_id_fields = ("actor",)
    fields = ("at", "actor", "action", "subject", "from_state", "to_state", "told")
    readonly_fields = ("at", "subject", "told")
    date_hierarchy = "at"

    @display(description="detail")
    def told(self, event: AuditEvent) -> str:
        # What superseded a text may be beyond the reader's licences.
        hidden = {"reason"} if event.to_state == "superseded" else set()
        return ", ".join(f"{k}: {v}" for k, v in event.detail.items() if k not in hidden) or "–"

    @display(description="subject", ordering="subject_type")
    def subject(self, event: AuditEvent) -> str:
        return f"{event.subject_type} {event.subject_id}"
