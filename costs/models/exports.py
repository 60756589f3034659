"""What a provider says it billed: imported, kept, and compared with the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from costs.models.usage import UsageRecord


class UsageExport(models.Model):
    """One file of a provider's usage; the same file is imported once."""

    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    billed_usd = models.DecimalField(max_digits=24, decimal_places=15)
    ledger_usd = models.DecimalField(max_digits=24, decimal_places=15)

    class Meta:
        ordering = ("-imported_at",)

    def __str__(self) -> str:
        return f"{self.provider} {self.from_at:%Y-%m-%d} to {self.until_at:%Y-%m-%d}"


class ExportLine(models.Model):
    """One line of an export: a request, or a day's sum for a model."""

    class Match(models.TextChoices):
        SAME = "same", "as on the ledger"
        RECONCILED = "reconciled", "settled an unknown call"
        LIKELY = "likely", "settled an unknown call of its likeness"
        DIFFERENT = "different", "another amount than on the ledger"
        MISSING = "missing", "not on the ledger"

    export = models.ForeignKey(UsageExport, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    record = models.ForeignKey(
        UsageRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="export_lines"
    )
    request_id = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80)
    is_batch = models.BooleanField(default=False)
    at = models.DateTimeField()
    input_tokens = models.PositiveBigIntegerField(default=0)
    cache_write_tokens = models.PositiveBigIntegerField(default=0)
    cache_write_1h_tokens = models.PositiveBigIntegerField(default=0)
    cache_read_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    billed_usd = models.DecimalField(max_digits=24, decimal_places=15)
    ledger_usd = models.DecimalField(max_digits=24, decimal_places=15)
    match = models.CharField(max_length=10, choices=Match.choices)

    class Meta:
        ordering = ("export", "number")
        constraints = (
            models.UniqueConstraint(name="export_line_once", fields=["export", "number"]),
        )

    def __str__(self) -> str:
        return f"{self.export} line {self.number}"
