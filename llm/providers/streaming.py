"""A provider's stream: read, stopped from any thread, and metered however it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, Protocol

import httpx2

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers.deadlines import stop
from llm.providers.faults import classified, request_id
from llm.values import Answer, Request, Stop

SECONDS_TO_LET_GO = 5.0


class Reader(Protocol):
    """What an adapter knows of its provider's events.

    ``has_begun``: the provider said that it works, which it bills. ``is_whole``: its last word
    came.
    """

    has_begun: bool
    is_whole: bool
    response_id: str
    model: str

    @property
    def text(self) -> str: ...

    def take(self, event: Any) -> str:
        """The text that the event brings. Raises CallFailed for an event that says so."""

    def answer(self, request_id: str) -> Answer:
        """Of a whole stream. Raises CallFailed."""

    def tokens(self) -> Tokens:
        """Used so far: what the provider told, and an estimate of the rest."""


class Streamed:
    """The Stream of both providers. ``events``: the SDK's, as they came over the wire."""

    def __init__(self, events: Any, reader: Reader, request: Request, provider: str) -> None:
        self._response: httpx2.Response = events.response
        self._events: Iterator[Any] = iter(events)
        self._reader = reader
        self._request = request
        self._provider = provider
        self._reading = threading.Lock()  # held while somebody waits for the next event
        self._is_closed = False
        self._failure: CallFailed | None = None

    def __iter__(self) -> Iterator[str]:
        while not self._is_closed:
            piece = None
            try:
                piece = self._next()
            except Exception as error:
                if self._is_closed or self._reader.is_whole:
                    return self._let_go()
                self._failure = self._failed(error)
                if self._failure is None:
                    raise
            if self._failure is not None:
                self._let_go()
                raise self._failure
            if piece is None:
                return
            if piece:
                yield piece

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        stop(self._response)  # wakes whoever reads; nothing where the end has come
        self._let_go()

    def answer(self) -> Answer:
        if self._reader.is_whole:
            return self._reader.answer(request_id(self._response))
        if self._failure is not None:
            raise self._failure
        if not self._is_closed:
            raise RuntimeError("Read the stream to its end, or close it, before its answer.")
        return Answer(
            text=self._reader.text,
            stop=Stop.STOPPED,
            tokens=self._reader.tokens(),
            model=self._reader.model,
            response_id=self._reader.response_id,
            request_id=request_id(self._response),
            is_estimate=True,
        )

    def whole(self) -> Answer:
        """The answer, for those who don't want it piece by piece. Raises CallFailed."""
        for _ in self:
            pass
        return self.answer()

    def _next(self) -> str | None:
        """A piece, maybe empty; None after the last. Raises CallFailed, or the SDK's errors."""
        with self._reading:
            if self._is_closed:
                return None
            event = next(self._events, None)
        if event is not None:
            return self._reader.take(event)
        if self._reader.is_whole or self._is_closed:
            return None
        raise self._broken()  # a clean end, and yet not the last event

    def _broken(self) -> CallFailed:
        return CallFailed(
            Kind.BROKEN, provider=self._provider, model=self._request.model, is_billed=None
        )

    def _failed(self, error: Exception) -> CallFailed | None:
        """The failure with what was used until then."""
        failure = error
        if not isinstance(error, CallFailed):
            failure = classified(error, self._provider, self._request.model) or error
        if not isinstance(failure, CallFailed):
            return None
        failure = CallFailed(
            failure.kind,
            provider=failure.provider,
            model=failure.model,
            status=failure.status,
            retry_after=failure.retry_after,
            request_id=failure.request_id or request_id(self._response),
            response_id=self._reader.response_id,
            is_billed=failure.is_billed,
            tokens=failure.tokens,
            is_estimate=failure.is_estimate,
        )
        if failure.tokens is None and self._reader.has_begun:
            failure.is_billed, failure.is_estimate = True, True
            failure.tokens = self._reader.tokens()
        return failure

    def _let_go(self) -> None:
        """Give the connection back, or up. Not while another thread reads from it."""
        if self._reading.acquire(timeout=SECONDS_TO_LET_GO):
            try:
                self._response.close()
            finally:
                self._reading.release()
