"""GET /stream/queries/<id>/: the only route of the streams' process."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID

import redis
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser, User
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from fa_site.api import problem_response
from queries.actions import note_reads
from queries.actions.feedback import readable
from queries.eventlog import log as eventlog
from queries.models import ASK, Query, Read, plan_of
from queries.streaming.following import follow
from summaries.pages.rights import READ_PAGES, USE_API

log = structlog.get_logger(__name__)

_ID = re.compile(r"\d{1,20}-\d{1,20}")
_SIGN_IN = "Sign in, or send the header 'Authorization: Token <key>' (docs/api.md, Access)."
_NO_STREAMS = (
    "Streams are not in this account's plan. Read the answer at /api/v1/queries/<id>/ instead."
)
_FULL = "Too many streams are open here. Read the answer at /api/v1/queries/<id>/ instead."


class _Open:
    """How many streams this process has open. Counted on its one event loop."""

    count = 0


@login_not_required
async def stream(request: HttpRequest, query: UUID) -> HttpResponseBase:
    """The query's events from ``Last-Event-ID`` on, or from the start."""
    response = await _answer(request, query)
    origin = request.headers.get("Origin", "")
    if origin and origin == settings.SITE_URL.rstrip("/"):
        # The site's own pages, where streams have an address of their own.
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Vary"] = "Origin"
    return response


async def _answer(request: HttpRequest, query: UUID) -> HttpResponseBase:
    if request.method != "GET":
        return problem_response(request, 405, "Streams are read: use GET.")
    after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    if after and not _ID.fullmatch(after):
        return problem_response(request, 400, "Last-Event-ID is no id of an event of ours.")
    user = await sync_to_async(_reader)(request, query)
    if isinstance(user, HttpResponseBase):
        return user
    if after and await sync_to_async(_is_over)(str(query), after):
        return HttpResponse(status=204)  # tells a browser not to ask again
    if _Open.count >= settings.MOST_STREAMS:
        full = problem_response(request, 503, _FULL)
        full["Retry-After"] = "5"
        return full
    response = StreamingHttpResponse(_counted(query, after, user), content_type="text/event-stream")
    response["Cache-Control"] = "private, no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _counted(query: UUID, after: str, user: User) -> AsyncIterator[bytes]:
    async def ending() -> None:
        await sync_to_async(_note)(query, user)

    _Open.count += 1
    frames = follow(query, after, ending)
    try:
        async for sent in frames:
            yield sent
    finally:
        _Open.count -= 1
        await frames.aclose()


def _reader(request: HttpRequest, query: UUID) -> User | HttpResponseBase:
    """Who reads, or why there is no stream for them. The connection is given back before the
    stream begins."""
    try:
        user = _user(request)
        if user is None:
            return problem_response(request, 401, _SIGN_IN)
        if not (user.has_perm(ASK) and (user.has_perm(USE_API) or user.has_perm(READ_PAGES))):
            return problem_response(request, 403, "This account may not ask questions.")
        if not readable(user).filter(pk=query).exists():
            return problem_response(request, 404, f"There is no query {query}.")
        if not plan_of(user.pk).may_stream:
            return problem_response(request, 403, _NO_STREAMS)
        return user
    except AuthenticationFailed as error:
        return problem_response(request, 401, str(error.detail))
    finally:
        _let_go()


def _note(query: UUID, user: User) -> None:
    """Who was shown the answer; without a database the answer is shown all the same."""
    try:
        note_reads(queries=Query.objects.filter(pk=query), by=user, way=Read.Way.STREAM)
    except DatabaseError as error:
        log.warning("queries.read_not_noted", query=str(query), error=type(error).__name__)
    finally:
        _let_go()


def _let_go() -> None:
    if not connection.in_atomic_block:
        connection.close()


def _user(request: HttpRequest) -> User | None:
    """By token where one is sent, else by session. Raises AuthenticationFailed."""
    if "authorization" in request.headers:
        found = TokenAuthentication().authenticate(Request(request))
        if found is None:
            raise AuthenticationFailed(_SIGN_IN)
        user: User = found[0]
        return user
    session: User | AnonymousUser = request.user
    return session if isinstance(session, User) and session.is_active else None


def _is_over(query: str, after: str) -> bool:
    """Whether that entry was the end."""
    try:
        last = eventlog.at(query, after)
    except redis.RedisError:
        return False
    return last is not None and eventlog.is_end(last.event)
