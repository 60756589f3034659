"""What was hidden back into events, and the places in a streamed text with it.

A placeholder is shorter or longer than what it stands for, so that a mark's span moves by all the
placeholders before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from llm.masking import Unmasker, Vault, unmask
from llm.masking.vault import PLACEHOLDER
from queries.values import (
    Answer,
    Chart,
    Claim,
    Event,
    Finished,
    Marked,
    Refused,
    Shown,
    Step,
    Text,
    Voided,
)


class Restorer:
    """For the events of one answer, in order. Sources' own words (citations) stay as they are."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._begin()

    def _begin(self) -> None:
        self._unmasker = Unmasker(self._vault)
        self._masked = ""

    def restored(self, event: Event) -> Iterator[Event]:
        match event:
            case Text(text):
                self._masked += text
                if shown := self._unmasker.feed(text):
                    yield Text(shown)
            case Voided():
                self._begin()
                yield event
            case Marked(at, claim, start, end):
                moved = self._moved
                yield Marked(at, self._claim(claim), moved(start), moved(end))
            case Step(name, text, is_done):
                yield Step(name, self._text(text), is_done)
            case Shown(chart):
                yield Shown(self._chart(chart))
            case Finished(answer):
                yield from self._rest()
                yield replace(event, answer=self._answer(answer))
            case Refused(_, text):
                yield from self._rest()
                yield replace(event, text=self._text(text))

    def _rest(self) -> Iterator[Event]:
        if rest := self._unmasker.finish():
            yield Text(rest)

    def _moved(self, place: int) -> int:
        """Where a place of the masked text stands in the restored one; -1 stays."""
        found = [one for one in PLACEHOLDER.finditer(self._masked) if self._known(one[0])]
        before = found[: bisect_right([one.end() for one in found], place)]
        return place + sum(len(self._text(one[0])) - len(one[0]) for one in before)

    def _known(self, placeholder: str) -> bool:
        return self._vault.original(placeholder) is not None

    def _text(self, text: str) -> str:
        return unmask(text, self._vault)

    def _claim(self, claim: Claim) -> Claim:
        return replace(
            claim,
            text=self._text(claim.text),
            reason=self._text(claim.reason),
            correction=self._text(claim.correction),
        )

    def _chart(self, chart: Chart) -> Chart:
        return replace(chart, title=self._text(chart.title))

    def _answer(self, answer: Answer) -> Answer:
        return replace(
            answer,
            claims=tuple(map(self._claim, answer.claims)),
            close=tuple(map(self._claim, answer.close)),
            charts=tuple(map(self._chart, answer.charts)),
            suggestions=tuple(map(self._text, answer.suggestions)),
        )
