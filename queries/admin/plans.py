"""Usage plans with their limits, and who has which."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from queries.models import UsagePlan, UserPlan
from summaries.models import AuditEvent


@admin.register(UsagePlan)
class UsagePlanAdmin(ModelAdmin):
    list_display = (
        "name", "requests_a_minute", "requests_a_day", "at_once", "shown_depths",
        "conversation_days", "may_stream", "is_default", "holder_count",
    )  # fmt: skip
    search_fields = ("name",)
    list_fullwidth = True
    fields = (
        "name", "requests_a_minute", "requests_a_day", "at_once", "depths", "conversation_days",
        "may_stream", "is_default",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[UsagePlan]:
        plans: QuerySet[UsagePlan] = super().get_queryset(request)
        return plans.annotate(n_holders=Count("holders"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The default plan is everybody's who has none; another goes when nobody has it."""
        may: bool = super().has_delete_permission(request, obj)
        return may and not (obj is not None and (obj.is_default or obj.holders.exists()))

    @display(description="depths")
    def shown_depths(self, plan: UsagePlan) -> str:
        return ", ".join(plan.depths)

    @display(description="users", ordering="n_holders")
    def holder_count(self, plan: UsagePlan) -> int:
        count: int = plan.n_holders  # type: ignore[attr-defined]
        return count


@admin.register(UserPlan)
class UserPlanAdmin(ModelAdmin):
    list_display = ("user", "plan", "since")
    list_filter = ("plan",)
    list_select_related = ("user", "plan")
    search_fields = ("user__username",)
    autocomplete_fields = ("user",)
    fields = ("user", "plan")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user",) if obj else ()

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _note(request, obj, "given")

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: UserPlan) -> None:
        _note(request, obj, "taken")
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserPlan]) -> None:
        for one in queryset.select_related("user", "plan"):
            _note(request, one, "taken")
        super().delete_queryset(request, queryset)


def _note(request: HttpRequest, held: UserPlan, what: str) -> None:
    """Who was given which limits stays on record."""
    AuditEvent.objects.create(
        actor=cast("User", request.user), action="usage_plan", subject_type="user",
        subject_id=str(held.user_id), detail={what: held.plan.name},
    )  # fmt: skip
