"""Conversations, the questions in them, and what became of each.

A query is a row before anything is done for it. Whoever answers it owns it while the token
stands and the lease lasts; the answer, its citations and the end of the query are one
transaction under that token. An answer is readable by who holds every licence that its
evidence may have been read under, and by nobody else, whoever asked.
"""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from costs.models import Team
from queries.values import Depth
from summaries.models import Document, Fact, Plan

MOST_ATTEMPTS = 5
DEPTHS = [(one.value, one.value) for one in Depth]


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def kept(self) -> Self:
        return self.filter(deleted_at__isnull=True)

    def of(self, user: User | AnonymousUser) -> Self:
        return self.kept().filter(owner=user.pk)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own, and those shared with a team that one is in. For all others there are none."""
        if not (user.is_active and user.pk):
            return self.none()
        teams: Any = Team.objects.filter(members=user.pk).values("pk")
        return self.kept().filter(Q(owner=user.pk) | Q(team__in=teams))


class Conversation(models.Model):
    """Soft-deleted by its owner, gone for good only when ``purge_expired`` takes it; never while
    it is held."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations"
    )
    title = models.CharField(max_length=120)
    stocks = models.JSONField(default=list, blank=True, help_text="Tickers, as they came up.")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, help_text="Shared with it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True, help_text="Legal hold: never purged.")
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hold_reason = models.CharField(max_length=200, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ("-updated_at", "-pk")
        permissions = (
            ("oversee_conversation", "Can read, hold and export everybody's conversations"),
        )
        constraints = (
            models.CheckConstraint(
                name="conversation_hold_is_whole",
                condition=Q(held_at__isnull=True, held_by__isnull=True, hold_reason="")
                | Q(Q(held_at__isnull=False, held_by__isnull=False), ~Q(hold_reason="")),
            ),
        )
        indexes = (models.Index(fields=["owner", "-updated_at"], name="conversation_own"),)

    def __str__(self) -> str:
        return f"Conversation {self.pk}"  # its title is the owner's words


class QueryQuerySet(models.QuerySet["Query"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Without those that stand on a licence which the user lacks."""
        beyond = Query.plans.through.objects.filter(query=OuterRef("pk")).exclude(
            plan__in=Plan.objects.held_by(user).values("pk")
        )
        return self.filter(~Exists(beyond))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def claimable(self) -> Self:
        """Asked, or running under a lease that is over; by the database's clock."""
        return self.filter(
            Q(state=Query.State.ASKED) | Q(Q(state=Query.State.RUNNING), ~Q(lease_until__gte=Now()))
        )

    def exhausted(self) -> Self:
        """Taken as often as a query may be, and nobody is at it."""
        return self.claimable().filter(attempts__gte=MOST_ATTEMPTS)


class Query(models.Model):
    """``asked`` waits, ``running`` is somebody's; the others are ends. ``answered`` is also what
    the sources don't say; ``declined`` is advice. ``refused`` was not tried, ``failed`` broke."""

    class State(models.TextChoices):
        ASKED = "asked", "asked"
        RUNNING = "running", "running"
        ANSWERED = "answered", "answered"
        DECLINED = "declined", "declined"
        REFUSED = "refused", "refused"
        FAILED = "failed", "failed"
        STOPPED = "stopped", "stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="queries")
    number = models.PositiveIntegerField(help_text="In its conversation, from 1.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="queries"
    )
    question = models.TextField(help_text="As typed. Goes into no log.")
    stocks = models.JSONField(default=list, blank=True, help_text="Tickers that the asker chose.")
    depth_asked = models.CharField(max_length=8, choices=DEPTHS, blank=True)
    depth = models.CharField(max_length=8, choices=DEPTHS, blank=True, help_text="As answered.")
    as_of = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=200, blank=True, help_text="Idempotency key.")
    body_sha256 = models.CharField(max_length=64, help_text="Of what was asked under the key.")

    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    claim_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stop_asked_at = models.DateTimeField(null=True, blank=True)

    answer = models.JSONField(null=True, blank=True, help_text="As queries.eventlog.codec has it.")
    code = models.CharField(max_length=16, blank=True, help_text="Why there is no answer.")
    message = models.CharField(max_length=500, blank=True, help_text="The same in words.")
    retry_after = models.PositiveIntegerField(null=True, blank=True, help_text="Seconds.")
    plans = models.ManyToManyField(
        Plan, blank=True, related_name="+", help_text="Licences that the answer stands on."
    )
    corpus = models.CharField(
        max_length=64, blank=True, help_text="Digest of the documents that it cites."
    )
    rules = models.CharField(max_length=64, blank=True, help_text="Version of what checked it.")
    cost_usd = models.DecimalField(max_digits=24, decimal_places=15, default=0)
    first_ms = models.PositiveIntegerField(null=True, blank=True)
    total_ms = models.PositiveIntegerField(null=True, blank=True)
    is_cached = models.BooleanField(default=False)

    objects = QueryQuerySet.as_manager()

    class Meta:
        ordering = ("conversation", "number")
        verbose_name_plural = "queries"
        permissions = (("ask_question", "Can ask questions and keep conversations"),)
        constraints = (
            models.UniqueConstraint(name="query_number_once", fields=["conversation", "number"]),
            models.UniqueConstraint(
                name="query_key_once", fields=["user", "key"], condition=~Q(key="")
            ),
            models.CheckConstraint(
                name="query_claim_is_whole",
                condition=Q(state="running", claim_token__isnull=False, lease_until__isnull=False)
                | Q(~Q(state="running"), claim_token__isnull=True, lease_until__isnull=True),
            ),
            models.CheckConstraint(
                name="query_ended_has_date",
                condition=Q(state__in=("asked", "running"), finished_at__isnull=True)
                | Q(~Q(state__in=("asked", "running")), finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="query_answered_has_answer",
                condition=~Q(state__in=("answered", "declined")) | Q(answer__isnull=False),
            ),
            models.CheckConstraint(
                name="query_refusal_has_words",
                condition=~Q(state__in=("refused", "failed")) | ~Q(code="") & ~Q(message=""),
            ),
        )
        indexes = (
            models.Index(
                fields=["asked_at"], name="query_open", condition=Q(state__in=("asked", "running"))
            ),
        )

    def __str__(self) -> str:
        return f"Query {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


OPEN = (Query.State.ASKED, Query.State.RUNNING)


class Checkpoint(models.Model):
    """What was done when a step ended: what a stop or a killed worker leaves of an answer."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="checkpoints")
    attempt = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="In its attempt, from 1.")
    step = models.CharField(max_length=80)
    text = models.CharField(max_length=300, blank=True)
    claims = models.JSONField(default=list, help_text="Marked so far, as the codec has them.")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("query", "attempt", "number")
        constraints = (
            models.UniqueConstraint(name="checkpoint_once", fields=["query", "attempt", "number"]),
        )

    def __str__(self) -> str:
        return f"{self.step} of {self.query_id}"


class AnswerCitation(models.Model):
    """What proves a claim of an answer; of ``close`` claims too, numbered on after the others."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="citations")
    claim = models.PositiveIntegerField(help_text="From 0.")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=40)
    label = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fact = models.ForeignKey(
        Fact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    start = models.IntegerField(null=True, blank=True, help_text="Code points of the document.")
    end = models.IntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    url = models.TextField(blank=True)

    class Meta:
        ordering = ("query", "claim", "position")
        constraints = (
            models.UniqueConstraint(
                name="answer_citation_once", fields=["query", "claim", "position"]
            ),
            models.CheckConstraint(
                name="answer_citation_span",
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__gte=0, end__gte=F("start")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} for claim {self.claim} of {self.query_id}"
