"""Documents are immutable versions: a database trigger refuses to change their text.

What a source gives anew becomes a new document; the old one stays, so that a citation
keeps pointing at what was cited. ``is_current`` marks the version that search reads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q

from summaries.models.licences import Plan, licensed
from summaries.models.stocks import Filing, Stock


class DocumentQuerySet(models.QuerySet["Document"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Documents free to all, or under a licence that the user holds."""
        return self.filter(licensed(user))

    def current(self) -> Self:
        """The newest version of each, unless its publisher took it back."""
        return self.filter(is_current=True, withdrawn_at__isnull=True)

    def public(self, at: datetime) -> Self:
        """What the world could read at a moment."""
        return self.filter(public_at__lte=at)


class Document(models.Model):
    """A text that can be cited: offsets are code points into ``text``."""

    class Kind(models.TextChoices):
        STATEMENTS = "statements", "reported figures of a filing"
        SECTOR = "sector", "sector figures"
        FILING = "filing", "filing"
        EXHIBIT = "exhibit", "exhibit of a filing"
        RESEARCH = "research", "research note"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    stock = models.ForeignKey(
        Stock, null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    filing = models.ForeignKey(
        Filing, null=True, blank=True, on_delete=models.CASCADE, related_name="documents"
    )
    name = models.CharField(
        max_length=200, blank=True, help_text="The file's name at the source, or the note's id."
    )
    title = models.CharField(max_length=240)
    text = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="Of the text.")
    origin_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the bytes that the text was read from."
    )
    origin_url = models.CharField(max_length=400, blank=True)
    reader = models.CharField(
        max_length=40, blank=True, help_text="Version of the reader that made the text."
    )
    problems = models.JSONField(
        default=list, blank=True, help_text="What could not be read, in words."
    )
    public_at = models.DateTimeField(
        db_index=True, help_text="When the world could first read it; for our own, when made."
    )
    is_current = models.BooleanField(default=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="document_version_once",
                fields=["kind", "stock", "filing", "name", "sha256"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="document_one_current",
                fields=["kind", "stock", "filing", "name"],
                condition=Q(is_current=True) & ~Q(name=""),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="document_statements_have_filing",
                condition=~Q(kind__in=("statements", "filing", "exhibit"))
                | Q(stock__isnull=False, filing__isnull=False),
            ),
            models.CheckConstraint(
                name="document_research_is_licensed",
                condition=~Q(kind="research") | Q(plan__isnull=False),
            ),
            models.CheckConstraint(
                name="document_hash_shape", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        )

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """An item of a filing; the sections of a document follow each other without gaps."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    item = models.CharField(
        max_length=12, blank=True, help_text="1A, 7, II.1A, 2.02; empty before."
    )
    name = models.CharField(max_length=80, blank=True, help_text="Risk Factors, MD&A.")
    title = models.CharField(max_length=300, blank=True, help_text="As printed.")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ("document", "position")
        constraints = (
            models.UniqueConstraint(name="section_place_once", fields=["document", "position"]),
            models.CheckConstraint(name="section_span", condition=Q(end__gte=F("start"))),
        )

    def __str__(self) -> str:
        return self.title or self.name


class Table(models.Model):
    """A table of a document: cells as spans of its text, so that nothing is said twice."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tables")
    position = models.PositiveSmallIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    rows = models.JSONField(help_text="Rows of cells [start, end, colspan, is_header].")

    class Meta:
        ordering = ("document", "position")
        constraints = (
            models.UniqueConstraint(name="table_place_once", fields=["document", "position"]),
            models.CheckConstraint(name="table_span", condition=Q(end__gte=F("start"))),
        )

    def __str__(self) -> str:
        return f"{self.document} table {self.position + 1}"


class TaggedValue(models.Model):
    """A number that a filing tags in its own text (inline XBRL), where it is printed."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tagged_values")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    concept = models.CharField(max_length=200, help_text="taxonomy:Name")
    unit = models.CharField(max_length=80)
    period_start = models.DateField(null=True, blank=True, help_text="Empty for a balance.")
    period_end = models.DateField()
    value = models.DecimalField(max_digits=38, decimal_places=10, help_text="In the unit.")
    decimals = models.SmallIntegerField(
        null=True, blank=True, help_text="Rounded at: -6 is to the million; empty is exact."
    )
    dimensions = models.JSONField(
        default=list, blank=True, help_text="Pairs of axis and member; empty for the whole company."
    )

    class Meta:
        ordering = ("document", "start")
        constraints = (
            models.CheckConstraint(name="tagged_value_span", condition=Q(end__gt=F("start"))),
        )
        indexes = (models.Index(fields=["document", "concept", "period_end"]),)

    def __str__(self) -> str:
        return f"{self.concept} {self.period_end} {self.value} {self.unit}"


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
