"""What reviewers decide of held texts, and what they teach: approvals, texts sent back, cases.

An approval counts while its text is held; nothing leads back to held, so that those of a text
that went another way are void by themselves. A labelled case outlives the text it was made of,
and is under every licence that the whole text was under.
"""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

from summaries.models.licences import Plan
from summaries.models.texts import Claim, Finding, Summary, Tier, Verdict


class Approval(models.Model):
    """One person's word that a held text may go out."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(name="approval_once_a_person", fields=["summary", "by"]),
        )

    def __str__(self) -> str:
        return f"{self.by} approved {self.summary}"


class Rewrite(models.Model):
    """A text that was sent back: it is written anew, with what was wrong with it.

    It is open while no later text rests on the same inputs.
    """

    summary = models.OneToOneField(Summary, on_delete=models.CASCADE, related_name="rewrite")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.CheckConstraint(name="rewrite_has_reason", condition=~Q(reason="")),)

    def __str__(self) -> str:
        return f"{self.summary} sent back"


class LabelledCaseQuerySet(models.QuerySet["LabelledCase"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Cases of texts that the user may, or might have, read whole."""
        beyond = Plan.objects.exclude(pk__in=Plan.objects.held_by(user).values("pk"))
        return self.exclude(plans__in=beyond)

    def free(self) -> Self:
        """Under no licence."""
        return self.filter(plans__isnull=True)


class LabelledCase(models.Model):
    """What the verifier said of a claim and what a reviewer says: it tests the next verifier.

    ``evidence``: a dict for each citation: document, title, start, end, quote, fact, formula.
    """

    class Label(models.TextChoices):
        SUPPORTED = "supported", "supported"
        UNSUPPORTED = "unsupported", "unsupported"

    summary = models.ForeignKey(
        Summary, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    claim_row = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    finding_row = models.OneToOneField(
        Finding, null=True, blank=True, on_delete=models.SET_NULL, related_name="case"
    )
    ticker = models.CharField(max_length=12)
    writer = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=8, choices=Tier.choices)
    claim = models.TextField(help_text="The sentence.")
    verdict = models.CharField(
        max_length=14, choices=Verdict.choices, help_text="What the verifier said."
    )
    label = models.CharField(
        max_length=11, choices=Label.choices, help_text="What the reviewer says."
    )
    code = models.CharField(max_length=24, help_text="The finding's.")
    finding = models.TextField(help_text="The finding, in words.")
    evidence = models.JSONField(default=list)
    plans = models.ManyToManyField(
        Plan, blank=True, related_name="+", help_text="Licences that the text was under."
    )
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = LabelledCaseQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(name="case_has_claim", condition=~Q(claim="")),
            models.CheckConstraint(name="case_has_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.ticker} {self.code}: {self.claim[:60]}"
