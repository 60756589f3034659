"""Summaries, made of claims; every claim cites what proves it.

A tier has no text of its own: it is the rendering of its claims in order, so
that what is verified and what is read can't drift apart.

A summary that cites licensed research is under its licence, whole: for who lacks the
plan it isn't there, nor what it superseded superseded.
"""

from __future__ import annotations

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from summaries.models.documents import Document
from summaries.models.licences import licensed
from summaries.models.stocks import Fact, Stock
from summaries.tiers import Tier as TierName
from summaries.verification.verdicts import Verdict as VerdictName


class Tier(models.TextChoices):
    HOOK = TierName.HOOK.value, "Hook"
    MEDIUM = TierName.MEDIUM.value, "Medium"
    EXPANDED = TierName.EXPANDED.value, "Expanded"


class Verdict(models.TextChoices):
    SUPPORTED = VerdictName.SUPPORTED.value, "supported"
    CONTRADICTED = VerdictName.CONTRADICTED.value, "contradicted"
    NOT_FOUND = VerdictName.NOT_FOUND.value, "not found"
    NOT_CHECKABLE = VerdictName.NOT_CHECKABLE.value, "not checkable"


class SummaryQuerySet(models.QuerySet["Summary"]):
    def published(self) -> Self:
        return self.filter(state=Summary.State.PUBLISHED)

    def held(self) -> Self:
        return self.filter(state=Summary.State.HELD)

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Summaries none of whose citations is beyond the user's licences.

        With ``shown_state``: the state that a summary would have if those that the user may
        not read had never been written.
        """
        newer = Summary.objects.exclude(pk__in=_beyond(user)).filter(
            stock=OuterRef("stock"), version__gt=OuterRef("version"), published_at__isnull=False
        )
        unseated = Q(state=Summary.State.SUPERSEDED, published_at__isnull=False) & ~Exists(newer)
        return self.exclude(pk__in=_beyond(user)).annotate(
            shown_state=Case(
                When(unseated, then=Value(Summary.State.PUBLISHED.value)),
                default=F("state"),
                output_field=CharField(),
            )
        )

    def shown(self) -> Self:
        """What advisors read, of ``readable_by``: one a stock."""
        return self.shown_as(Summary.State.PUBLISHED)

    def shown_as(self, state: str) -> Self:
        """Of ``readable_by``, by the state that the user reads them in."""
        return self.filter(shown_state=state)

    def unseated(self) -> Self:
        """Of ``readable_by``: what only a text that the user may not read has superseded."""
        return self.shown().exclude(state=Summary.State.PUBLISHED)

    def ever_public(self) -> Self:
        """What is or was what advisors read, unless it was withdrawn."""
        public = (Summary.State.PUBLISHED, Summary.State.SUPERSEDED)
        return self.filter(state__in=public, published_at__isnull=False)


def _beyond(user: User | AnonymousUser) -> models.QuerySet[Citation, Any]:
    """The summaries that cite a document beyond the user's licences.

    Asked once for a whole query, by way of the licensed documents: they are few.
    """
    licensed_ones = Citation.objects.filter(document__plan__isnull=False)
    return licensed_ones.exclude(licensed(user, "document__plan")).values("claim__summary")


class Summary(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        HELD = "held", "held for review"
        PUBLISHED = "published", "published"
        SUPERSEDED = "superseded", "superseded"
        REJECTED = "rejected", "rejected"
        WITHDRAWN = "withdrawn", "withdrawn"

    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="summaries")
    version = models.PositiveIntegerField(help_text="1, 2, 3… for a stock.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    writer = models.CharField(max_length=40, help_text="extractive, or a model's id.")
    inputs_hash = models.CharField(max_length=64, help_text="Hash of all that the text rests on.")
    data_through = models.DateField(help_text="Last day of the newest period it speaks of.")
    filed = models.DateField(null=True, blank=True, help_text="When the newest filing was filed.")
    risk = models.DecimalField(max_digits=4, decimal_places=3, help_text="0 (none) to 1.")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(max_length=300, blank=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name_plural = "summaries"
        constraints = (
            models.UniqueConstraint(name="summary_version_once", fields=["stock", "version"]),
            models.UniqueConstraint(
                name="summary_one_published", fields=["stock"], condition=Q(state="published")
            ),
            models.CheckConstraint(
                name="summary_published_has_date",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="summary_held_has_reason", condition=~Q(state="held") | ~Q(state_reason="")
            ),
            models.CheckConstraint(
                name="summary_risk_range", condition=Q(risk__gte=0) & Q(risk__lte=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.stock} v{self.version}"

    def tier_claims(self, tier: str) -> list[Claim]:
        """Claims of a tier in order; uses prefetched claims where there are."""
        return sorted(
            (claim for claim in self.claims.all() if claim.tier == tier),
            key=lambda claim: claim.position,
        )

    def tier_text(self, tier: str) -> str:
        return " ".join(claim.text for claim in self.tier_claims(tier))


class ClaimQuerySet(models.QuerySet["Claim"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        return self.exclude(summary__in=_beyond(user))


class Claim(models.Model):
    """One sentence of one tier."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="claims")
    tier = models.CharField(max_length=8, choices=Tier.choices)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    verdict = models.CharField(max_length=14, choices=Verdict.choices)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("summary", "tier", "position")
        constraints = (
            models.UniqueConstraint(
                name="claim_place_once", fields=["summary", "tier", "position"]
            ),
            models.CheckConstraint(name="claim_has_text", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.text[:80]


class CitationQuerySet(models.QuerySet["Citation"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Citations of summaries that the user may read, those of free documents among them."""
        return self.exclude(claim__summary__in=_beyond(user))


class Citation(models.Model):
    """What proves a claim: a span of a document, and the fact printed there if it is one.

    ``start`` and ``end`` are code points into the document's text, ``quote``
    what stands there; ``claim_start`` and ``claim_end`` the part of the claim
    that it proves.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="citations")
    position = models.PositiveSmallIntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="citations")
    fact = models.ForeignKey(
        Fact, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    claim_start = models.PositiveIntegerField()
    claim_end = models.PositiveIntegerField()
    formula = models.CharField(max_length=300, blank=True, help_text="How a figure was derived.")

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ("claim", "position")
        constraints = (
            models.UniqueConstraint(name="citation_place_once", fields=["claim", "position"]),
            models.CheckConstraint(
                name="citation_spans",
                condition=Q(end__gt=F("start")) & Q(claim_end__gt=F("claim_start")),
            ),
            models.CheckConstraint(name="citation_has_quote", condition=~Q(quote="")),
        )

    def __str__(self) -> str:
        return self.quote[:80]


class FindingQuerySet(models.QuerySet["Finding"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        return self.exclude(claim__summary__in=_beyond(user))


class Finding(models.Model):
    """Why a claim doesn't hold, in words; offsets are code points of the claim's text."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=24)
    reason = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("claim", "start")

    def __str__(self) -> str:
        return f"{self.code}: {self.reason[:80]}"
