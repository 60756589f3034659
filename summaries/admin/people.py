"""Accounts and tokens. A token's key is shown once, when it is made; lists show its end.

Accounts are made inactive, not deleted: what they did stays on record, and the page that asks
whether to delete would name it to who may not read it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest
from rest_framework.authtoken.models import TokenProxy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from summaries.admin.reading import is_offered

for _model in (User, Group, TokenProxy):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


@admin.register(User)
class People(UserAdmin, ModelAdmin):  # type: ignore[misc, type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "is_active", "is_staff", "is_superuser", "last_login")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return is_offered(self, lookup)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Group)
class Groups(GroupAdmin, ModelAdmin):  # type: ignore[misc]
    pass


@admin.register(TokenProxy)
class Tokens(ModelAdmin):
    list_display = ("user", "ending", "created")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user",)
    autocomplete_fields = ("user",)

    @display(description="key")
    def ending(self, token: TokenProxy) -> str:
        return f"…{token.key[-4:]}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if isinstance(obj, TokenProxy):
            messages.warning(request, f"The token is {obj.key}. It is not shown again.")
