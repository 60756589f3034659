"""Sell-side research: a note's versions, whom it speaks of, and what it says in figures."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

from summaries.models.documents import Document
from summaries.models.licences import Plan, licensed
from summaries.models.stocks import Stock


class ResearchNoteQuerySet(models.QuerySet["ResearchNote"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(licensed(user))

    def in_force(self) -> Self:
        """The newest version of each note, unless it was recalled or deleted."""
        return self.filter(is_current=True, status__in=ResearchNote.READABLE)


class ResearchNote(models.Model):
    """One version of a note, as its publisher sent it."""

    class Status(models.TextChoices):
        PUBLISHED = "published", "published"
        REVISED = "revised", "revised"
        RECALLED = "recalled", "recalled"
        DELETED = "deleted", "deleted"
        NOT_PUBLISHED = "not_published", "not published"

    READABLE = (Status.PUBLISHED, Status.REVISED)

    source_id = models.CharField(
        max_length=80, help_text="The publisher's id, the same for all versions."
    )
    also_known_as = models.JSONField(
        default=list, blank=True, help_text="Names by which a recall may speak of it."
    )
    version = models.CharField(max_length=80)
    status = models.CharField(max_length=14, choices=Status.choices)
    is_current = models.BooleanField(default=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="notes")
    document = models.OneToOneField(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="note",
        help_text="The note's text; none where it came as a withdrawal alone.",
    )  # fmt: skip
    title = models.CharField(max_length=300)
    synopsis = models.TextField(blank=True)
    publisher = models.CharField(max_length=160)
    category = models.CharField(max_length=120, blank=True)
    analysts = models.JSONField(default=list, help_text="List of {name, title, is_primary}.")
    disclosures = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_certain = models.BooleanField(
        default=True, help_text="No where the source left the time zone out."
    )
    status_at = models.DateTimeField()
    raw_sha256 = models.CharField(max_length=64)
    problems = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ResearchNoteQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="research_version_once", fields=["plan", "source_id", "version"]
            ),
            models.UniqueConstraint(
                name="research_one_current", fields=["plan", "source_id"], condition=Q(is_current=True)
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class ResearchIssuer(models.Model):
    """A company that a note speaks of, with its rating and target price there."""

    note = models.ForeignKey(ResearchNote, on_delete=models.CASCADE, related_name="issuers")
    stock = models.ForeignKey(
        Stock, null=True, blank=True, on_delete=models.SET_NULL, related_name="research",
        help_text="Empty where the ticker is none of ours.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField()
    is_primary = models.BooleanField(default=False)
    ticker = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=160, blank=True)
    rating = models.CharField(max_length=40, blank=True, help_text="The standard's word.")
    rating_words = models.CharField(max_length=80, blank=True, help_text="The broker's own word.")
    prior_rating = models.CharField(max_length=40, blank=True)
    prior_rating_words = models.CharField(max_length=80, blank=True)
    rating_action = models.CharField(max_length=40, blank=True)
    target_price = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    prior_target_price = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    target_action = models.CharField(max_length=40, blank=True)
    estimate_action = models.CharField(max_length=40, blank=True)
    coverage_action = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    estimates = models.JSONField(
        default=list,
        blank=True,
        help_text="List of {measure, period, value, prior, currency, unit}.",
    )

    class Meta:
        ordering = ("note", "position")
        constraints = (
            models.UniqueConstraint(name="research_issuer_once", fields=["note", "position"]),
        )
        indexes = (models.Index(fields=["stock", "note"]),)

    def __str__(self) -> str:
        return self.ticker or self.name
