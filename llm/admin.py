"""What operators see and decide of the door: routes are theirs, all else is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from costs.errors import Unpriced
from costs.price_list import price_for
from fa_site.lists import ReadOnly
from llm.models import BatchEntry, CircuitEvent, KeptReply, MessageBatch, Route

CIRCUIT_LABELS = {
    CircuitEvent.State.CLOSED.label: "success",
    CircuitEvent.State.OPEN.label: "danger",
    CircuitEvent.State.HALF_OPEN.label: "warning",
}
BATCH_LABELS = {
    MessageBatch.State.SETTLED.label: "success",
    MessageBatch.State.FAILED.label: "danger",
    MessageBatch.State.SUBMITTING.label: "warning",
    MessageBatch.State.SUBMITTED.label: "info",
}
ENTRY_LABELS = {
    BatchEntry.State.ANSWERED.label: "success",
    BatchEntry.State.FAILED.label: "danger",
    BatchEntry.State.IN_BATCH.label: "info",
    BatchEntry.State.CANCELLED.label: "warning",
}


class RouteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Route
        fields = (
            "complexity", "position", "provider", "model", "up_to_tokens", "effort", "is_enabled",
        )  # fmt: skip

    def clean_provider(self) -> str:
        name: str = self.cleaned_data["provider"].strip()
        if name not in ("anthropic", "openai"):
            raise forms.ValidationError("The providers are anthropic and openai.")
        return name

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if "provider" in told and "model" in told:
            try:
                price_for(told["provider"], told["model"], timezone.now(), 0)
            except Unpriced as error:
                raise forms.ValidationError({"model": str(error)}) from error
        return told


@admin.register(Route)
class RouteAdmin(ModelAdmin):
    """Where a kind of task has routes here, routes.toml says nothing of it any more."""

    form = RouteForm
    list_display = (
        "complexity", "position", "provider", "model", "up_to_tokens", "effort", "is_enabled",
    )  # fmt: skip
    list_filter = ("complexity", "provider", "is_enabled")
    ordering = ("complexity", "position")


@admin.register(CircuitEvent)
class CircuitEventAdmin(ReadOnly):
    list_display = ("at", "provider", "shown_state", "reason")
    fields = ("at", "provider", "shown_state", "reason")
    readonly_fields = ("shown_state",)
    list_filter = ("provider", "state")

    @display(description="state", ordering="state", label=CIRCUIT_LABELS)
    def shown_state(self, event: CircuitEvent) -> str:
        return event.get_state_display()


@admin.register(MessageBatch)
class MessageBatchAdmin(ReadOnly):
    list_display = (
        "provider_id", "provider", "model", "shown_state", "created_at", "submitted_at",
        "ended_at", "settled_at", "problem",
    )  # fmt: skip
    list_display_links = ("provider_id", "created_at")
    fields = (
        "marker", "provider", "model", "shown_state", "provider_id", "created_at", "submitted_at",
        "ended_at", "settled_at", "polled_at", "lease_until", "problem",
    )  # fmt: skip
    readonly_fields = ("shown_state",)
    list_filter = ("state", "provider", "model")
    search_fields = ("provider_id",)

    @display(description="state", ordering="state", label=BATCH_LABELS)
    def shown_state(self, batch: MessageBatch) -> str:
        return batch.get_state_display()


@admin.register(BatchEntry)
class BatchEntryAdmin(ReadOnly):
    """Without what was sent: prompts aren't for a list."""

    list_display = (
        "custom_id", "provider", "model", "shown_state", "run", "attempts", "error", "created_at",
        "ended_at",
    )  # fmt: skip
    fields = (
        "custom_id", "key", "provider", "model", "shown_state", "batch", "run", "attempts",
        "record", "error", "created_at", "ended_at",
    )  # fmt: skip
    readonly_fields = ("shown_state",)
    list_filter = ("state", "provider", "model")
    list_select_related = ("batch",)
    search_fields = ("run", "custom_id")

    @display(description="state", ordering="state", label=ENTRY_LABELS)
    def shown_state(self, entry: BatchEntry) -> str:
        return entry.get_state_display()


@admin.register(KeptReply)
class KeptReplyAdmin(ReadOnly):
    """Without its text, which may be licensed."""

    list_display = ("shown_key", "model", "agent", "stop", "kept_at", "expires_at")
    fields = ("key", "record", "stop", "kept_at", "expires_at")
    list_select_related = ("record",)
    search_fields = ("key",)

    @display(description="key")
    def shown_key(self, reply: KeptReply) -> str:
        return reply.key[:12]

    @display(description="model", ordering="record__model")
    def model(self, reply: KeptReply) -> str:
        return reply.record.model

    @display(description="agent", ordering="record__agent")
    def agent(self, reply: KeptReply) -> str:
        return reply.record.agent
