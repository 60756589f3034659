"""What was asked of the sources, and how far each thing has come.

A ``SourceItem`` is one thing that a source has: a filing's document, a note, a file of
facts. It says whether we hold it or why not, and outlives the runs: a killed ingest goes
on with the items that are not stored yet. An ``IngestRun`` is one go over a source, an
``IngestItem`` its part for one stock (or the whole feed), claimed as batch items are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from summaries.models.leasing import Leased, LeasedQuerySet, claim_is_whole, ended_has_date
from summaries.models.licences import holds_every_plan
from summaries.models.research import ResearchNote
from summaries.models.stocks import Stock


class Source(models.TextChoices):
    EDGAR = "edgar", "EDGAR"
    BLUEMATRIX = "bluematrix", "BlueMatrix"
    FACTSET = "factset", "FactSet"


# What they give is under licences; the others' is free to every account.
LICENSED_SOURCES = (Source.BLUEMATRIX,)


class SourceItemQuerySet(models.QuerySet["SourceItem"]):
    def due(self, now: datetime) -> Self:
        """Not stored yet, and worth trying at this moment."""
        return self.filter(
            Q(state=SourceItem.State.FOUND)
            | Q(state=SourceItem.State.FAILED, is_permanent=False, try_after__lte=now)
        )

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """All but licensed research: its name says what it is about, a failure may quote it.

        Of that the notes that the user's plans cover; what can't be told apart by plan,
        because it wasn't read yet, is for who holds them all.
        """
        if holds_every_plan(user):
            return self
        # The ingest says in ``about`` which note a delivery became.
        note: Any = Cast(KeyTextTransform("note", OuterRef("about")), models.BigIntegerField())
        notes = ResearchNote.objects.readable_by(user).filter(pk=note)
        return self.filter(~Q(source__in=LICENSED_SOURCES) | Exists(notes))


class SourceItem(models.Model):
    class State(models.TextChoices):
        FOUND = "found", "found, not fetched yet"
        STORED = "stored", "stored"
        FAILED = "failed", "failed"
        WITHDRAWN = "withdrawn", "withdrawn by its publisher"

    source = models.CharField(max_length=10, choices=Source.choices)
    key = models.CharField(max_length=200, help_text="Accession and file name, or a note's id.")
    stock = models.ForeignKey(
        Stock, null=True, blank=True, on_delete=models.CASCADE, related_name="source_items"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.FOUND)
    kind = models.CharField(max_length=20, blank=True, help_text="10-K, EX-99.1, facts, note.")
    about = models.JSONField(
        default=dict, blank=True, help_text="What the listing said of it, to fetch it by."
    )
    public_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes last stored.")
    error = models.CharField(max_length=400, blank=True)
    is_permanent = models.BooleanField(default=False, help_text="Trying again can't help.")
    attempts = models.PositiveSmallIntegerField(default=0)
    try_after = models.DateTimeField(null=True, blank=True)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the source last confirmed it, changed or not."
    )

    objects = SourceItemQuerySet.as_manager()

    class Meta:
        ordering = ("source", "stock", "-public_at", "key")
        constraints = (
            models.UniqueConstraint(
                name="source_item_once", fields=["source", "stock", "key"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="source_item_failure_has_reason",
                condition=~Q(state="failed") | ~Q(error=""),
            ),
        )
        indexes = (models.Index(fields=["source", "state"]),)

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class IngestRun(models.Model):
    class State(models.TextChoices):
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        CANCELLED = "cancelled", "cancelled"

    class Trigger(models.TextChoices):
        COMMAND = "command", "command"
        SCHEDULE = "schedule", "schedule"
        ADMIN = "admin", "API or admin"

    source = models.CharField(max_length=10, choices=Source.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    trigger = models.CharField(max_length=8, choices=Trigger.choices)
    slot = models.DateTimeField(
        null=True, blank=True, help_text="The scheduled moment; one run each."
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
                name="ingest_running_once", fields=["source"], condition=Q(state="running")
            ),
            models.UniqueConstraint(
                name="ingest_slot_once", fields=["source", "slot"], condition=Q(slot__isnull=False)
            ),
            ended_has_date("ingest_ended_has_date"),
        )

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.pk}"


class IngestItemQuerySet(LeasedQuerySet["IngestItem"]):
    def at_hand(self, now: datetime) -> Self:
        """Open, and its source didn't ask us to wait."""
        return self.open().exclude(not_before__gt=now)


class IngestItem(Leased):
    class State(models.TextChoices):
        PENDING = "pending", "pending"
        CLAIMED = "claimed", "being worked on"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    run = models.ForeignKey(IngestRun, on_delete=models.CASCADE, related_name="items")
    stock = models.ForeignKey(
        Stock, null=True, blank=True, on_delete=models.CASCADE, related_name="ingest_items",
        help_text="Empty: the source's whole feed.",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    not_before = models.DateTimeField(null=True, blank=True, help_text="The source asked to wait.")
    stored = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)

    objects = IngestItemQuerySet.as_manager()

    class Meta:
        ordering = ("run", "stock")
        constraints = (
            models.UniqueConstraint(
                name="ingest_item_once", fields=["run", "stock"], nulls_distinct=False
            ),
            claim_is_whole("ingest_item_claim_is_whole"),
            models.CheckConstraint(
                name="ingest_item_failure_has_message",
                condition=~Q(state="failed") | ~Q(message=""),
            ),
        )
        indexes = (models.Index(fields=["run", "state"]),)

    def __str__(self) -> str:
        return f"{self.run} {self.stock or 'feed'}"
