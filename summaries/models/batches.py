"""Batch runs: a row a stock, claimed by a conditional update.

A worker owns an item while its claim token stands and its lease lasts; what it
writes, it writes in one transaction that also closes the item under that token.
So a worker killed anywhere leaves an item that another can take over, and never
half a summary or two.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from summaries.models.leasing import Leased, LeasedQuerySet, claim_is_whole, ended_has_date
from summaries.models.stocks import Stock
from summaries.models.texts import Summary


class BatchRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        CANCELLED = "cancelled", "cancelled"

    class Trigger(models.TextChoices):
        COMMAND = "command", "command"
        WEEKLY = "weekly", "weekly schedule"
        API = "api", "API or admin"

    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    slot = models.DateTimeField(
        null=True, blank=True, help_text="The scheduled moment; one run each."
    )
    scope = models.CharField(max_length=64, help_text="Hash of the stocks asked for.")
    concurrency = models.PositiveSmallIntegerField(default=4)
    at_half_price = models.BooleanField(
        default=False, help_text="Models are asked by Message Batches: half the price, hours later."
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        get_latest_by = ("started_at", "pk")
        constraints = (
            models.UniqueConstraint(
                name="batch_slot_once", fields=["trigger", "slot"], condition=Q(slot__isnull=False)
            ),
            models.UniqueConstraint(
                name="batch_scope_running_once", fields=["scope"], condition=Q(state="running")
            ),
            ended_has_date("batch_ended_has_date"),
        )

    def __str__(self) -> str:
        return f"Batch {self.pk}"


class BatchItem(Leased):
    class State(models.TextChoices):
        PENDING = "pending", "pending"
        CLAIMED = "claimed", "being worked on"
        WAITING = "waiting", "waiting for the models"
        PUBLISHED = "published", "published"
        UNCHANGED = "unchanged", "unchanged"
        HELD = "held", "held for review"
        NOT_ENOUGH = "not_enough", "not enough data"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    run = models.ForeignKey(BatchRun, on_delete=models.CASCADE, related_name="items")
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="batch_items")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    summary = models.ForeignKey(
        Summary, null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_items"
    )
    seconds = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    message = models.CharField(max_length=300, blank=True)
    waits_for = models.CharField(
        max_length=64, blank=True, help_text="Key of the answer that a Message Batch will bring."
    )

    objects = LeasedQuerySet["BatchItem"].as_manager()

    class Meta:
        ordering = ("run", "stock")
        constraints = (
            models.UniqueConstraint(name="batch_item_once", fields=["run", "stock"]),
            claim_is_whole("batch_item_claim_is_whole"),
            models.CheckConstraint(
                name="batch_item_failure_has_message",
                condition=~Q(state="failed") | ~Q(message=""),
            ),
            models.CheckConstraint(
                name="batch_item_published_has_summary",
                condition=~Q(state="published") | Q(summary__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_item_waits_for_an_answer",
                condition=~Q(state="waiting") | ~Q(waits_for=""),
            ),
            models.CheckConstraint(
                name="batch_item_cost_not_negative", condition=Q(cost_usd__gte=0)
            ),
        )
        indexes = (models.Index(fields=["run", "state"]),)

    def __str__(self) -> str:
        return f"{self.run} {self.stock}"
