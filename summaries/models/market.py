"""What FactSet gives: fundamentals, prices and estimates, each with when we knew it.

A value that changes is a new row beside the old one: ``known_at`` tells them apart.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from summaries.models.stocks import Stock

Row = TypeVar("Row", bound=models.Model)


class VersionedQuerySet(models.QuerySet[Row]):
    def known(self, at: datetime) -> Self:
        """Rows that we knew at a moment."""
        return self.filter(known_at__lte=at)


class Fundamental(models.Model):
    """A line item as FactSet has it; in units of the currency, its factor applied."""

    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="fundamentals")
    metric = models.CharField(max_length=40, help_text="FF_SALES, FF_EPS_DIL.")
    periodicity = models.CharField(max_length=10)
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)
    fiscal_period = models.PositiveSmallIntegerField(null=True, blank=True)
    fiscal_end = models.DateField()
    report_date = models.DateField(null=True, blank=True)
    update_type = models.CharField(max_length=12, blank=True, help_text="Preliminary or Final.")
    currency = models.CharField(max_length=3, blank=True)
    value = models.DecimalField(max_digits=30, decimal_places=6)
    known_at = models.DateTimeField()

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ("metric", "-fiscal_end", "-known_at")
        constraints = (
            models.UniqueConstraint(
                name="fundamental_version_once",
                fields=["stock", "metric", "periodicity", "fiscal_end", "currency", "known_at"],
            ),
        )

    def __str__(self) -> str:
        return f"{self.metric} {self.fiscal_end} {self.value}"


class DailyPrice(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="prices")
    on = models.DateField()
    currency = models.CharField(max_length=3)
    close = models.DecimalField(max_digits=20, decimal_places=6, help_text="Adjusted for splits.")
    open = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    volume = models.DecimalField(
        max_digits=24, decimal_places=3, null=True, blank=True, help_text="As FactSet counts it."
    )
    known_at = models.DateTimeField()

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ("-on", "-known_at")
        constraints = (
            models.UniqueConstraint(
                name="price_version_once", fields=["stock", "on", "currency", "known_at"]
            ),
            models.CheckConstraint(name="price_not_negative", condition=Q(close__gte=0)),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.close} {self.currency}"


class Estimate(models.Model):
    """The analysts' consensus for one measure and fiscal period, as of ``estimate_date``."""

    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="estimates")
    metric = models.CharField(max_length=40, help_text="EPS, SALES.")
    periodicity = models.CharField(max_length=10)
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)
    fiscal_period = models.PositiveSmallIntegerField(null=True, blank=True)
    fiscal_end = models.DateField()
    estimate_date = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    mean = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    median = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    high = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    low = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    standard_deviation = models.DecimalField(max_digits=30, decimal_places=6, null=True, blank=True)
    estimate_count = models.PositiveSmallIntegerField(null=True, blank=True)
    up = models.PositiveSmallIntegerField(null=True, blank=True)
    down = models.PositiveSmallIntegerField(null=True, blank=True)
    known_at = models.DateTimeField()

    objects = VersionedQuerySet.as_manager()

    class Meta:
        ordering = ("metric", "-fiscal_end", "-estimate_date", "-known_at")
        constraints = (
            models.UniqueConstraint(
                name="estimate_version_once",
                fields=[
                    "stock", "metric", "periodicity", "fiscal_end", "estimate_date", "currency",
                    "known_at",
                ],
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.metric} {self.fiscal_end} {self.mean}"
