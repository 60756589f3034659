"""Labelled cases: what reviewers said of the verifier's findings."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from summaries.admin.reading import ReadOnly
from summaries.admin.texts import VERDICT_LABELS
from summaries.models import LabelledCase


@admin.register(LabelledCase)
class LabelledCaseAdmin(ReadOnly):
    list_display = ("claim", "ticker", "shown_verdict", "label", "code", "reason", "by", "at")
    fields = (
        "claim", "ticker", "tier", "writer", "shown_verdict", "code", "finding", "label", "reason",
        "by", "at", "proof", "text",
    )  # fmt: skip
    readonly_fields = ("shown_verdict", "proof", "text")
    list_filter = ("code", "verdict", "label")
    list_select_related = ("by",)
    search_fields = ("ticker", "claim", "reason")
    date_hierarchy = "at"

    @display(description="verdict given", ordering="verdict", label=VERDICT_LABELS)
    def shown_verdict(self, case: LabelledCase) -> str:
        return case.get_verdict_display()

    @display(description="evidence")
    def proof(self, case: LabelledCase) -> str:
        return format_html_join(
            ", ", "{} (“{}”)", ((one["title"], one["quote"]) for one in case.evidence)
        ) or "–"  # fmt: skip

    @display(description="text")
    def text(self, case: LabelledCase) -> str:
        if case.summary_id is None:
            return "no longer stored"
        path = reverse("review_text", args=[case.summary_id])
        return format_html('<a class="read-link" href="{}">{}</a>', path, case.summary)
