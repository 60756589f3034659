"""Headers that keep a page to itself, and one log line and one count for each request."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from fa_site import metrics

log = structlog.get_logger("fa_site.request")
Next = Callable[[HttpRequest], HttpResponseBase]

_STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    # Streams may be served at an address of their own.
    "connect-src": f"'self' {settings.STREAM_URL}".strip(),
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# The admin's Alpine evaluates attributes and its theme is an inline style; no inline script.
_ADMIN = {
    **_STRICT,
    "script-src": "'self' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "font-src": "'self'",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def _policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


STRICT_POLICY, ADMIN_POLICY = _policy(_STRICT), _policy(_ADMIN)


def security_headers(get_response: Next) -> Next:
    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        in_admin = request.path.startswith("/admin/")
        response.headers["Content-Security-Policy"] = ADMIN_POLICY if in_admin else STRICT_POLICY
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        # What an advisor may see is nobody else's to keep.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return respond


def request_log(get_response: Next) -> Next:
    def respond(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = get_response(request)
            _record(request, response.status_code, time.perf_counter() - started)
        response.headers["X-Request-ID"] = request_id
        return response

    return respond


def _record(request: HttpRequest, status: int, seconds: float) -> None:
    route = request.resolver_match.route if request.resolver_match else "unmatched"
    method = request.method if request.method in _METHODS else "other"
    metrics.REQUESTS.labels(method, route, str(status)).inc()
    metrics.SECONDS.labels(route).observe(seconds)
    log.info(
        "request",
        method=method,
        path=request.path,
        route=route,
        status=status,
        ms=round(seconds * 1000, 1),
        user=_user_id(request),
    )


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def _user_id(request: HttpRequest) -> int | None:
    """Only where a view has asked who it is: the log must not cost a query."""
    known = (request.__dict__.get(name) for name in ("_cached_user", "user"))
    user = next((one for one in known if isinstance(one, AbstractBaseUser)), None)
    return user.pk if user is not None else None
