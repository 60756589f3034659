"""What all API views share: pages of results, and one shape for every error (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class CheckRate(UserRateThrottle):
    """Texts that a user may have checked, which costs more than reading does."""

    scope = "checks"


def body(status: int, detail: str, *, path: str, **more: Any) -> dict[str, Any]:
    """A problem document; ``type`` is about:blank, so ``title`` is the status in words."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": path,
        **more,
    }


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's errors as problem documents; None lets an unknown error be a 500."""
    response = exception_handler(error, context)
    if response is None:
        return None
    path = context["request"].path
    more: dict[str, Any] = {}
    if isinstance(error, exceptions.ValidationError):
        detail, more["errors"] = "Some values can't be used; see errors.", response.data
    else:
        detail = _detail(error)
    headers = {
        name: response[name] for name in ("WWW-Authenticate", "Retry-After") if name in response
    }
    return Response(
        body(response.status_code, detail, path=path, **more),
        status=response.status_code,
        headers=headers,
        content_type=CONTENT_TYPE,
    )


def _detail(error: Exception) -> str:
    if isinstance(error, exceptions.NotAuthenticated):
        return "Sign in, or send the header 'Authorization: Token <key>' (docs/api.md, Access)."
    if isinstance(error, exceptions.ParseError):
        return f"The body can't be read: {error.detail}. Send JSON as docs/api.md shows it."
    if isinstance(error, exceptions.UnsupportedMediaType):
        return "Send JSON, with the header 'Content-Type: application/json'."
    if isinstance(error, exceptions.APIException):
        return str(error.detail)
    if isinstance(error, Http404):
        return str(error) or "There is nothing here."
    if isinstance(error, PermissionDenied):
        return str(error) or "This account may not read this."
    return str(error)


def problem_response(request: HttpRequest, status: int, detail: str) -> JsonResponse:
    """For errors that happen before or outside a REST framework view."""
    return JsonResponse(
        body(status, detail, path=request.path), status=status, content_type=CONTENT_TYPE
    )
