"""Questions for tests, and what was told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User

from queries import deep, standard
from queries.values import Answer, Asked, Depth, Event, Finished, Marked, Step, Text, Voided

DEPTHS = {Depth.STANDARD: standard.answer, Depth.DEEP: deep.answer}


@dataclass(frozen=True)
class Told:
    events: tuple[Event, ...]

    @property
    def answer(self) -> Answer:
        (last,) = [one for one in self.events if isinstance(one, Finished)]
        assert self.events[-1] is last
        return last.answer

    @property
    def text(self) -> str:
        """What stands on the page at the end."""
        text = ""
        for one in self.events:
            if isinstance(one, Voided):
                text = ""
            if isinstance(one, Text):
                text += one.text
        return text

    @property
    def marks(self) -> list[Marked]:
        marks: list[Marked] = []
        for one in self.events:
            if isinstance(one, Voided):
                marks = []
            if isinstance(one, Marked):
                marks.append(one)
        return marks

    @property
    def steps(self) -> list[Step]:
        return [one for one in self.events if isinstance(one, Step)]

    @property
    def voids(self) -> list[str]:
        return [one.reason for one in self.events if isinstance(one, Voided)]


def an_asked(question: str, reader: User, *stocks: str, **more: Any) -> Asked:
    return Asked(more.pop("id", str(uuid4())), question, reader.pk, stocks=stocks, **more)


def ask(
    question: str, reader: User, *stocks: str, depth: Depth = Depth.STANDARD, **more: Any
) -> Told:
    """All that is told, which must hang together: every sentence marked where it stands."""
    asked = an_asked(question, reader, *stocks, depth=depth, **more)
    told = Told(tuple(DEPTHS[depth](asked, reader)))
    marks = told.marks
    assert [one.at for one in marks] == list(range(len(marks)))
    assert [told.text[one.start : one.end] for one in marks] == [one.claim.text for one in marks]
    assert tuple(one.claim for one in marks) == told.answer.claims
    assert told.text == told.answer.text
    return told
