"""The price list: what no call used yet can be changed, the rest is followed by newer rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import display

from costs.models import Price, UsageRecord
from costs.price_list import is_used, late

STATES = {"in force": "success", "to come": "info", "past": "default"}


class PriceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Price
        fields = (
            "provider", "model", "effective_from", "above_tokens", "input_usd", "cache_write_usd",
            "cache_write_1h_usd", "cache_read_usd", "output_usd", "batch_factor", "source",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("above_tokens") and not self._has_base(given):
            self.add_error(
                "above_tokens",
                "A list begins with its base band: enter the row with 0 here first, with the same "
                "effective date.",
            )
        return given

    def _has_base(self, given: dict[str, Any]) -> bool:
        named = {name: given.get(name) for name in ("provider", "model", "effective_from")}
        rows = Price.objects.filter(above_tokens=0, **named).exclude(pk=self.instance.pk)
        return rows.exists()


@admin.register(Price)
class PriceAdmin(ModelAdmin):
    form = PriceForm
    list_display = (
        "model", "band", "effective_from", "shown_state", "input_usd", "cache_write_usd",
        "cache_write_1h_usd", "cache_read_usd", "output_usd", "batch_factor", "used", "source",
    )  # fmt: skip
    list_filter = ("provider",)
    search_fields = ("model", "source")
    list_per_page = 100
    list_fullwidth = True
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        begun = Price.objects.filter(
            provider=OuterRef("provider"), model=OuterRef("model"),
            effective_from__lte=timezone.now(),
        )  # fmt: skip
        rows: QuerySet[Price] = super().get_queryset(request)
        return rows.annotate(
            in_force_from=Subquery(begun.order_by("-effective_from").values("effective_from")[:1]),
            has_calls=Exists(UsageRecord.objects.filter(price=OuterRef("pk"))),
        )

    @display(description="for prompts", ordering=F("above_tokens"))
    def band(self, price: Price) -> str:
        return f"above {price.above_tokens:,} tokens" if price.above_tokens else "all others"

    @display(description="state", label=STATES)
    def shown_state(self, price: Price) -> str:
        if price.effective_from > timezone.now():
            return "to come"
        is_newest = price.effective_from == price.in_force_from  # type: ignore[attr-defined]
        return "in force" if is_newest else "past"

    @display(description="used", boolean=True, ordering="has_calls")
    def used(self, price: Price) -> bool:
        return bool(price.has_calls)  # type: ignore[attr-defined]

    def has_change_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        may: bool = super().has_change_permission(request, obj)
        return may and (obj is None or not is_used(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        may: bool = super().has_delete_permission(request, obj)
        return may and (obj is None or not is_used(obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for model, at in late([obj]):
            self.message_user(
                request,
                f"Calls of {model} were made since {at:%Y-%m-%d %H:%M %Z} at other prices. They "
                f"keep them until manage.py reprice --model {model} --from {at:%Y-%m-%d} is run.",
                messages.WARNING,
            )
