"""Who may do what: four groups, and nothing without one.

Everything asks for permissions, never for a group by name, so that an
administrator can make other groups. Those below belong to the code: each
migration sets them to exactly what stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.apps.registry import Apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Value
from django.db.models.functions import Concat
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    # The views read the settings, which name the permission class below.
    from rest_framework.views import APIView

from queries.models.rights import ASK, OVERSEE
from summaries.pages.rights import READ_PAGES, REVIEW_SUMMARIES, USE_API

# Permissions that speak of no single table; they hang on Stock's content type.
OWN_PERMISSIONS = {
    READ_PAGES: "Can read the advisors' pages",
    USE_API: "Can use the API",
    REVIEW_SUMMARIES: "Can read and review summaries that are not published",
}

# What licences keep from an account, these permissions don't open: see summaries.models.licences.
_READABLE = (
    "stock", "filing", "fact", "document", "summary", "claim", "citation", "researchnote",
    "dailyprice", "estimate", "fundamental",
)  # fmt: skip
_OPERATED = (
    "finding", "sectorsnapshot", "batchrun", "batchitem", "auditevent", "section", "table",
    "taggedvalue", "researchissuer", "plan", "sourceitem", "ingestrun", "ingestitem",
    "labelledcase", "regressionrun", "regressionresult",
)  # fmt: skip

# Money and the door to the models: the operators' alone.
_MONEY = (
    "price", "usagerecord", "costadjustment", "expense", "team", "budget", "budgetperiod",
    "budgetalert", "usageexport", "exportline",
)  # fmt: skip
_KEPT_BY_OPERATORS = ("price", "budget", "expense", "team")
_DOOR = ("route", "circuitevent", "messagebatch", "batchentry", "keptreply")
# What is tried on whom, and what came of it.
_TRIED = ("abtest", "variant", "goal", "metric", "phase", "exposure", "outcome", "change")
_WRITTEN_BY_OPERATORS = ("abtest", "variant", "goal", "metric")
# What users may ask for, and how often.
_PLANS = ("usageplan", "userplan")


def _may_view(*models: str, app: str = "summaries") -> frozenset[str]:
    return frozenset(f"{app}.view_{model}" for model in models)


GROUPS: dict[str, frozenset[str]] = {
    "advisor": _may_view(*_READABLE) | {READ_PAGES, USE_API, ASK},
    "api": _may_view(*_READABLE, "batchrun", "batchitem") | {USE_API, ASK},
    # Reads, holds and exports conversations, within the licences that its members hold.
    "compliance": _may_view(*_READABLE) | {READ_PAGES, USE_API, OVERSEE},
    "ops": _may_view(*_READABLE, *_OPERATED)
    | {READ_PAGES, USE_API, REVIEW_SUMMARIES, ASK}
    | {"summaries.add_batchrun", "summaries.change_batchrun"}
    | {"summaries.add_ingestrun", "summaries.change_ingestrun", "summaries.change_plan"}
    | _may_view(*_MONEY, app="costs")
    | {f"costs.{verb}_{model}" for verb in ("add", "change") for model in _KEPT_BY_OPERATORS}
    | _may_view(*_DOOR, app="llm")
    | _may_view(*_TRIED, app="experiments")
    | {
        f"experiments.{verb}_{model}"
        for verb in ("add", "change")
        for model in _WRITTEN_BY_OPERATORS
    }
    | _may_view(*_PLANS, app="queries")
    | {f"queries.{verb}_{model}" for verb in ("add", "change", "delete") for model in _PLANS}
    | {"llm.change_route", "auth.view_user", "auth.view_group"},
}


def set_groups(*, using: str, apps: Apps = apps, **_: Any) -> None:
    """After each migration: the own permissions, and the groups with what they may."""
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
        content_type_model = apps.get_model("contenttypes", "ContentType")
    except LookupError:  # migrated back to before these tables
        return
    permissions = permission_model.objects.using(using)
    stock, _created = content_type_model.objects.using(using).get_or_create(
        app_label="summaries", model="stock"
    )
    for name, words in OWN_PERMISSIONS.items():
        codename = name.partition(".")[2]
        permissions.update_or_create(
            content_type=stock, codename=codename, defaults={"name": words}
        )
    for name, allowed in GROUPS.items():
        group, _created = group_model.objects.using(using).get_or_create(name=name)
        named = permissions.annotate(
            whole=Concat("content_type__app_label", Value("."), "codename")
        )
        group.permissions.set(named.filter(whole__in=allowed))


class ApiAccess(BasePermission):
    """A view says in ``needs`` which permissions it takes beyond the use of the API."""

    message = (
        "This account may not read this. Ask whoever runs the system to put it in the group "
        "that may (docs/api.md, Access)."
    )

    def has_permission(self, request: Request, view: APIView) -> bool:
        needs: tuple[str, ...] | None = getattr(view, "needs", None)
        if needs is None:
            raise ImproperlyConfigured(
                f"{type(view).__name__} doesn't say what it needs: set needs = () or permissions."
            )
        user = request.user
        return bool(user and user.is_authenticated and user.has_perms((USE_API, *needs)))
