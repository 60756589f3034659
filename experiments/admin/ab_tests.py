"""A/B tests: drafts are written here, and whatever ran is decided here, with a reason."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from experiments import actions
from experiments.actions import NotDone
from experiments.actions.trail import note, note_test
from experiments.admin import showing
from experiments.analysis import Unstarted, analyse
from experiments.models import ABTest, Change, Goal, Metric, Phase, Variant

State = ABTest.State
STATES = {
    State.DRAFT.label: "default",
    State.RUNNING.label: "info",
    State.STOPPED.label: "warning",
    State.SHIPPED.label: "success",
    State.KILLED.label: "danger",
}
MOST_CHANGES = 20


class _OfDrafts(TabularInline):
    """Parts of a test, which stand still once it is started."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and bool(super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and request.user.has_perm("experiments.change_abtest")


class VariantInline(_OfDrafts):
    model = Variant
    fields = ("key", "weight", "parameters", "is_control")


class GoalInline(_OfDrafts):
    model = Goal
    fields = ("metric", "role", "margin")


@admin.register(ABTest)
class ABTestAdmin(ModelAdmin):
    list_display = (
        "key", "shown_state", "unit", "group", "traffic", "exposed", "planned_units", "started_at",
        "shipped", "reason",
    )  # fmt: skip
    list_filter = ("state", "unit", "group")
    list_select_related = ("shipped", "shipped__test")
    list_fullwidth = True
    search_fields = ("key", "hypothesis")
    inlines = (VariantInline, GoalInline)
    actions = ("start_selected",)
    change_form_outer_before_template = "experiments/test.html"  # type: ignore[assignment]
    fields = (
        "key", "hypothesis", "unit", "group", "traffic", "holdout", "targeting", "minimal_effect",
        "alpha", "power", "planned_units",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ABTest]:
        newest = Phase.objects.filter(test=OuterRef("pk")).order_by("-number")
        seen = newest.annotate(n=Count("exposures")).values("n")[:1]
        tests: QuerySet[ABTest] = super().get_queryset(request)
        return tests.annotate(n_exposed=Subquery(seen))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was started is decided, not edited: see `decide`."""
        may = bool(super().has_change_permission(request, obj))
        return may and (obj is None or _is_draft(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was tried stays on record: kill it instead

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        own = path("<path:object_id>/decide/", decide, name="experiments_abtest_decide")
        return [own, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        key = int(object_id) if object_id and object_id.isdigit() else 0
        test = ABTest.objects.filter(pk=key).first()
        shown = self._shown(request, test) if test and request.method == "GET" else {}
        return super().changeform_view(
            request, object_id, form_url, {**(extra_context or {}), **shown}
        )

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Does what one of the page's forms asks for, or says why not, and leads back."""
        if not request.user.has_perm("experiments.change_abtest"):
            raise PermissionDenied
        test = get_object_or_404(ABTest, pk=object_id if object_id.isdigit() else 0)
        try:
            told = _done(request, test)
        except NotDone as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, told)
        return redirect(reverse("admin:experiments_abtest_change", args=[test.pk]))

    @admin.action(description="Start the drafts", permissions=["change"])
    def start_selected(self, request: HttpRequest, tests: QuerySet[ABTest]) -> None:
        for test in tests:
            try:
                actions.start(test=test, by=_user(request))
            except NotDone as refused:
                self.message_user(request, str(refused), messages.ERROR)
            else:
                self.message_user(request, f"{test} is running.")

    def log_addition(self, request: HttpRequest, obj: ABTest, message: Any) -> Any:
        note_test("make", obj, by=_user(request), from_state="")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: ABTest, message: Any) -> Any:
        if message:
            note_test("edit", obj, by=_user(request), from_state=obj.state, changes=message)
        return super().log_change(request, obj, message)

    @display(description="state", ordering="state", label=STATES)
    def shown_state(self, test: ABTest) -> str:
        return test.get_state_display()

    @display(description="exposed", ordering="n_exposed")
    def exposed(self, test: ABTest) -> int:
        return test.n_exposed or 0  # type: ignore[attr-defined]

    @staticmethod
    def _shown(request: HttpRequest, test: ABTest) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "test": test,
            "may_decide": request.user.has_perm("experiments.change_abtest"),
            "next_states": actions.TRANSITIONS[test.state],
            "missing": actions.missing(test) if _is_draft(test) else [],
            "variants": test.variants.all(),
            "changes": _changes(test),
        }
        try:
            analysis = analyse(test)
        except (Unstarted, ValueError):  # a killed draft may have no goal
            return shown
        return shown | {
            "analysis": analysis,
            "assessment": analysis.assessment,
            "lines": showing.lines(analysis),
            "ratio": showing.ratio(analysis),
            "days": list(showing.days(analysis)),
            "is_over": test.state != State.RUNNING,
        }


