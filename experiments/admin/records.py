"""What happened, and who changed what: rows that only code writes."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from unfold.decorators import display

from experiments.models import Change, Exposure, Outcome
from fa_site.lists import ReadOnly


@admin.register(Exposure)
class ExposureAdmin(ReadOnly):
    list_display = ("at", "phase", "variant", "unit")
    list_filter = ("phase__test",)
    list_select_related = ("phase__test", "variant__test")
    search_fields = ("=unit",)
    raw_id_fields = ("phase", "variant")


@admin.register(Outcome)
class OutcomeAdmin(ReadOnly):
    list_display = ("at", "metric", "user", "firm", "stock", "value", "denominator", "key")
    list_filter = ("metric",)
    list_select_related = ("metric",)
    search_fields = ("=user", "=stock", "=key")


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = (
        "at",
        "actor",
        "subject_type",
        "subject",
        "action",
        "from_state",
        "to_state",
        "told",
    )
    list_filter = ("subject_type", "action")
    list_select_related = ("actor",)
    search_fields = ("=subject", "actor__username")
    raw_id_fields = ("actor",)
    fields = (
        "at", "actor", "subject_type", "subject", "action", "from_state", "to_state", "told",
    )  # fmt: skip
    readonly_fields = ("at", "told")

    @display(description="detail")
    def told(self, change: Change) -> str:
        return ", ".join(f"{name}: {_plain(value)}" for name, value in change.detail.items()) or "–"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
