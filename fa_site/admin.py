"""Flags, switches and samples of waffle, dressed as the rest of the admin is.

Who changes one here stands on the trail of changes (experiments.flags)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from waffle.admin import FlagAdmin, SampleAdmin, SwitchAdmin
from waffle.models import Flag, Sample, Switch

from experiments.flags import changing

for _model in (Flag, Sample, Switch):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class Audited(ModelAdmin):
    """Whatever is done on these pages is done by the user who is signed in."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with changing(request.user):  # type: ignore[arg-type]
            return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with changing(request.user):  # type: ignore[arg-type]
            return super().changelist_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with changing(request.user):  # type: ignore[arg-type]
            return super().delete_view(request, *args, **kwargs)


@admin.register(Flag)
class Flags(FlagAdmin, Audited):  # type: ignore[misc]
    pass


@admin.register(Sample)
class Samples(SampleAdmin, Audited):  # type: ignore[misc]
    pass


@admin.register(Switch)
class Switches(SwitchAdmin, Audited):  # type: ignore[misc]
    pass
