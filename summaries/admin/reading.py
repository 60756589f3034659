"""What all lists of the admin share: rows are read, not changed, and licences hold here too."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from fa_site import lists


class ReadOnly(lists.ReadOnly):
    """Rows that only code writes: an operator who could change one could break its proof."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return licensed_rows(super().get_queryset(request), request)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the list offers: any other column could be asked for what a licence keeps."""
        return is_offered(self, lookup)


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return licensed_rows(super().get_queryset(request), request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# What the filters of a list add to a field's name in an address.
_ENDINGS = re.compile(r"(__(id|pk))?(__(exact|in|isnull|isempty|gte?|lte?|year|month|day))?")


def is_offered(page: ModelAdmin, lookup: str) -> bool:
    """Whether one of the list's own filters, or its dates, asks so."""
    filters = [one[0] if isinstance(one, tuple) else one for one in page.list_filter or ()]
    if lookup in {getattr(one, "parameter_name", None) for one in filters}:
        return True
    fields = [one for one in (*filters, page.date_hierarchy) if isinstance(one, str)]
    return any(
        lookup.startswith(field) and _ENDINGS.fullmatch(lookup[len(field) :]) is not None
        for field in fields
    )


def licensed_rows(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """The rows that the user's licences cover; all of a table that no licence touches."""
    readable_by = getattr(rows, "readable_by", None)
    return readable_by(request.user) if readable_by else rows


class FirstRows(ReadOnlyInline):
    """The first rows of what may have thousands; ``most`` of them, by the model's order."""

    most = 40

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        parent = match.kwargs.get("object_id", "") if match else ""
        if not parent.isdecimal():
            return rows.none()
        first = self.model._default_manager.filter(**{self.parent_key: parent})
        return rows.filter(pk__in=list(first.values_list("pk", flat=True)[: self.most]))

    parent_key = "document"
