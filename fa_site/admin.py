"""Flags, switches and samples of waffle, dressed as the rest of the admin is."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin
from waffle.admin import FlagAdmin, SampleAdmin, SwitchAdmin
from waffle.models import Flag, Sample, Switch

for _model in (Flag, Sample, Switch):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


@admin.register(Flag)
class Flags(FlagAdmin, ModelAdmin):  # type: ignore[misc]
    pass


@admin.register(Sample)
class Samples(SampleAdmin, ModelAdmin):  # type: ignore[misc]
    pass


@admin.register(Switch)
class Switches(SwitchAdmin, ModelAdmin):  # type: ignore[misc]
    pass
