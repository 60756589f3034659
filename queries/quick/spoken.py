"""What a quick answer is made of before it is told, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from queries.values import (
    Answer,
    Chart,
    Claim,
    Depth,
    Event,
    Finished,
    Kind,
    Marked,
    Shown,
    Text,
)
from summaries.verification.verdicts import Verdict


@dataclass(frozen=True)
class Found:
    """As in Answer, of a part of the question."""

    claims: tuple[Claim, ...] = ()
    charts: tuple[Chart, ...] = ()
    close: tuple[Claim, ...] = ()
    kind: Kind = Kind.ANSWERED

    def __add__(self, other: Found) -> Found:
        """Both; answered if either is. What says nothing changes no kind."""
        kinds = {one.kind for one in (self, other) if one.claims}
        return Found(
            _once((*self.claims, *other.claims)), (*self.charts, *other.charts),
            _once((*self.close, *other.close)), kinds.pop() if len(kinds) == 1 else Kind.ANSWERED,
        )  # fmt: skip


def _once(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    return tuple({one.text: one for one in claims}.values())


def remark(text: str) -> Claim:
    """What we say ourselves, which no source is needed for."""
    return Claim(text, Verdict.NOT_CHECKABLE)


def unsaid(text: str, *close: Claim) -> Found:
    """``text``: what the sources don't say."""
    return Found((remark(text),), close=close, kind=Kind.UNSAID)


def told(found: Found, suggestions: tuple[str, ...], stocks: tuple[str, ...]) -> Iterator[Event]:
    """The answer as it is streamed: each sentence, its mark, the charts, the whole."""
    at = 0
    for number, claim in enumerate(found.claims):
        lead = " " if number else ""
        yield Text(lead + claim.text)
        at += len(lead)
        yield Marked(number, claim, at, at + len(claim.text))
        at += len(claim.text)
    for chart in found.charts:
        yield Shown(chart)
    yield Finished(
        Answer(
            found.kind, Depth.QUICK, found.claims, found.charts, found.close, suggestions, stocks
        )
    )
