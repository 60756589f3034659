"""An answer as it comes. What breaks off starts again, and both are on the ledger."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from costs.errors import Unpriced
from llm import attempts, outgoing, spans
from llm.attempts import Attempt
from llm.calling import Call, Step
from llm.errors import CallFailed, DoorError
from llm.limits import Busy
from llm.providers import Provider, Stream, setup
from llm.routing import EXTRACTIVE
from llm.tracing import CallSpan
from llm.values import Answer, Ask, Done, Event, Piece, Reply, Restart, Stop

Told = Generator[Event, None, Reply | None]


class Streaming:
    """Events in order: Pieces, a Restart where all text so far is void, and last Done.

    Iterating raises what ``write`` raises. Nothing is sent before the first ``next``.
    """

    def __init__(self, ask: Ask) -> None:
        self._run = _Run(ask)
        self._events = self._run.events()

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        return next(self._events)

    def stop(self) -> None:
        """From any thread: stop the provider; the next event is Done with what there is."""
        self._run.stop()

    def close(self) -> None:
        """Nobody reads on: stop the provider and meter it. So does dropping the last reference."""
        self._run.stop()
        with suppress(ValueError):  # another thread reads it, and will see that it was stopped
            self._events.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()


class _Run:
    """Holds no reference to the Streaming, so that a dropped one ends at once."""

    def __init__(self, ask: Ask) -> None:
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._call = Call(ask, "stream", self._stopping)
        self._told = False  # text that a Restart would void

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            stream = self._stream
        if stream is not None:
            stream.close()

    def events(self) -> Generator[Event, None, None]:
        reply = self._call.replayed()
        if reply is not None:
            yield Piece(reply.text)
            yield Done(reply)
            return
        for step in self._call.steps():
            reply = yield from self._attempt(step)
            if reply is not None:
                yield Done(reply)
                return
        if self._call.is_stopped:
            yield Done(self._call.stopped_unsent())
            return
        reply = self._call.without_model()
        if self._told:
            yield Restart(EXTRACTIVE.provider, EXTRACTIVE.model, self._reason())
        yield Piece(reply.text)
        yield Done(reply)

    def _attempt(self, step: Step) -> Told:
        provider = setup.provider(step.rung.provider)
        try:
            attempt = self._call.begin(step)
        except (Busy, Unpriced) as error:
            self._call.passed_over(error)
            return None
        with spans.of(self._call, attempt, is_stream=True) as span:
            try:
                if self._told:
                    self._told = False
                    yield Restart(step.rung.provider, step.rung.model, self._reason())
                stream = self._opened(provider, attempt)
            except GeneratorExit:
                attempts.unsent(attempt, "stopped")
                raise
            except CallFailed as failure:
                self._failed(attempt, failure, span)
                return None
            except BaseException as error:
                attempts.broken_off(attempt, error)
                raise
            return (yield from self._answer(attempt, stream, span))

    def _opened(self, provider: Provider, attempt: Attempt) -> Stream:
        stream = provider.stream(attempt.request)
        with self._lock:
            self._stream = stream
        if self._stopping.is_set():
            stream.close()
        return stream

    def _answer(self, attempt: Attempt, stream: Stream, span: CallSpan) -> Told:
        pieces: list[str] = []
        try:
            yield from self._pieces(attempt, stream, pieces)
            answer = stream.answer()
        except GeneratorExit:
            stream.close()
            self._stopped(attempt, stream, pieces, span)
            raise
        except CallFailed as failure:
            if self._stopping.is_set():
                return self._stopped(attempt, stream, pieces, span)
            self._failed(attempt, failure, span)
            return None
        except BaseException as error:
            stream.close()
            attempts.broken_off(attempt, error)
            raise
        finally:
            self._stream = None
        if answer.stop is Stop.STOPPED:
            return self._stopped(attempt, stream, pieces, span)
        spans.finished(span, answer)
        return self._call.answered(attempt, answer)

    def _pieces(self, attempt: Attempt, stream: Stream, pieces: list[str]) -> Iterator[Event]:
        shown = outgoing.unmasker(self._call.vault, is_json=self._call.ask.schema is not None)
        for piece in stream:
            if not pieces:
                attempt.first_token_ms = attempt.latency_ms
            pieces.append(piece)
            if text := shown.feed(piece):
                self._told = True
                yield Piece(text)
        if (text := shown.finish()) and not self._stopping.is_set():
            self._told = True
            yield Piece(text)

    def _stopped(
        self, attempt: Attempt, stream: Stream, pieces: list[str], span: CallSpan
    ) -> Reply | None:
        """Metered by what the provider said so far, and our own count of the text."""
        known = Answer("".join(pieces), Stop.STOPPED, None, attempt.request.model)
        with suppress(DoorError):
            known = replace(stream.answer(), stop=Stop.STOPPED)
        guess = attempt.guessed(known.text)
        tokens = known.tokens or guess
        tokens = replace(tokens, output=max(tokens.output, guess.output))
        answer = replace(known, tokens=tokens, is_estimate=True)
        spans.finished(span, answer)
        return self._call.answered(attempt, answer)

    def _failed(self, attempt: Attempt, failure: CallFailed, span: CallSpan) -> None:
        self._call.failed(attempt, failure)
        span.failed(failure.kind.value)

    def _reason(self) -> str:
        return str(self._call.failures[-1].kind) if self._call.failures else ""