@admin.register(Metric)
class MetricAdmin(ModelAdmin):
    list_display = ("key", "name", "kind", "higher_is_better", "used_by")
    list_filter = ("kind",)
    search_fields = ("key", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Metric]:
        metrics: QuerySet[Metric] = super().get_queryset(request)
        return metrics.annotate(n_tests=Count("goals"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What was measured keeps its meaning."""
        return ("key", "kind", "higher_is_better") if obj and _is_used(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        detail = {name: form.cleaned_data[name] for name in form.changed_data}
        action = "change" if change else "make"
        note(action, subject_type="metric", subject=obj.key, by=_user(request), detail=detail)

    @display(description="tests", ordering="n_tests")
    def used_by(self, metric: Metric) -> int:
        return metric.n_tests  # type: ignore[attr-defined,no-any-return]


def _done(request: HttpRequest, test: ABTest) -> str:
    """What was done, in words. Raises NotDone."""
    asked, by = request.POST, _user(request)
    reason = asked.get("reason", "")
    if asked.get("decision") == "start":
        actions.start(test=test, by=by)
        return f"{test} is running."
    if asked.get("decision") == "ship":
        variant = test.variants.filter(key=asked.get("variant", "")).first()
        if variant is None:
            raise NotDone("Nothing was done: choose the variant that everybody is to get.")
        actions.ship(test=test, variant=variant, reason=reason, by=by)
        return f"Everybody gets {variant} now."
    if asked.get("decision") == "phase":
        begun = _begun(request, test, reason)
        return f"Phase {begun.number} has begun; its figures start from nothing."
    do = {"stop": actions.stop, "kill": actions.kill}.get(asked.get("decision", ""))
    if do is None:
        raise NotDone("Nothing was done: the form didn't say what to do.")
    done = do(test=test, reason=reason, by=by)
    return f"{done} is {done.get_state_display()}."


def _begun(request: HttpRequest, test: ABTest, reason: str) -> Phase:
    given = {
        key: request.POST[name]
        for key in test.variants.values_list("key", flat=True)
        if (name := f"weight-{key}") in request.POST
    }
    try:
        weights = {key: int(value) for key, value in given.items()}
        traffic = Decimal(request.POST["traffic"]) if request.POST.get("traffic") else None
    except (ValueError, InvalidOperation) as error:
        raise NotDone(
            "Nothing was done: weights are whole numbers, the traffic a share such as 0.5."
        ) from error
    if traffic is not None and not 0 < traffic <= 1:
        raise NotDone(
            f"Nothing was done: the traffic is {traffic}; it is a share above 0, up to 1."
        )
    return actions.begin_phase(
        test=test, weights=weights, traffic=traffic, reason=reason, by=_user(request)
    )


def _changes(test: ABTest) -> QuerySet[Change]:
    rows = Change.objects.filter(subject_type="ab test", subject=test.key)
    return rows.select_related("actor")[:MOST_CHANGES]


def _is_draft(test: ABTest | None) -> bool:
    return test is None or test.state == State.DRAFT


def _is_used(metric: Metric) -> bool:
    return metric.goals.exclude(test__state=State.DRAFT).exists()


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
