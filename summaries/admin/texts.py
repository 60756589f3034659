"""Summaries, their claims and what proves or refutes them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, Count, IntegerField, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from summaries.admin.reading import ReadOnly, ReadOnlyInline
from summaries.models import Citation, Claim, Finding, Summary
from summaries.models.texts import Verdict

VERDICT_LABELS = {
    Verdict.SUPPORTED.label: "success",
    Verdict.CONTRADICTED.label: "danger",
    Verdict.NOT_FOUND.label: "warning",
    Verdict.NOT_CHECKABLE.label: "info",
}
STATE_LABELS = {
    Summary.State.HELD.label: "warning",
    Summary.State.PUBLISHED.label: "success",
    Summary.State.REJECTED.label: "danger",
}


def _reasons(claim: Claim) -> str:
    return " ".join(finding.reason for finding in claim.findings.all()) or "–"


class ClaimInline(ReadOnlyInline):
    model = Claim
    fields = ("tier", "position", "text", "shown_verdict", "reasons", "citation_count")
    readonly_fields = fields
    ordering = ("tier", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        claims: QuerySet[Claim] = super().get_queryset(request)
        # select_related: each row's name in the form comes from its parents.
        return (
            claims.select_related("summary__stock")
            .prefetch_related("findings")
            .annotate(n_citations=Count("citations"))
        )

    @display(description="verdict", label=VERDICT_LABELS)
    def shown_verdict(self, claim: Claim) -> str:
        return claim.get_verdict_display()

    @display(description="findings")
    def reasons(self, claim: Claim) -> str:
        return _reasons(claim)

    @display(description="citations")
    def citation_count(self, claim: Claim) -> int:
        count: int = claim.n_citations  # type: ignore[attr-defined]
        return count


class StateFilter(admin.SimpleListFilter):
    """By the state that the user reads a summary in, which his licences decide with."""

    title = "state"
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Summary.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        if not state:
            return queryset
        shown = Summary.objects.readable_by(request.user).shown_as(state)
        return queryset.filter(**{f"{_SUMMARY_OF[queryset.model]}__in": shown.values("pk")})


_SUMMARY_OF = {Summary: "pk", Claim: "summary", Finding: "claim__summary"}


@admin.register(Summary)
class SummaryAdmin(ReadOnly):
    list_display = (
        "__str__", "state_now", "troubled", "reason", "data_through", "risk", "published_at",
    )  # fmt: skip
    fields = (
        "stock", "version", "state_now", "reason", "writer", "data_through", "filed", "risk",
        "inputs_hash", "created_at", "published_at", "review",
    )  # fmt: skip
    readonly_fields = ("state_now", "reason", "review")
    list_filter = (StateFilter, "writer", "stock__sector")
    list_select_related = ("stock",)
    search_fields = ("stock__ticker", "stock__name")
    raw_id_fields = ("stock",)
    inlines = (ClaimInline,)

    # What waits for a decision comes first.
    ordering = (
        Case(When(state=Summary.State.HELD, then=0), default=1, output_field=IntegerField()).asc(),
        "-created_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Summary]:
        summaries: QuerySet[Summary] = super().get_queryset(request)
        troubled = ~Q(claims__verdict=Verdict.SUPPORTED)
        return summaries.annotate(n_troubled=Count("claims", filter=troubled))

    @display(description="state", ordering="shown_state", label=STATE_LABELS)
    def state_now(self, summary: Summary) -> str:
        return Summary.State(summary.shown_state).label  # type: ignore[attr-defined]

    @display(description="why")
    def reason(self, summary: Summary) -> str:
        """What superseded it may be beyond the user's licences: its page's history says it."""
        return "" if summary.state == Summary.State.SUPERSEDED else summary.state_reason

    @display(description="review")
    def review(self, summary: Summary) -> str:
        path = reverse("review_text", args=[summary.pk])
        return format_html('<a class="read-link" href="{}">sentence by sentence</a>', path)

    @display(description="not supported", ordering="n_troubled")
    def troubled(self, summary: Summary) -> int:
        count: int = summary.n_troubled  # type: ignore[attr-defined]
        return count


class CitationInline(ReadOnlyInline):
    model = Citation
    fields = ("position", "quote", "document", "formula")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        citations: QuerySet[Citation] = super().get_queryset(request)
        return citations.select_related("document").defer("document__text")


class FindingInline(ReadOnlyInline):
    model = Finding
    fields = ("code", "reason", "start", "end")
    readonly_fields = fields


@admin.register(Claim)
class ClaimAdmin(ReadOnly):
    list_display = ("text", "summary", "tier", "position", "shown_verdict", "reasons")
    list_filter = ("verdict", "tier", StateFilter)
    list_select_related = ("summary__stock",)
    search_fields = ("text", "summary__stock__ticker")
    raw_id_fields = ("summary",)
    inlines = (FindingInline, CitationInline)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        claims: QuerySet[Claim] = super().get_queryset(request)
        return claims.prefetch_related("findings")

    @display(description="verdict", ordering="verdict", label=VERDICT_LABELS)
    def shown_verdict(self, claim: Claim) -> str:
        return claim.get_verdict_display()

    @display(description="findings")
    def reasons(self, claim: Claim) -> str:
        return _reasons(claim)


@admin.register(Citation)
class CitationAdmin(ReadOnly):
    list_display = ("quote", "claim", "document", "formula")
    list_select_related = ("claim", "document")
    search_fields = ("claim__summary__stock__ticker", "quote")
    raw_id_fields = ("claim", "document", "fact")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        citations: QuerySet[Citation] = super().get_queryset(request)
        return citations.defer("document__text")


@admin.register(Finding)
class FindingAdmin(ReadOnly):
    list_display = ("code", "reason", "claim", "summary")
    list_filter = ("code", StateFilter)
    list_select_related = ("claim__summary__stock",)
    search_fields = ("reason", "claim__summary__stock__ticker")
    raw_id_fields = ("claim",)
    ordering = ("-pk",)

    @display(description="summary", ordering="claim__summary")
    def summary(self, finding: Finding) -> str:
        return str(finding.claim.summary)
