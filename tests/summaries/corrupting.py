"""The writer's sentences, each in its text, and what a careless hand makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from summaries.verification import Sources, Verdict, verify
from summaries.verification.corruptions import Corrupted, Corruption, corrupt
from tests.summaries.bundled import drafts, sources


@dataclass(frozen=True)
class Told:
    """A sentence of a published text: ``before`` is what stands before it."""

    ticker: str
    before: str
    sentence: str
    sources: Sources

    def verdict(self, sentence: str | None = None) -> Verdict:
        text = f"{self.before} {sentence or self.sentence}".strip()
        start = len(text) - len(sentence or self.sentence)
        checks = [check for check in verify(text, self.sources) if check.end > start]
        return next(
            (c.verdict for c in checks if c.verdict is not Verdict.SUPPORTED), Verdict.SUPPORTED
        )


def told() -> Iterator[Told]:
    """Every sentence of every tier of every bundled company."""
    for one, draft in drafts():
        for tier in draft.tiers.values():
            for place, sentence in enumerate(tier):
                # The opening and the sentence before say which period is spoken of.
                around = (
                    dict.fromkeys((*tier[:1], *tier[max(place - 1, 0) : place])) if place else ()
                )
                before = " ".join(earlier.text for earlier in around)
                yield Told(one.company.ticker, before, sentence.text, sources(one))


def corrupted(one: Told, rng: Random, *, each: int = 1) -> Iterator[Corrupted]:
    """``each`` corruptions of every kind that the sentence has something of."""
    for kind in Corruption:
        for _ in range(each):
            if made := corrupt(one.sentence, kind, one.sources, rng):
                yield made
