"""What is no question goes no further, and what isn't proven or is ours never gets out.

Outside the cache, so that an answer that is told again is held to the rules as they are now.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import structlog

import queries
from llm import prompts
from queries.chain import covering
from queries.chain.opening import opened
from queries.chain.orders import is_order
from queries.chain.tracing import traced
from queries.values import (
    LONGEST_QUESTION,
    Answer,
    Asked,
    Event,
    Finished,
    Handler,
    Marked,
    Refused,
    Text,
    Voided,
)
from summaries.evaluation.evaluators.guardrails import Guardrails, runs_of

log = structlog.get_logger(__name__)

EXAMPLES = (
    "Ask about a company's figures, filings or research, for example “How has the margin moved "
    "over the last five years?” or “What did the last 10-K say about China?”"
)
_ALLOWED_CONTROLS = frozenset("\t\n\r")
# Streamed text is looked through again from so many characters before what is new: more than a
# run of nine words takes.
_LOOK_BACK = 400


@traced
def guardrails(asked: Asked, handler: Handler) -> Iterator[Event]:
    if (refusal := refused(asked.question)) is not None:
        yield refusal
        return
    watch = _Watch(asked.question)
    with opened(handler, asked) as events:
        for event in events:
            if fault := watch.fault(event):
                log.error("query.held_back", query=asked.id, why=fault)
                yield Voided("What was written did not pass the last check.")
                yield Refused(
                    "failed",
                    "The answer did not pass the last check and is held back. Ask again, or in "
                    "other words; if it happens again, tell whoever runs the system.",
                )
                return
            yield event


def refused(question: str) -> Refused | None:
    """Why the question isn't answered; None where it is one."""
    if len(question) > LONGEST_QUESTION:
        return Refused(
            "too_long",
            f"The question has {len(question):,} characters, at most {LONGEST_QUESTION:,} can be "
            "read. Shorten it, or have a text checked on the page “Check a text”.",
        )
    if not any(map(str.isalnum, question)):
        return Refused("empty", f"There is no question. {EXAMPLES}")
    if name := _control(question):
        return Refused(
            "unreadable",
            f"The question has a character that can't be read ({name}). Type it again, or paste "
            "it as plain text.",
        )
    if is_order(question):
        return Refused(
            "injection",
            f"How questions are answered can't be changed by one, and isn't told. {EXAMPLES}",
        )
    return None


def _control(text: str) -> str:
    """The first character that is no text, as U+0000."""
    for character in text:
        if character not in _ALLOWED_CONTROLS and unicodedata.category(character) in ("Cc", "Cs"):
            return f"U+{ord(character):04X}"
    return ""


@dataclass
class _Watch:
    """What was told so far of one answer."""

    question: str
    text: str = ""
    marks: list[Marked] = field(default_factory=list)

    def fault(self, event: Event) -> str:
        """Why this event may not be told; "" where it may."""
        match event:
            case Text(text):
                seen = max(0, len(self.text) - _LOOK_BACK)
                self.text += text
                return "instructions of ours in the text" if leaks(self.text[seen:]) else ""
            case Voided():
                self.text, self.marks = "", []
            case Marked():
                self.marks.append(event)
            case Finished(answer):
                return self._unfit(answer)
        return ""

    def _unfit(self, answer: Answer) -> str:
        told = (answer.text, *answer.suggestions, *(one.text for one in answer.close))
        if any(map(leaks, told)):
            return "instructions of ours in the answer"
        return "; ".join(covering.faults(self.question, self.text, self.marks, answer))


def leaks(text: str) -> bool:
    """Whether nine words in a row, or more, are those of a prompt of ours."""
    return not _secret().secret.isdisjoint(runs_of(text))


@cache
def _secret() -> Guardrails:
    project = Path(queries.__file__).parent.parent
    files = sorted(
        path for app in ("queries", "summaries") for path in (project / app).rglob("prompts/*.md")
    )
    return Guardrails.against([prompts.load(path).text for path in files], disclosure="")
