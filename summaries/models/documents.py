"""Documents are immutable versions: a database trigger refuses to change their text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from summaries.models.stocks import Filing, Stock


class Document(models.Model):
    """A text that can be cited: offsets are code points into ``text``."""

    class Kind(models.TextChoices):
        STATEMENTS = "statements", "reported figures of a filing"
        SECTOR = "sector", "sector figures"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    stock = models.ForeignKey(
        Stock, null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    filing = models.ForeignKey(
        Filing, null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    title = models.CharField(max_length=240)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="document_version_once",
                fields=["kind", "stock", "filing", "sha256"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="document_statements_have_filing",
                condition=~Q(kind="statements") | Q(stock__isnull=False, filing__isnull=False),
            ),
            models.CheckConstraint(
                name="document_hash_shape", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        )

    def __str__(self) -> str:
        return self.title


class SectorSnapshot(models.Model):
    """A sector's figures frozen at one moment; the newest of a sector is the one in use."""

    sector = models.CharField(max_length=60, db_index=True)
    taken_at = models.DateTimeField(auto_now_add=True)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="snapshot")
    rows = models.JSONField(help_text="List of {ticker, name, measure, year_end, value, fact_ids}.")

    class Meta:
        ordering = ("-taken_at", "-pk")
        get_latest_by = ("taken_at", "pk")

    def __str__(self) -> str:
        return f"{self.sector} {self.taken_at:%Y-%m-%d}"
