"""Regression runs and their scores, as `manage.py run_regression` kept them."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from summaries.admin.reading import ReadOnly
from summaries.evaluation.report import percent
from summaries.evaluation.scores import Evaluator
from summaries.models import RegressionResult, RegressionRun

RESULT_LABELS = {
    RegressionRun.Result.PASSED.label: "success",
    RegressionRun.Result.BELOW.label: "danger",
    RegressionRun.Result.UNDETERMINED.label: "warning",
}
WHOLE, PART, UNKNOWN = "whole", "part", "undetermined"
SCORE_LABELS = {WHOLE: "success", PART: "danger", UNKNOWN: "warning"}


@admin.register(RegressionRun)
class RegressionRunAdmin(ReadOnly):
    list_display = (
        "__str__", "shown_result", "scores", "writer", "code_version", "seconds", "cost_usd",
        "started_at",
    )  # fmt: skip
    fields = (
        "shown_result", "scores", "suite", "suite_version", "code_version", "writer",
        "writer_version", "prompt_versions", "verifier_version", "kinds", "started_at",
        "finished_at", "seconds", "cost_usd", "faulty",
    )  # fmt: skip
    readonly_fields = ("shown_result", "scores", "faulty")
    list_filter = ("result", "writer", "suite")
    search_fields = ("suite", "code_version")
    date_hierarchy = "started_at"

    @display(description="result", ordering="result", label=RESULT_LABELS)
    def shown_result(self, run: RegressionRun) -> str:
        return run.get_result_display()

    @display(description="scores")
    def scores(self, run: RegressionRun) -> SafeString | str:
        rows = (
            (Evaluator(one["evaluator"]).words, percent(one["mean"]), percent(one["threshold"]))
            for one in run.grades
        )
        return format_html_join(", ", "{} {} of {}", rows) or "–"

    @display(description="cases that are not whole")
    def faulty(self, run: RegressionRun) -> SafeString:
        path = reverse("admin:summaries_regressionresult_changelist")
        count = run.results.exclude(score=1).count()
        return format_html('<a href="{}?run={}&amp;standing=part">{}</a>', path, run.pk, count)


class Standing(admin.SimpleListFilter):
    title = "score"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(one, one) for one in (WHOLE, PART, UNKNOWN)]

    def queryset(self, request: HttpRequest, queryset):  # type: ignore[no-untyped-def]
        match self.value():
            case "whole":
                return queryset.filter(score=1)
            case "part":
                return queryset.filter(score__lt=1)
            case "undetermined":
                return queryset.filter(score=None)
        return queryset


@admin.register(RegressionResult)
class RegressionResultAdmin(ReadOnly):
    list_display = ("case", "run", "evaluator", "standing", "shown_score", "kind", "ticker", "why")
    fields = ("case", "run", "kind", "ticker", "evaluator", "standing", "shown_score", "why")
    readonly_fields = ("standing", "shown_score")
    list_filter = (Standing, "evaluator", "kind", "run")
    list_select_related = ("run",)
    search_fields = ("case", "ticker")
    ordering = ("-run", "case", "evaluator")

    @display(description="standing", label=SCORE_LABELS)
    def standing(self, result: RegressionResult) -> str:
        if result.score is None:
            return UNKNOWN
        return WHOLE if result.score == 1 else PART

    @display(description="score", ordering="score")
    def shown_score(self, result: RegressionResult) -> str:
        return percent(result.score)
