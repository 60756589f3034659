"""What providers say they billed: uploaded here, compared with the ledger, kept line by line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSplitDateTimeWidget

from costs.admin.reading import exactly
from costs.errors import CostError
from costs.models import ExportLine, UsageExport
from costs.reconciling import Outcome, import_export
from fa_site.lists import ReadOnly

Match = ExportLine.Match
MATCHES = {
    Match.SAME.label: "success",
    Match.RECONCILED.label: "info",
    Match.LIKELY.label: "info",
    Match.DIFFERENT.label: "danger",
    Match.MISSING.label: "danger",
}
MOST_BYTES = 50 * 2**20


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]
    """The import happens while the form is checked, so that its refusal is the form's error."""

    file = forms.FileField(
        widget=UnfoldAdminFileFieldWidget,
        help_text="CSV, or JSON of Anthropic's usage or cost report or of OpenAI's usage.",
    )
    from_at = forms.SplitDateTimeField(
        label="complete from", required=False, widget=UnfoldAdminSplitDateTimeWidget,
        help_text="All calls sent from then on are in the file; empty: from its first line.",
    )  # fmt: skip
    until_at = forms.SplitDateTimeField(
        label="complete until", required=False, widget=UnfoldAdminSplitDateTimeWidget,
        help_text="And before then: an unknown call it doesn't have wasn't billed.",
    )  # fmt: skip
    user: int | None = None
    outcome: Outcome

    class Meta:
        model = UsageExport
        fields = ()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                "The file is larger than 50 MB: import it by manage.py import_usage_export."
            )
        return file

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        file = given["file"]
        try:
            self.outcome = import_export(
                file.read(), name=file.name, by=self.user, from_at=given["from_at"],
                until_at=given["until_at"],
            )  # fmt: skip
        except CostError as error:
            raise forms.ValidationError(str(error)) from error
        return given

    def _post_clean(self) -> None:
        """The row is there already: nothing of it is checked again."""

    def save(self, commit: bool = True) -> UsageExport:
        return self.outcome.export

    def save_m2m(self) -> None:
        """Nothing."""


@admin.register(UsageExport)
class UsageExportAdmin(ReadOnly):
    list_display = (
        "__str__", "name", "billed", "on_ledger", "difference", "imported_at", "imported_by",
    )  # fmt: skip
    list_filter = ("provider",)
    list_select_related = ("imported_by",)
    fields = (
        "provider", "name", "from_at", "until_at", "billed", "on_ledger", "difference",
        "lines_of_it", "imported_at", "imported_by", "sha256",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("costs.add_usageexport")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields if obj else ("file", "from_at", "until_at")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return type("UploadFormOfUser", (UploadForm,), {"user": request.user.pk})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The import has stored it; here only its outcome is told."""
        outcome: Outcome = form.outcome
        counts = ", ".join(f"{count} {match}" for match, count in sorted(outcome.matches.items()))
        level = messages.SUCCESS if outcome.is_same else messages.WARNING
        told = f"{counts}; {outcome.written_off} unknown calls weren't billed; "
        told += f"{exactly(outcome.apart_usd)} USD differ."
        self.message_user(request, told, level)

    @display(description="billed USD", ordering="billed_usd")
    def billed(self, export: UsageExport) -> str:
        return exactly(export.billed_usd)

    @display(description="on the ledger, USD", ordering="ledger_usd")
    def on_ledger(self, export: UsageExport) -> str:
        return exactly(export.ledger_usd)

    @display(description="difference, USD")
    def difference(self, export: UsageExport) -> str:
        return exactly(export.billed_usd - export.ledger_usd)

    @display(description="lines")
    def lines_of_it(self, export: UsageExport) -> str:
        path = reverse("admin:costs_exportline_changelist")
        return format_html('<a href="{}?export__id__exact={}">its lines</a>', path, export.pk)


@admin.register(ExportLine)
class ExportLineAdmin(ReadOnly):
    list_display = (
        "export", "number", "shown_match", "model", "is_batch", "at", "billed", "on_ledger",
        "record", "request_id",
    )  # fmt: skip
    list_filter = ("match", "is_batch", "export")
    list_select_related = ("export", "record")
    search_fields = ("=request_id",)
    ordering = ("-export", "number")

    @display(description="match", label=MATCHES, ordering="match")
    def shown_match(self, line: ExportLine) -> str:
        return line.get_match_display()

    @display(description="billed USD", ordering="billed_usd")
    def billed(self, line: ExportLine) -> str:
        return exactly(line.billed_usd)

    @display(description="on the ledger, USD", ordering="ledger_usd")
    def on_ledger(self, line: ExportLine) -> str:
        return exactly(line.ledger_usd)
