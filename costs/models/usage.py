"""The ledger: a row for each attempt to call a model, written before the call.

``sending``: the call may be under way. ``settled``: the provider answered and bills it.
``failed``: it refused before any work, nothing is billed. ``unknown``: we can't know yet (the
connection or the worker broke); the tokens are our own count until the provider's export
says what was billed. A row is never deleted; a corrected amount leaves a CostAdjustment.
"""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from costs.models.prices import Price
from costs.tokens import Tokens


class Category(models.TextChoices):
    """What kind of work it was for; each has a budget of its own."""

    BATCH = "batch", "batch"
    QUERIES = "queries", "queries"
    INFRASTRUCTURE = "infrastructure", "infrastructure"


class Team(models.Model):
    """People who share a budget."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="teams")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UsageRecordQuerySet(models.QuerySet["UsageRecord"]):
    def billed(self) -> Self:
        """What the provider bills, or may bill."""
        return self.exclude(state=UsageRecord.State.FAILED)

    def open(self) -> Self:
        return self.filter(state=UsageRecord.State.SENDING)


class UsageRecord(models.Model):
    class State(models.TextChoices):
        SENDING = "sending", "sending"
        SETTLED = "settled", "settled"
        FAILED = "failed", "failed"
        UNKNOWN = "unknown", "unknown"

    call = models.UUIDField(default=uuid.uuid4, help_text="The attempts of one call share it.")
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENDING)

    provider = models.CharField(max_length=20)
    model = models.CharField(max_length=80)
    operation = models.CharField(max_length=12, help_text="write, stream, judge, embed, warm.")
    is_batch = models.BooleanField(default=False, help_text="Sent in a Message Batch.")
    batch = models.CharField(max_length=80, blank=True, help_text="The provider's batch id.")
    request_id = models.CharField(max_length=80, blank=True)
    response_id = models.CharField(max_length=80, blank=True)

    category = models.CharField(max_length=14, choices=Category.choices)
    agent = models.CharField(max_length=40, help_text="Which part of the product asked.")
    task = models.CharField(max_length=40, blank=True)
    stock = models.CharField(max_length=12, blank=True, help_text="Ticker.")
    summary = models.BigIntegerField(null=True, blank=True)
    query = models.CharField(max_length=40, blank=True)
    run = models.CharField(max_length=40, blank=True, help_text="Batch run it belongs to.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    variant = models.CharField(max_length=80, blank=True, help_text="Experiment and variant.")
    prompt = models.CharField(max_length=60, blank=True)
    prompt_version = models.CharField(max_length=64, blank=True)

    estimated_tokens = models.PositiveIntegerField(default=0, help_text="Of the prompt, before.")
    input_tokens = models.PositiveIntegerField(default=0)
    cache_write_tokens = models.PositiveIntegerField(default=0)
    cache_write_1h_tokens = models.PositiveIntegerField(default=0)
    cache_read_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    thinking_tokens = models.PositiveIntegerField(default=0, help_text="Part of the output.")
    is_estimate = models.BooleanField(default=False, help_text="Our own count, not the provider's.")

    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="records")
    reserved_usd = models.DecimalField(max_digits=24, decimal_places=15, default=0)
    # Exact: six decimals of a price, six of a million, three of a batch factor.
    cost_usd = models.DecimalField(max_digits=24, decimal_places=15, default=0)

    error = models.CharField(max_length=40, blank=True, help_text="Kind of failure.")
    was_stopped = models.BooleanField(default=False, help_text="We ended the stream.")
    was_partial = models.BooleanField(default=False, help_text="The answer broke off.")
    sent_at = models.DateTimeField(help_text="Decides price and budget period.")
    ended_at = models.DateTimeField(null=True, blank=True)
    first_token_ms = models.PositiveIntegerField(null=True, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    reconciled_at = models.DateTimeField(null=True, blank=True, help_text="Seen on an invoice.")

    objects = UsageRecordQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "-pk")
        verbose_name = "usage record"
        constraints = (
            models.UniqueConstraint(name="usage_attempt_once", fields=["call", "attempt"]),
            models.CheckConstraint(
                name="usage_ended_has_date",
                condition=Q(state="sending", ended_at__isnull=True)
                | Q(~Q(state="sending"), ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="usage_failed_is_free",
                condition=~Q(state="failed") | Q(cost_usd=0) & ~Q(error=""),
            ),
            models.CheckConstraint(
                name="usage_money_not_negative",
                condition=Q(cost_usd__gte=0) & Q(reserved_usd__gte=0),
            ),
            models.CheckConstraint(
                name="usage_thinking_is_output",
                condition=Q(thinking_tokens__lte=F("output_tokens")),
            ),
        )
        indexes = (
            models.Index(fields=["sent_at"]),
            models.Index(fields=["state", "sent_at"], condition=Q(state__in=("sending", "unknown")),
                         name="usage_open"),
            models.Index(fields=["provider", "request_id"]),
            models.Index(fields=["stock", "sent_at"], condition=~Q(stock=""), name="usage_stock"),
            models.Index(fields=["query"], condition=~Q(query=""), name="usage_query"),
            models.Index(fields=["run"], condition=~Q(run=""), name="usage_run"),
            models.Index(fields=["user", "sent_at"]),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.model} {self.agent} {self.sent_at:%Y-%m-%d %H:%M:%S}"

    @property
    def tokens(self) -> Tokens:
        return Tokens(
            input=self.input_tokens,
            cache_write=self.cache_write_tokens,
            cache_write_1h=self.cache_write_1h_tokens,
            cache_read=self.cache_read_tokens,
            output=self.output_tokens,
            thinking=self.thinking_tokens,
        )


class CostAdjustment(models.Model):
    """Why a record's cost is no longer what it was settled at; never changed."""

    record = models.ForeignKey(UsageRecord, on_delete=models.PROTECT, related_name="adjustments")
    from_usd = models.DecimalField(max_digits=24, decimal_places=15)
    to_usd = models.DecimalField(max_digits=24, decimal_places=15)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.from_usd} → {self.to_usd}: {self.reason}"


class Expense(models.Model):
    """What was spent on anything but a model's call: servers, data, licences."""

    on = models.DateField()
    amount_usd = models.DecimalField(max_digits=12, decimal_places=2)
    category = models.CharField(
        max_length=14, choices=Category.choices, default=Category.INFRASTRUCTURE
    )
    what = models.CharField(max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.on} {self.what}"
