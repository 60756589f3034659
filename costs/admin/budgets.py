"""Budgets, how they stand, what was told of them, who shares one, and what is spent by hand."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import OperationalError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from costs.admin.reading import exactly
from costs.alerts import send_again
from costs.budgets import begin, enter, rebuild, take_back
from costs.models import Budget, BudgetAlert, BudgetPeriod, Expense, Team
from fa_site.lists import ReadOnly

Delivery = BudgetAlert.Delivery
DELIVERIES = {
    Delivery.PENDING.label: "info",
    Delivery.SENT.label: "success",
    Delivery.FAILED.label: "danger",
    Delivery.NOT_SET_UP.label: "warning",
}
NOTHING_YET = "–"


@admin.register(Budget)
class BudgetAdmin(ModelAdmin):
    list_display = ("__str__", "amount_usd", "spent", "reserved", "left", "resets", "is_enabled")
    list_filter = ("scope", "every", "is_enabled")
    list_select_related = ("team", "user")
    list_fullwidth = True
    raw_id_fields = ("user",)
    fields = ("scope", "team", "user", "amount_usd", "every", "is_enabled")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        """With its running period; a budget for each user has one for each, listed there."""
        now = timezone.now()
        running = BudgetPeriod.objects.filter(
            budget=OuterRef("pk"), user__isnull=True, starts_at__lte=now, ends_at__gt=now
        ).order_by("-starts_at")
        budgets: QuerySet[Budget] = super().get_queryset(request)
        return budgets.annotate(
            now_spent=Subquery(running.values("spent_usd")[:1]),
            now_reserved=Subquery(running.values("reserved_usd")[:1]),
            now_ends=Subquery(running.values("ends_at")[:1]),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a budget counts stays: its periods have counted it."""
        return ("scope", "team", "user", "every") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its periods and alerts are on record: switch it off instead

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            transaction.on_commit(partial(self._begin, request, obj))

    def _begin(self, request: HttpRequest, budget: Budget) -> None:
        try:
            begin(budget)
        except OperationalError as error:
            self.message_user(request, str(error), messages.WARNING)

    @display(description="spent, USD", ordering="now_spent")
    def spent(self, budget: Budget) -> str:
        return _cents(budget.now_spent)  # type: ignore[attr-defined]

    @display(description="held back, USD", ordering="now_reserved")
    def reserved(self, budget: Budget) -> str:
        return _cents(budget.now_reserved)  # type: ignore[attr-defined]

    @display(description="left, USD")
    def left(self, budget: Budget) -> str:
        spent: Decimal | None = budget.now_spent  # type: ignore[attr-defined]
        reserved: Decimal | None = budget.now_reserved  # type: ignore[attr-defined]
        if spent is None or reserved is None:
            return NOTHING_YET
        return _cents(budget.amount_usd - spent - reserved)

    @display(description="starts anew", ordering="now_ends")
    def resets(self, budget: Budget) -> str:
        ends = budget.now_ends  # type: ignore[attr-defined]
        return f"{timezone.localtime(ends):%d %b %Y %H:%M %Z}" if ends else NOTHING_YET


class AlertsInline(TabularInline):
    model = BudgetAlert
    extra = 0
    can_delete = False
    fields = ("threshold", "raised_at", "delivery", "attempts", "delivered_at", "problem")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BudgetPeriod)
class BudgetPeriodAdmin(ReadOnly):
    list_display = ("budget", "user", "starts_at", "ends_at", "spent", "reserved", "share")
    list_filter = ("budget__scope", "budget__every")
    list_select_related = ("budget__team", "budget__user", "user")
    date_hierarchy = "starts_at"
    raw_id_fields = ("user",)
    fields = ("budget", "user", "starts_at", "ends_at", "spent", "reserved", "share")
    readonly_fields = ("spent", "reserved", "share")
    inlines = (AlertsInline,)
    actions = ("count_anew",)

    def has_mend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("costs.change_budget")

    @admin.action(description="Count anew from the ledger", permissions=["mend"])
    def count_anew(self, request: HttpRequest, periods: QuerySet[BudgetPeriod]) -> None:
        off = [found for period in periods if (found := rebuild(period))]
        for one in off:
            self.message_user(request, f"Mended {one}.", messages.WARNING)
        self.message_user(request, f"{len(periods) - len(off)} were as the ledger says.")

    @display(description="spent, USD", ordering="spent_usd")
    def spent(self, period: BudgetPeriod) -> str:
        return exactly(period.spent_usd)

    @display(description="held back, USD", ordering="reserved_usd")
    def reserved(self, period: BudgetPeriod) -> str:
        return exactly(period.reserved_usd)

    @display(description="spent of the amount")
    def share(self, period: BudgetPeriod) -> str:
        amount = period.budget.amount_usd
        return f"{period.spent_usd / amount:.1%} of {amount:,.2f}" if amount else "of nothing"


@admin.register(BudgetAlert)
class BudgetAlertAdmin(ReadOnly):
    list_display = (
        "period", "threshold", "raised_at", "spent", "amount_usd", "forecast_usd",
        "shown_delivery", "attempts", "delivered_at", "problem",
    )  # fmt: skip
    list_filter = ("delivery", "threshold")
    list_select_related = ("period__budget__team", "period__budget__user")
    date_hierarchy = "raised_at"
    fields = (
        "period", "threshold", "raised_at", "spent", "amount_usd", "forecast_usd",
        "shown_delivery", "attempts", "next_attempt_at", "delivered_at", "problem",
    )  # fmt: skip
    readonly_fields = ("spent", "shown_delivery")
    actions = ("again",)

    def has_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("costs.change_budget")

    @admin.action(description="Send again what failed or had no channel", permissions=["again"])
    def again(self, request: HttpRequest, alerts: QuerySet[BudgetAlert]) -> None:
        count = send_again(BudgetAlert.objects.filter(pk__in=alerts.values("pk")))
        self.message_user(request, f"{count} will be sent again.")

    @display(description="spent, USD", ordering="spent_usd")
    def spent(self, alert: BudgetAlert) -> str:
        return exactly(alert.spent_usd)

    @display(description="delivery", ordering="delivery", label=DELIVERIES)
    def shown_delivery(self, alert: BudgetAlert) -> str:
        return alert.get_delivery_display()


@admin.register(Team)
class TeamAdmin(ModelAdmin):
    list_display = ("name", "member_count")
    search_fields = ("name",)
    autocomplete_fields = ("members",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        teams: QuerySet[Team] = super().get_queryset(request)
        return teams.annotate(n_members=Count("members"))

    @display(description="members", ordering="n_members")
    def member_count(self, team: Team) -> int:
        count: int = team.n_members  # type: ignore[attr-defined]
        return count


@admin.register(Expense)
class ExpenseAdmin(ModelAdmin):
    list_display = ("on", "what", "category", "amount_usd", "entered_by", "entered_at")
    list_filter = ("category",)
    list_select_related = ("entered_by",)
    search_fields = ("what",)
    date_hierarchy = "on"
    fields = ("on", "what", "category", "amount_usd")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.entered_by = cast("User", request.user)
        enter(obj)

    def delete_model(self, request: HttpRequest, obj: Expense) -> None:
        take_back(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Expense]) -> None:
        for expense in queryset:
            take_back(expense)


def _cents(usd: Decimal | None) -> str:
    return NOTHING_YET if usd is None else f"{usd:,.2f}"
