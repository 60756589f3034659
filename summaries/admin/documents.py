"""Documents and research notes: what is held, not its text, which its page shows."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.expressions import Func
from django.db.models.fields import IntegerField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from summaries.admin.reading import FirstRows, ReadOnly, ReadOnlyInline
from summaries.models import Document, ResearchIssuer, ResearchNote, Section, Table, TaggedValue

STATUS_LABELS = {
    ResearchNote.Status.PUBLISHED.label: "success",
    ResearchNote.Status.REVISED.label: "info",
    ResearchNote.Status.RECALLED.label: "danger",
    ResearchNote.Status.DELETED.label: "danger",
}


class _Length(Func):
    function = "jsonb_array_length"
    output_field = IntegerField()


class SectionInline(FirstRows):
    model = Section
    fields = ("position", "item", "name", "title", "start", "end")
    readonly_fields = fields
    most = 60


class TableInline(FirstRows):
    model = Table
    fields = ("position", "start", "end", "row_count")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Table]:
        tables: QuerySet[Table] = super().get_queryset(request)
        return tables.select_related("document").only(
            "position", "start", "end", "document__title"
        ).annotate(n_rows=_Length("rows"))  # fmt: skip

    @display(description="rows")
    def row_count(self, table: Table) -> int:
        count: int = table.n_rows  # type: ignore[attr-defined]
        return count


class TaggedValueInline(FirstRows):
    model = TaggedValue
    fields = ("concept", "period_start", "period_end", "value", "unit", "decimals", "start", "end")
    readonly_fields = fields


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = (
        "title", "kind", "stock", "filing_form", "public_at", "is_current", "withdrawn_at",
        "problem_count", "short_hash",
    )  # fmt: skip
    list_filter = (
        "kind", "is_current", ("withdrawn_at", admin.EmptyFieldListFilter), "filing__form",
    )  # fmt: skip
    list_select_related = ("stock", "filing")
    search_fields = ("stock__ticker", "title", "=sha256", "filing__accession")
    raw_id_fields = ("stock", "filing", "plan")
    fields = (
        "title", "page", "kind", "stock", "filing", "name", "plan", "public_at", "is_current",
        "withdrawn_at", "reader", "what_was_not_read", "sha256", "origin_sha256", "created_at",
    )  # fmt: skip
    readonly_fields = ("page", "what_was_not_read", "created_at")
    inlines = (SectionInline, TableInline, TaggedValueInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        documents: QuerySet[Document] = super().get_queryset(request)
        # A list of hundreds of texts would be read to show their titles.
        return documents.defer("text").annotate(n_problems=_Length("problems"))

    @display(description="form", ordering="filing__form")
    def filing_form(self, document: Document) -> str:
        return document.filing.form if document.filing else "–"

    @display(description="problems", ordering="n_problems")
    def problem_count(self, document: Document) -> int:
        count: int = document.n_problems  # type: ignore[attr-defined]
        return count

    @display(description="SHA-256")
    def short_hash(self, document: Document) -> str:
        return document.sha256[:12]

    @display(description="text")
    def page(self, document: Document) -> str:
        path = reverse("summaries:document", args=[document.pk])
        return format_html('<a class="read-link" href="{}">Read it on its page</a>', path)

    @display(description="what could not be read")
    def what_was_not_read(self, document: Document) -> str:
        return "; ".join(map(str, document.problems[:40])) or "–"


class IssuerInline(ReadOnlyInline):
    model = ResearchIssuer
    fields = (
        "ticker", "name", "stock", "is_primary", "rating", "prior_rating", "target_price",
        "prior_target_price", "currency",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(ResearchNote)
class ResearchNoteAdmin(ReadOnly):
    list_display = (
        "title", "publisher", "shown_status", "is_current", "plan", "published_at", "problem_count",
    )  # fmt: skip
    list_filter = ("status", "is_current")
    list_select_related = ("plan",)
    search_fields = ("title", "publisher", "=source_id", "issuers__stock__ticker")
    raw_id_fields = ("plan", "document")
    fields = (
        "title", "publisher", "category", "status", "is_current", "plan", "source_id", "version",
        "published_at", "published_certain", "status_at", "synopsis", "document_page",
        "what_was_not_read", "raw_sha256", "created_at",
    )  # fmt: skip
    readonly_fields = ("document_page", "what_was_not_read", "created_at")
    inlines = (IssuerInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResearchNote]:
        notes: QuerySet[ResearchNote] = super().get_queryset(request)
        return notes.defer("disclosures").annotate(n_problems=_Length("problems"))

    @display(description="status", ordering="status", label=STATUS_LABELS)
    def shown_status(self, note: ResearchNote) -> str:
        return note.get_status_display()

    @display(description="problems", ordering="n_problems")
    def problem_count(self, note: ResearchNote) -> int:
        count: int = note.n_problems  # type: ignore[attr-defined]
        return count

    @display(description="text")
    def document_page(self, note: ResearchNote) -> str:
        if not note.document_id:
            return "–"
        path = reverse("summaries:document", args=[note.document_id])
        return format_html('<a class="read-link" href="{}">Read it on its page</a>', path)

    @display(description="what could not be read")
    def what_was_not_read(self, note: ResearchNote) -> str:
        return "; ".join(map(str, note.problems[:40])) or "–"
