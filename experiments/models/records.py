"""What happened: who was shown which variant, and what was measured of whom. Written once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from experiments.models.ab_tests import Metric, Phase, Variant

_UNIT = 64


class Exposure(models.Model):
    """The first moment at which a unit met its variant, once a phase."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="exposures")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="exposures")
    unit = models.CharField(max_length=_UNIT)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(name="exposure_once", fields=["phase", "unit"]),)

    def __str__(self) -> str:
        return f"{self.unit} in {self.variant_id}"


class Outcome(models.Model):
    """One measurement, of all the units it speaks of: a test reads it by its own kind of unit."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="outcomes")
    user = models.CharField(max_length=_UNIT, blank=True)
    firm = models.CharField(max_length=_UNIT, blank=True)
    stock = models.CharField(max_length=_UNIT, blank=True)
    value = models.FloatField()
    denominator = models.FloatField(
        default=1, help_text="Of a ratio: what the value is counted by."
    )
    at = models.DateTimeField()
    key = models.CharField(
        max_length=120, help_text="Whoever measured names it; the same again is the same row."
    )

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(name="outcome_once", fields=["metric", "key"]),
            models.CheckConstraint(
                name="outcome_has_unit", condition=~Q(user="") | ~Q(firm="") | ~Q(stock="")
            ),
            models.CheckConstraint(name="outcome_denominator", condition=Q(denominator__gt=0)),
        )
        indexes = (
            models.Index(fields=["metric", "user", "at"], condition=~Q(user=""), name="outcome_user"),
            models.Index(fields=["metric", "firm", "at"], condition=~Q(firm=""), name="outcome_firm"),
            models.Index(fields=["metric", "stock", "at"], condition=~Q(stock=""),
                         name="outcome_stock"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.metric_id} {self.value}"
