"""Licences: their names and who holds them. Not a word of what they cover, nor how much it is."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from summaries.admin.reading import is_offered
from summaries.models import AuditEvent, Plan


@admin.register(Plan)
class PlanAdmin(ModelAdmin):
    list_display = ("name", "code", "member_count")
    search_fields = ("name", "code")
    fields = ("code", "name", "members")
    autocomplete_fields = ("members",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        plans: QuerySet[Plan] = super().get_queryset(request)
        return plans.annotate(n_members=Count("members"))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return is_offered(self, lookup)  # how many notes a plan has is nobody's to ask here

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # the source names it: notes are held under it

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what stands under it would be named

    @display(description="members", ordering="n_members")
    def member_count(self, plan: Plan) -> int:
        count: int = plan.n_members  # type: ignore[attr-defined]
        return count

    @transaction.atomic
    def save_related(
        self, request: HttpRequest, form: ModelForm[Plan], formsets: Any, change: bool
    ) -> None:
        """Who was given a licence, and from whom it was taken, stays on record."""
        plan = form.instance
        before = set(plan.members.values_list("username", flat=True))
        super().save_related(request, form, formsets, change)
        after = set(plan.members.values_list("username", flat=True))
        if before != after:
            AuditEvent.objects.create(
                actor=cast("User", request.user), action="licence", subject_type="plan",
                subject_id=str(plan.pk),
                detail={"given": sorted(after - before), "taken": sorted(before - after)},
            )  # fmt: skip
