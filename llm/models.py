"""The door's tables: which model for which task, answers kept, batches at providers, circuits."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from costs.models import UsageRecord
from llm.values import Complexity as ComplexityName


class Route(models.Model):
    """One rung of the ladder for a kind of task; tried from the lowest position up."""

    class Complexity(models.TextChoices):
        SIMPLE = ComplexityName.SIMPLE.value, "simple"
        MODERATE = ComplexityName.MODERATE.value, "moderate"
        COMPLEX = ComplexityName.COMPLEX.value, "complex"

    complexity = models.CharField(max_length=8, choices=Complexity.choices)
    position = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    up_to_tokens = models.PositiveIntegerField(
        null=True, blank=True,
        help_text="Longer prompts skip this model: where its price jumps, or its context ends.",
    )  # fmt: skip
    effort = models.CharField(
        max_length=8, blank=True, help_text="low, medium, high; empty: the provider's default."
    )
    is_enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ("complexity", "position")
        constraints = (
            models.UniqueConstraint(name="route_place_once", fields=["complexity", "position"]),
        )

    def __str__(self) -> str:
        return f"{self.complexity} {self.position}: {self.provider} {self.model}"


class KeptReply(models.Model):
    """An answer that was paid for, under the key of its question: asked again, it is given."""

    key = models.CharField(max_length=64, unique=True)
    record = models.ForeignKey(UsageRecord, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    stop = models.CharField(max_length=8)
    kept_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "kept replies"

    def __str__(self) -> str:
        return self.key[:12]


class CircuitEvent(models.Model):
    """A provider's circuit changed its state."""

    class State(models.TextChoices):
        CLOSED = "closed", "closed: in use"
        OPEN = "open", "open: left alone"
        HALF_OPEN = "half_open", "half open: one call tries"

    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=State.choices)
    reason = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["provider", "-at"]),)

    def __str__(self) -> str:
        return f"{self.provider} {self.state}"


class MessageBatch(models.Model):
    """A batch at a provider; the row stands before the batch is submitted.

    ``submitting``: it may be there or not. Whoever finds it so looks for its ``marker`` among
    the provider's batches before submitting again.
    """

    class State(models.TextChoices):
        COLLECTED = "collected", "to be submitted"
        SUBMITTING = "submitting", "being submitted"
        SUBMITTED = "submitted", "at the provider"
        ENDED = "ended", "ended, to be settled"
        SETTLED = "settled", "settled"
        FAILED = "failed", "failed"

    marker = models.UUIDField(default=uuid.uuid4, unique=True)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.COLLECTED)
    provider_id = models.CharField(max_length=80, blank=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    polled_at = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name_plural = "message batches"
        constraints = (
            models.CheckConstraint(
                name="message_batch_submitted_has_id",
                condition=~Q(state__in=("submitted", "ended", "settled")) | ~Q(provider_id=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} {self.model} {self.state}"


class BatchEntry(models.Model):
    """One question of a batch. Its answer becomes a KeptReply under ``key``."""

    class State(models.TextChoices):
        WAITING = "waiting", "to be put into a batch"
        IN_BATCH = "in_batch", "in a batch"
        ANSWERED = "answered", "answered"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    key = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    batch = models.ForeignKey(
        MessageBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    custom_id = models.UUIDField(default=uuid.uuid4, unique=True)
    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    run = models.CharField(max_length=40, blank=True)
    request = models.JSONField(help_text="What is sent, private text masked.")
    purpose = models.JSONField()
    attempts = models.PositiveSmallIntegerField(default=0)
    record = models.ForeignKey(
        UsageRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "pk")
        verbose_name_plural = "batch entries"
        constraints = (
            models.UniqueConstraint(
                name="batch_entry_open_once", fields=["key"],
                condition=Q(state__in=("waiting", "in_batch")),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["state", "provider", "model"]),
            models.Index(fields=["key", "-id"], name="batch_entry_key"),
            models.Index(fields=["run"], condition=~Q(run=""), name="batch_entry_run"),
        )

    def __str__(self) -> str:
        return f"{self.model} {self.key[:12]}"
