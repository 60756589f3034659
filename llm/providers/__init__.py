"""What the door asks of a provider. Each adapter makes one attempt and no retry of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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
        """Stop the provider; harmless twice, and from another thread: iterating then just ends."""

    def answer(self) -> Answer:
        """The whole answer after the last piece; what there is of it after ``close``.

        After ``close`` it is Stop.STOPPED, and its tokens are an estimate: the input as the
        provider told it (else as we count it), the output as we count the text.
        """


@dataclass(frozen=True)
class BatchStatus:
    """``state``: in_progress, ended, failed (nothing of it was done)."""

    id: str
    state: str
    created_at: datetime
    ended_at: datetime | None = None


class CantTellYet(CallFailed):
    """Whether a batch was submitted can't be decided now: wait and ask again, never submit.

    It is a failure that passes (Kind.UNREACHABLE), so that whoever treats it as any other
    failure waits as well.
    """


class Provider(Protocol):
    """``name``: anthropic, openai. All raise CallFailed."""

    name: str

    def send(self, request: Request) -> Answer:
        """One whole answer."""

    def stream(self, request: Request) -> Stream:
        """An answer as it comes. Returns when the provider begins to answer."""

    def count(self, request: Request) -> int:
        """The prompt's tokens, by the provider's own counter. Not billed."""

    def submit(self, entries: Sequence[tuple[str, Request]], *, marker: str) -> str:
        """Submit a Message Batch of (custom id, request); returns the provider's id.

        ``marker``: our key of the batch, put where ``recent`` can find it again. Custom ids are
        up to 47 letters, digits, ``-`` and ``_``.
        """

    def batch(self, batch_id: str) -> BatchStatus:
        """How a batch stands."""

    def results(self, batch_id: str) -> Iterator[tuple[str, Answer | CallFailed]]:
        """Of an ended batch, unordered: (custom id, its answer, or why there is none)."""

    def recent(
        self,
        marker: str,
        since: datetime,
        *,
        entries: int | None = None,
        known: Collection[str] = (),
    ) -> str | None:
        """The id of the batch submitted with that marker; None where there surely is none.

        ``since``: when its submission began. ``entries``: how many it has. ``known``: ids of
        batches that are accounted for, which it can't be. Raises CantTellYet.
        """

    def cancel(self, batch_id: str) -> None:
        """Ask for a batch to be cancelled; its finished entries stay billed."""


def known_tokens(failure: CallFailed) -> Tokens:
    return failure.tokens or Tokens()
