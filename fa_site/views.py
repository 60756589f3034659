"""Signing in, and pages for when something is wrong: each says what to do next."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from fa_site.api import problem_response
from summaries.pages.rights import READ_PAGES

FAILURES_ALLOWED = 10
FAILURES_KEPT_SECONDS = 15 * 60


class SignInForm(AuthenticationForm):
    """Refuses accounts that have no pages to read, and names tried too often."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "Username and password don't match. Both are case-sensitive.",
        "no_pages": "This account has no pages to read: it is for the API, with its token.",
        "too_often": "Too many failed attempts for this name. Try again in 15 minutes.",
    }

    def clean(self) -> dict[str, object]:
        key = f"sign-in-failures:{self.data.get('username', '')[:150].lower()}"
        if cache.get(key, 0) >= FAILURES_ALLOWED:
            raise ValidationError(self.error_messages["too_often"], code="too_often")
        try:
            cleaned = super().clean()
        except ValidationError:
            cache.add(key, 0, FAILURES_KEPT_SECONDS)
            cache.incr(key)
            raise
        cache.delete(key)
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not (user.has_perm(READ_PAGES) or user.is_staff):
            raise ValidationError(self.error_messages["no_pages"], code="no_pages")


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    form_class = SignInForm
    template_name = "sign_in.html"
    redirect_authenticated_user = True


@login_not_required
@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The admin has no sign-in of its own; who is signed in and isn't staff has no way in."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied("The admin is for the operators.")
    target = urlencode({"next": request.GET.get("next", "/admin/")})
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{target}")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request, 404, "There is no such page.", "Check the address, or look for the stock by name."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request,
        403,
        "Your account may not see this.",
        str(exception) or "Ask whoever runs the system to give your account access.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request,
        403,
        "The form was too old to be accepted.",
        "Go back, load the page again and send the form once more. Cookies must be allowed.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, "The request can't be read.", "Check the address and try again.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the user, whose loading may be what failed."""
    request.user = AnonymousUser()
    return _error(
        request,
        500,
        "Something broke on our side.",
        "It has been recorded. Try again in a minute; what is published stays readable.",
    )


def _error(request: HttpRequest, status: int, what: str, next_step: str) -> HttpResponse:
    if request.path.startswith(("/api/", "/stream/")):
        return problem_response(request, status, f"{what} {next_step}")
    context = {
        "status": status,
        "phrase": HTTPStatus(status).phrase,
        "what": what,
        "next_step": next_step,
    }
    return render(request, "error.html", context, status=status)
