"""The routes of the streams' process, and its errors: problem documents all."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from fa_site.api import problem_response
from queries.streaming.urls import urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

ONLY = "Only streams are served here: /stream/queries/<id>/."


def handler400(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem_response(request, 400, "The request can't be read.")


def handler403(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem_response(request, 403, "This account may not read this.")


def handler404(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem_response(request, 404, ONLY)


def handler500(request: HttpRequest) -> JsonResponse:
    return problem_response(request, 500, "It broke on our side, and that is recorded.")
