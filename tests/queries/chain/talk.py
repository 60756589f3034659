"""Small handlers that answer for real, and what a question to them is made of."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from queries.values import (
    Answer,
    Asked,
    Claim,
    Depth,
    Event,
    Finished,
    Kind,
    Marked,
    Refused,
    Step,
    Text,
)
from summaries.verification.verdicts import Verdict


def asked(question: str = "What was ACME's revenue?", *, user: int = 1, **fields: Any) -> Asked:
    return Asked(str(uuid.uuid4()), question, user, **fields)


def told(sentence: str, **fields: Any) -> list[Event]:
    """An answer of one supported claim, as a handler tells it: streamed, marked, finished."""
    claim = Claim(sentence, Verdict.SUPPORTED)
    half = len(sentence) // 2
    given = {"kind": Kind.ANSWERED, "depth": Depth.QUICK, "stocks": ("ACME",), **fields}
    return [
        Step("facts", "Reading the facts."),
        Text(sentence[:half]),
        Text(sentence[half:]),
        Marked(0, claim, 0, len(sentence)),
        Finished(Answer(claims=(claim,), **given)),
    ]


@dataclass
class Teller:
    """Tells ``events`` (of the question) each time it is asked, and keeps who asked.

    ``hold``: waits there, after its first event, until `go` is set.
    """

    events: Callable[[Asked], list[Event]] = lambda asked: told("Revenue was $5 million.")
    hold: bool = False
    asked: list[Asked] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, asked: Asked) -> Iterator[Event]:
        self.asked.append(asked)
        try:
            for at, event in enumerate(self.events(asked)):
                yield event
                if at == 0:
                    self.begun.release()
                    if self.hold:
                        assert self.go.wait(60)
        except GeneratorExit:
            self.closed.append(asked.id)
            raise


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))


def finished(events: list[Event]) -> Finished:
    last = events[-1]
    assert isinstance(last, Finished), last
    return last


def refusal(events: list[Event]) -> Refused:
    last = events[-1]
    assert isinstance(last, Refused), last
    return last
