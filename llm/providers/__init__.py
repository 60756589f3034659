"""What the door asks of a provider. Each adapter makes one attempt and no retry of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from costs.tokens import Tokens
from llm.errors import CallFailed
from llm.values import Answer, Request


class Stream(Protocol):
    """An answer as it comes. Iterate, then take ``answer``; ``close`` ends the provider's stream.

    Iterating raises CallFailed with the tokens known or estimated so far.
    """

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None:
        """Stop the provider; harmless twice, and from another thread."""

    def answer(self) -> Answer:
        """The whole answer after the last piece; what there is of it after ``close``.

        After ``close`` its tokens are what the provider said so far, or None.
        """


@dataclass(frozen=True)
class BatchStatus:
    """``state``: in_progress, ended, failed (nothing of it was done)."""

    id: str
    state: str
    created_at: datetime
    ended_at: datetime | None = None


class Provider(Protocol):
    """``name``: anthropic, openai. All raise CallFailed."""

    name: str

    def send(self, request: Request) -> Answer:
        """One whole answer."""

    def stream(self, request: Request) -> Stream:
        """An answer as it comes."""

    def count(self, request: Request) -> int:
        """The prompt's tokens, by the provider's own counter. Not billed."""

    def submit(self, entries: Sequence[tuple[str, Request]], *, marker: str) -> str:
        """Submit a Message Batch of (custom id, request); returns the provider's id.

        ``marker``: our key of the batch, put where ``recent`` can find it again.
        """

    def batch(self, batch_id: str) -> BatchStatus:
        """How a batch stands."""

    def results(self, batch_id: str) -> Iterator[tuple[str, Answer | CallFailed]]:
        """Of an ended batch, unordered: (custom id, its answer, or why there is none)."""

    def recent(self, marker: str, since: datetime) -> str | None:
        """The id of a batch submitted with that marker, where the provider has it."""

    def cancel(self, batch_id: str) -> None:
        """Ask for a batch to be cancelled; its finished entries stay billed."""


def known_tokens(failure: CallFailed) -> Tokens:
    return failure.tokens or Tokens()
