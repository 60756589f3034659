"""/health: the process is alive. /ready: what it needs is there.

Both are open, because load balancers don't sign in; they give names and yes or
no. Why something isn't ready is told only to this machine and to accounts that
may read batch runs. Missing workers are told but don't make the site unready:
pages and API serve what is published without them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from fa_site import broker
from fa_site.api import problem_response

_LOOPBACK = {"127.0.0.1", "::1"}
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
SEE_INSIDE = "summaries.view_batchrun"


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    needed = all(outcome["ok"] for name, outcome in checks.items() if name != "workers")
    if not may_see_inside(request):
        checks = {name: {"ok": outcome["ok"]} for name, outcome in checks.items()}
    return JsonResponse({"ready": needed, "checks": checks}, status=200 if needed else 503)


def _outcome(check: Callable[[], str]) -> dict[str, Any]:
    """``check`` returns what it found and raises where something is missing."""
    try:
        return {"ok": True, "detail": check()}
    except Exception as error:  # whatever goes wrong is the answer
        return {"ok": False, "detail": f"{type(error).__name__}: {error}"}


class NotReady(Exception):
    """Something answers, but isn't as it has to be."""


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise NotReady(f"{len(plan)} migrations are not applied; run manage.py migrate")
    return "all applied"


def _valkey() -> str:
    broker.connection().ping()
    return "answers"


def _workers() -> str:
    names = broker.live_workers()
    if not names:
        raise NotReady("no worker was seen in the last seconds; batch runs wait")
    return f"{len(names)} seen"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "valkey": _valkey,
    "workers": _workers,
}


def may_see_inside(request: HttpRequest) -> bool:
    return _from_this_machine(request) or _has_permission(request)


def _from_this_machine(request: HttpRequest) -> bool:
    """Behind a proxy everybody comes from loopback, so there it counts for nothing."""
    if settings.SECURE_PROXY_SSL_HEADER or any(name in request.META for name in _FORWARDED):
        return False
    return request.META.get("REMOTE_ADDR") in _LOOPBACK


def _has_permission(request: HttpRequest) -> bool:
    if request.user.has_perm(SEE_INSIDE):
        return True
    try:
        found = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    return found is not None and found[0].has_perm(SEE_INSIDE)


def refused(request: HttpRequest) -> HttpResponse:
    return problem_response(
        request,
        403,
        "Open to this machine only, or with the token of an account that may read batch runs.",
    )
