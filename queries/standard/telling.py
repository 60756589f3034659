"""What a reader is told, sentence by sentence: its text, then its mark; and the whole at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from queries.checking.checking import Checked, disagreement_claim
from queries.evidence.pieces import Pack
from queries.evidence.suggesting import suggestions
from queries.values import (
    Answer,
    Claim,
    Depth,
    Event,
    Finished,
    Kind,
    Marked,
    Text,
    Voided,
)
from summaries.marking import Disagreement
from summaries.verification import Verdict

UNSAID = "The sources don’t say."
NO_ADVICE = (
    "We give no advice to buy, sell or hold. Ask what the company reports, or what its filings and "
    "the research say."
)
MOST_DISAGREEMENTS = 4


@dataclass
class Telling:
    """``length``: of the text that stands, in code points."""

    claims: list[Claim] = field(default_factory=list)
    disagreements: dict[str, Disagreement] = field(default_factory=dict)
    length: int = 0
    start: int = 0

    def text(self, sentence: str) -> Text:
        """The next sentence, before its verdict is known."""
        gap = " " if self.length else ""
        self.start = self.length + len(gap)
        self.length = self.start + len(sentence)
        return Text(gap + sentence)

    def mark(self, checked: Checked) -> Marked:
        """Of the sentence told last."""
        self.claims.append(checked.claim)
        self.disagreements |= {one.text: one for one in checked.disagreements}
        return Marked(len(self.claims) - 1, checked.claim, self.start, self.length)

    def claim(self, checked: Checked) -> Iterator[Event]:
        yield self.text(checked.claim.text)
        yield self.mark(checked)

    def contradictions(self) -> Iterator[Event]:
        """Where sources don't say the same, said out loud, each once."""
        for one in list(self.disagreements.values())[:MOST_DISAGREEMENTS]:
            yield from self.claim(Checked(disagreement_claim(one)))

    def void(self, reason: str) -> Iterator[Event]:
        """Nothing to void where nothing was told."""
        if self.length:
            yield Voided(reason)
        self.claims.clear()
        self.disagreements.clear()
        self.length = self.start = 0

    @property
    def says_anything(self) -> bool:
        """Whether a claim is proven, or corrected by what the sources say."""
        return any(
            one.verdict is Verdict.SUPPORTED
            or (one.verdict is Verdict.CONTRADICTED and one.correction)
            for one in self.claims
        )


def finished(telling: Telling, pack: Pack, depth: Depth) -> Finished:
    return Finished(
        Answer(
            Kind.ANSWERED, depth, tuple(telling.claims), suggestions=suggestions(pack),
            stocks=tuple(pack.held),
        )
    )  # fmt: skip


def unsaid(
    telling: Telling, pack: Pack, depth: Depth, close: Iterable[Claim], text: str = UNSAID
) -> Iterator[Event]:
    yield from telling.void("unverified")
    yield from telling.claim(Checked(Claim(text, Verdict.NOT_CHECKABLE)))
    yield Finished(
        Answer(
            Kind.UNSAID, depth, tuple(telling.claims), close=tuple(close),
            suggestions=suggestions(pack), stocks=tuple(pack.held),
        )
    )  # fmt: skip


def declined(depth: Depth, stocks: tuple[str, ...]) -> Iterator[Event]:
    telling = Telling()
    yield from telling.claim(Checked(Claim(NO_ADVICE, Verdict.NOT_CHECKABLE)))
    yield Finished(Answer(Kind.DECLINED, depth, tuple(telling.claims), stocks=stocks))
