"""Regression runs: how good the product's texts and verdicts were, version by version.

Rows are written once and never changed. What stands in them is our own: no text of a document,
a note or a summary.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class RegressionRun(models.Model):
    class Writer(models.TextChoices):
        EXTRACTIVE = "extractive", "extractive"
        MODELS = "models", "models"

    class Result(models.TextChoices):
        PASSED = "passed", "passed"
        BELOW = "below", "below a threshold"
        UNDETERMINED = "undetermined", "undetermined"

    suite = models.CharField(max_length=60)
    suite_version = models.CharField(max_length=12, help_text="Hash of the cases.")
    code_version = models.CharField(max_length=12, help_text="Hash of our source files.")
    writer = models.CharField(max_length=10, choices=Writer.choices)
    writer_version = models.CharField(
        max_length=80, blank=True, help_text="The extractive writer's, or the models that wrote."
    )
    prompt_versions = models.CharField(max_length=80, blank=True, help_text="Where models write.")
    verifier_version = models.CharField(max_length=40)
    kinds = models.JSONField(default=list, blank=True, help_text="Kinds of cases; empty: all.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    seconds = models.DecimalField(max_digits=9, decimal_places=3)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    result = models.CharField(max_length=12, choices=Result.choices)
    grades = models.JSONField(
        default=list,
        help_text="For each evaluator: mean, threshold, cases, undetermined and result.",
    )

    class Meta:
        ordering = ("-started_at", "-pk")
        get_latest_by = ("started_at", "pk")
        indexes = (models.Index(fields=["suite", "writer", "-started_at"]),)
        constraints = (
            models.CheckConstraint(
                name="regression_ends_after_start", condition=Q(finished_at__gte=F("started_at"))
            ),
            models.CheckConstraint(
                name="regression_cost_not_negative", condition=Q(cost_usd__gte=0)
            ),
        )

    def __str__(self) -> str:
        return f"Regression run {self.pk}"


class RegressionResult(models.Model):
    """A case's score by one evaluator; null where it could not be determined."""

    run = models.ForeignKey(RegressionRun, on_delete=models.CASCADE, related_name="results")
    case = models.CharField(max_length=80, help_text="The case's id in its suite.")
    kind = models.CharField(max_length=12)
    ticker = models.CharField(max_length=12)
    evaluator = models.CharField(max_length=20)
    score = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True)
    why = models.TextField()

    class Meta:
        ordering = ("run", "case", "evaluator")
        constraints = (
            models.UniqueConstraint(
                name="regression_score_once", fields=["run", "case", "evaluator"]
            ),
            models.CheckConstraint(
                name="regression_score_range",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.evaluator}"
