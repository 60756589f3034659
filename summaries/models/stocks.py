"""Stocks, the filings they made and the facts those filings report.

A fact keeps three dates: the period it speaks of, when it was filed (its
filing's ``filed``), and when we knew it (``known_at``). A restatement is a new
row of a newer filing; nothing is overwritten.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from summaries.profiles import Profile, profile

NEW_YORK = ZoneInfo("America/New_York")


class StockQuerySet(models.QuerySet["Stock"]):
    def covered(self) -> Self:
        """Stocks whose facts are loaded."""
        return self.filter(models.Exists(Filing.objects.filter(stock=models.OuterRef("pk"))))

    def matching(self, words: str) -> Self:
        """Stocks whose ticker starts with, or whose name contains, ``words``."""
        words = words.strip()
        if not words:
            return self
        return self.filter(Q(ticker__istartswith=words) | Q(name__icontains=words))


class Stock(models.Model):
    class Coverage(models.TextChoices):
        UNKNOWN = "unknown", "not looked at yet"
        ENOUGH = "enough", "enough data"
        NOT_ENOUGH = "not_enough", "not enough data"

    ticker = models.CharField(max_length=12, unique=True)
    cik = models.PositiveIntegerField("CIK", help_text="Number of the registrant at the SEC.")
    name = models.CharField(max_length=160)
    exchange = models.CharField(max_length=40, blank=True)
    sic = models.CharField("SIC", max_length=4, blank=True)
    sector = models.CharField(max_length=60, blank=True, db_index=True)
    industry = models.CharField(max_length=120, blank=True)
    coverage = models.CharField(
        max_length=12, choices=Coverage.choices, default=Coverage.UNKNOWN, db_index=True
    )
    coverage_reason = models.CharField(max_length=300, blank=True)
    coverage_inputs = models.CharField(
        max_length=64, blank=True, help_text="Hash of the inputs that the coverage speaks of."
    )

    loaded_hash = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Hash of the file last loaded."
    )
    rendered_hash = models.CharField(
        max_length=64, blank=True, editable=False,
        help_text="Hash of the facts that its statements' documents were last rendered from.",
    )  # fmt: skip

    objects = StockQuerySet.as_manager()

    class Meta:
        ordering = ("ticker",)
        constraints = (
            models.CheckConstraint(
                name="stock_ticker_upper_case",
                condition=Q(ticker=Upper(F("ticker"))) & ~Q(ticker=""),
            ),
            models.CheckConstraint(name="stock_cik_positive", condition=Q(cik__gt=0)),
            models.CheckConstraint(
                name="stock_not_enough_has_reason",
                condition=~Q(coverage="not_enough") | ~Q(coverage_reason=""),
            ),
        )
        indexes = (models.Index(fields=["cik"]),)

    def __str__(self) -> str:
        return self.ticker

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("summaries:stock", args=[self.ticker])

    @property
    def profile(self) -> Profile:
        return profile(self.sic, self.industry)


class Filing(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="filings")
    accession = models.CharField(
        max_length=20, blank=True, help_text="0000320193-25-000079; empty where unknown."
    )
    form = models.CharField(max_length=12)
    period_end = models.DateField(help_text="Last day of the period the filing reports on.")
    filed = models.DateField(null=True, blank=True, help_text="Empty where the source lacks it.")
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the SEC took it in and the world could read it."
    )
    items = models.CharField(max_length=80, blank=True, help_text="Of an 8-K: 2.02,9.01.")
    fiscal_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The number that the filing gives its own fiscal year."
    )
    fiscal_period = models.CharField(max_length=4, blank=True, help_text="FY, Q1, Q2, Q3.")

    class Meta:
        ordering = ("-period_end", "-filed")
        constraints = (
            # A stock's filings without accession are told apart by form, period and date.
            models.UniqueConstraint(
                name="filing_once",
                fields=["stock", "accession", "form", "period_end", "filed"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="filing_accession_once",
                fields=["stock", "accession"],
                condition=~Q(accession=""),
            ),
            models.CheckConstraint(
                name="filing_filed_after_period",
                condition=Q(filed__isnull=True) | Q(filed__gte=F("period_end")),
            ),
            models.CheckConstraint(
                name="filing_accession_shape",
                condition=Q(accession="") | Q(accession__regex=r"^\d{10}-\d{2}-\d{6}$"),
            ),
        )
        indexes = (models.Index(fields=["accession"]),)

    def __str__(self) -> str:
        return f"{self.stock} {self.form} {self.period_end}"

    @property
    def public_at(self) -> datetime | None:
        """When the world could first read it: acceptance (what comes after the day's end appears
        the next morning), else the end of the filing day in New York.

        None where the source has neither.
        """
        if self.accepted_at and self.filed:
            # The adapter's package brings its connections with it, which tables don't need.
            from summaries.sources.edgar.clock import public_at

            return public_at(self.accepted_at, self.filed)
        if self.filed is None:
            return self.accepted_at
        return datetime.combine(self.filed + timedelta(days=1), time(), NEW_YORK)

    @property
    def is_amendment(self) -> bool:
        return self.form.endswith("/A")

    @property
    def sec_url(self) -> str:
        """Where the SEC keeps the filing, or "" where the accession is unknown."""
        if not self.accession:
            return ""
        folder = self.accession.replace("-", "")
        return (
            f"https://www.sec.gov/Archives/edgar/data/{self.stock.cik}/{folder}/"
            f"{self.accession}-index.html"
        )


class FactQuerySet(models.QuerySet["Fact"]):
    def known(self, at: object) -> Self:
        """Facts as known at a moment: neither filed nor learnt after it."""
        return self.filter(known_at__lte=at).exclude(filing__filed__gt=at)


class Fact(models.Model):
    stock = models.ForeignKey(Stock, on_delete=models.CASCADE, related_name="facts")
    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="facts")
    concept = models.CharField(max_length=160, help_text="taxonomy:Name")
    unit = models.CharField(max_length=24, help_text="USD, USD/shares, shares")
    start = models.DateField(null=True, blank=True, help_text="Empty for a balance at a date.")
    end = models.DateField()
    value = models.DecimalField(
        max_digits=30, decimal_places=6, help_text="In the unit, not scaled."
    )
    known_at = models.DateTimeField(auto_now_add=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ("concept", "end")
        constraints = (
            models.UniqueConstraint(
                name="fact_once_a_filing",
                fields=["filing", "concept", "unit", "start", "end"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="fact_not_ended_before_start",
                condition=Q(start__isnull=True) | Q(start__lte=F("end")),
            ),
            models.CheckConstraint(
                name="fact_concept_named", condition=Q(concept__contains=":") & ~Q(unit="")
            ),
        )
        indexes = (models.Index(fields=["stock", "concept", "end"]),)

    def __str__(self) -> str:
        return f"{self.concept} {self.end} {self.value} {self.unit}"
