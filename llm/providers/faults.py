"""What an SDK's error means: how the call failed, whether it was billed, when to come again.

No text of a provider gets into our errors: it may quote the prompt, or the key.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx2

from llm.errors import CallFailed, Kind
from llm.providers.wire import Json, NotAnObject, count, identifier, mapping, parsed, text

Given = TypeVar("Given")

STATUSES = {
    401: Kind.UNAUTHORISED, 402: Kind.NO_CREDIT, 403: Kind.UNAUTHORISED, 408: Kind.SERVER,
    409: Kind.SERVER, 425: Kind.SERVER, 429: Kind.RATE_LIMITED, 499: Kind.SERVER,
    529: Kind.OVERLOADED,
}  # fmt: skip

# The errors' types and codes, of both providers; they say more than a status does.
CODES = {
    "authentication_error": Kind.UNAUTHORISED,
    "permission_error": Kind.UNAUTHORISED,
    "billing_error": Kind.NO_CREDIT,
    "insufficient_quota": Kind.NO_CREDIT,
    "invalid_request_error": Kind.BAD_REQUEST,
    "invalid_prompt": Kind.BAD_REQUEST,
    "not_found_error": Kind.BAD_REQUEST,
    "request_too_large": Kind.BAD_REQUEST,
    "rate_limit_error": Kind.RATE_LIMITED,
    "rate_limit_exceeded": Kind.RATE_LIMITED,
    "overloaded_error": Kind.OVERLOADED,
    "timeout_error": Kind.SERVER,
    "api_error": Kind.SERVER,
    "server_error": Kind.SERVER,
}
ABOUT_MONEY = ("billing_error", "insufficient_quota")

NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError,
            httpx2.UnsupportedProtocol, httpx2.LocalProtocolError)  # fmt: skip

UNREADABLE = (json.JSONDecodeError, UnicodeDecodeError, NotAnObject, RecursionError)


def calling(
    call: Callable[[], Given], provider: str, model: str, *, may_bill: bool = True
) -> Given:
    """What the call gives. Raises CallFailed; other mistakes, which are ours, as they are.

    ``may_bill``: whether a call of its kind costs anything.
    """
    try:
        return call()
    except CallFailed:
        raise
    except Exception as error:
        failure = classified(error, provider, model, may_bill=may_bill)
        if failure is None:
            raise
    # Out here, so that the SDK's error, which holds request and reply, isn't its context.
    raise failure


def read(response: httpx2.Response, provider: str, model: str, *, may_bill: bool = True) -> Json:
    """The reply's object. Raises CallFailed, Kind.MALFORMED with the reply's own request id."""
    try:
        return calling(lambda: parsed(response.content), provider, model, may_bill=may_bill)
    except CallFailed as failure:
        failure.request_id = request_id(response)
        raise


def read_count(response: httpx2.Response, provider: str, model: str) -> int:
    """The reply of a counter of prompts. Raises CallFailed."""
    told = read(response, provider, model, may_bill=False)
    try:
        counted = count(told, "input_tokens")
    except ValueError:
        counted = 0
    if not counted:  # no prompt is empty
        raise CallFailed(Kind.MALFORMED, provider=provider, model=model)
    return counted


def classified(
    error: Exception, provider: str, model: str, *, may_bill: bool = True
) -> CallFailed | None:
    """None for an error that isn't the provider's, nor the network's."""
    unknown = None if may_bill else False
    status = getattr(error, "status_code", None)
    response = getattr(error, "response", None)
    if isinstance(response, httpx2.Response) and isinstance(status, int):
        if status < 300 and not _codes(getattr(error, "body", None)):
            return CallFailed(Kind.MALFORMED, provider=provider, model=model, is_billed=unknown)
        return _told(error, response, provider, model, unknown)
    transport = error if isinstance(error, httpx2.RequestError) else error.__cause__
    if isinstance(transport, httpx2.RequestError):
        kind, billed = _transport(transport)
        is_billed = unknown if billed is None else billed
        return CallFailed(kind, provider=provider, model=model, is_billed=is_billed)
    if isinstance(error, httpx2.StreamError):
        return CallFailed(Kind.BROKEN, provider=provider, model=model, is_billed=unknown)
    if isinstance(error, UNREADABLE):
        return CallFailed(Kind.MALFORMED, provider=provider, model=model, is_billed=unknown)
    if (codes := _codes(getattr(error, "body", None))) or hasattr(error, "body"):
        kind = kind_of(None, *codes)  # an error among a stream's data
        return CallFailed(kind, provider=provider, model=model, is_billed=unknown)
    return None


def kind_of(status: int | None, *codes: str) -> Kind:
    """Of a status, or where it says nothing, of an error's type and code."""
    if any(code in ABOUT_MONEY for code in codes):
        return Kind.NO_CREDIT
    if "overloaded_error" in codes:
        return Kind.OVERLOADED
    if status is None or status < 300:
        named = [CODES[code] for code in codes if code in CODES]
        return named[0] if named else Kind.SERVER
    return STATUSES.get(status, Kind.SERVER if status >= 500 else Kind.BAD_REQUEST)


def codes_of(error: Any) -> tuple[str, ...]:
    """An error object's code and type; the code is the narrower."""
    told = mapping(error)
    return tuple(filter(None, (text(told.get("code")), text(told.get("type")))))


def request_id(response: httpx2.Response) -> str:
    headers = response.headers
    return identifier(headers.get("request-id") or headers.get("x-request-id"))


def retry_after(headers: httpx2.Headers, now: datetime | None = None) -> float | None:
    """Seconds, by ``retry-after-ms`` or ``retry-after`` in seconds or as a date."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    if (seconds := _number(said)) is not None:
        return seconds
    moment = _date(said)
    if moment is None:
        return None
    # By the server's own clock where it tells it.
    ours = now or _date(headers.get("date")) or datetime.now(UTC)
    return max(0.0, (moment - ours).total_seconds())


def _told(
    error: Exception,
    response: httpx2.Response,
    provider: str,
    model: str,
    unknown: bool | None,
) -> CallFailed:
    status = response.status_code
    in_stream = status < 300
    return CallFailed(
        kind_of(status, *_codes(getattr(error, "body", None))),
        provider=provider,
        model=model,
        status=None if in_stream else status,
        retry_after=retry_after(response.headers),
        request_id=request_id(response),
        is_billed=unknown if in_stream else False,
    )


def _codes(body: Any) -> tuple[str, ...]:
    """Anthropic's error stands in the body's ``error``; OpenAI's SDK gives it bare."""
    told = mapping(body)
    return codes_of(told.get("error")) or codes_of(told)


def _transport(error: httpx2.RequestError) -> tuple[Kind, bool | None]:
    if isinstance(error, NOT_SENT):
        return Kind.UNREACHABLE, False
    if isinstance(error, httpx2.TimeoutException):
        return Kind.TIMED_OUT, None
    if isinstance(error, httpx2.DecodingError):
        return Kind.MALFORMED, None
    if isinstance(error, httpx2.TooManyRedirects):
        return Kind.BAD_REQUEST, False
    return Kind.BROKEN, None


def _number(said: str | None) -> float | None:
    try:
        value = float(said or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _date(said: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said or "")
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
