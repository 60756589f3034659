"""What a reviewer sent a text back for, told to whoever writes it anew. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from llm.values import Part
from summaries.writing import Draft

MOST_REASONS = 3


@dataclass(frozen=True)
class Fault:
    """A sentence that does not stand, and why in words."""

    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Feedback:
    """``number``: the rewrite it leads to, from 1. ``reason``: the reviewer's words."""

    number: int
    reason: str
    faults: tuple[Fault, ...] = ()

    def parts(self) -> tuple[Part, ...]:
        """As a model is told; the reviewer's own words may name people."""
        lines = "\n".join(self._lines())
        return (
            Part("\n\nA reviewer sent an earlier text on this evidence back, because:\n"),
            Part(self.reason, is_private=True),
            Part(f"\n{lines}\nDo not make these mistakes again.\n\n"),
        )

    def _lines(self) -> Iterator[str]:
        if self.faults:
            yield "These sentences of it do not stand:"
        for fault in self.faults:
            yield f"- “{fault.text}” ({'; '.join(fault.reasons[:MOST_REASONS])})"

    def without_faults(self, draft: Draft) -> Draft:
        """The draft of a writer that can't be told: without the sentences that do not stand."""
        wrong = {fault.text for fault in self.faults}
        tiers = {
            tier: tuple(one for one in sentences if one.text not in wrong)
            for tier, sentences in draft.tiers.items()
        }
        return replace(draft, tiers=tiers)
