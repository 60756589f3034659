"""The results of a batch, a JSON object a line, read as they come."""

from __future__ import annotations

from collections.abc import Generator

import httpx2

from llm.errors import CallFailed, Kind
from llm.providers.faults import UNREADABLE, classified
from llm.providers.wire import Json, parsed


def lines(response: httpx2.Response, provider: str) -> Generator[Json]:
    """Each line's object. Raises CallFailed where the download breaks off, and after the last
    line where one was no object: the others are good, and come first."""
    is_torn = False
    failure = None
    try:
        for line in response.iter_lines():
            if not line.strip():
                continue
            try:
                whole = parsed(line)
            except UNREADABLE:
                is_torn = True
                continue
            yield whole
    except httpx2.RequestError as error:
        failure = classified(error, provider, "", may_bill=False)
    finally:
        response.close()
    if failure is None and is_torn:
        failure = CallFailed(Kind.MALFORMED, provider=provider, model="")
    if failure is not None:
        raise failure
