"""What can't be done, as the problem that the API tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.conf import settings
from rest_framework import exceptions, status
from rest_framework.request import Request

from fa_site.answers import ERRORS, INVALID, ProblemSerializer
from queries.actions.errors import KeyReused, NotAskable, NotNow, NotThere, NotYours
from queries.models import Query

PROBLEM = "application/problem+json"
CHANGING: dict[Any, Any] = {
    **ERRORS,
    **INVALID,
    **{(code, PROBLEM): ProblemSerializer for code in ("409", "413", "415")},
}


class Conflict(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than any question. Send at most 20,000 characters."


class NotTaken(exceptions.APIException):
    """Refused for want of room: 429 with when it may be sent again."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS

    def __init__(self, query: Query) -> None:
        super().__init__(f"{query.message} Send the same request again then.")
        self.wait = query.retry_after  # REST framework makes Retry-After of it


@contextmanager
def told(field: str = "question") -> Iterator[None]:
    """Errors of the actions as problems; what can't be taken is an error of ``field``."""
    try:
        yield
    except NotThere as error:
        raise exceptions.NotFound(str(error)) from error
    except NotYours as error:
        raise exceptions.PermissionDenied(str(error)) from error
    except (KeyReused, NotNow) as error:
        raise Conflict(str(error)) from error
    except NotAskable as error:
        raise exceptions.ValidationError({field: [str(error)]}) from error


def refuse_large(request: Request) -> None:
    size = request.META.get("CONTENT_LENGTH") or "0"
    if int(size) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise TooLarge


def no_such(what: str, identity: object) -> NoReturn:
    raise exceptions.NotFound(f"There is no {what} {identity}.")
