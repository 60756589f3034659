"""The questions put to a model, each with a key under which its answer is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from llm import prompts
from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn
from summaries.authoring.checking import CheckedTier
from summaries.authoring.claims import Claim, Sifted
from summaries.authoring.evidence import Pack
from summaries.authoring.feedback import Feedback
from summaries.authoring.schemas import OfferedClaims, OfferedTier
from summaries.authoring.tiers import findings_in_words
from summaries.tiers import WORDS, Tier, count_words

_FOLDER = Path(__file__).parent / "prompts"
AGENT = "summariser"
# Room for thinking too, which is billed as output where a model thinks.
CLAIMS_TOKENS, TIER_TOKENS = 8_000, 3_000
# The whole time of one question, all attempts together.
SECONDS = 120.0


@dataclass(frozen=True)
class Matter:
    """Whose text is asked for: what goes onto the ledger, and ``key``, the hash of its inputs.

    ``feedback``: what an earlier text on the same inputs was sent back for.
    """

    ticker: str
    key: str
    run: str = ""
    feedback: Feedback | None = None

    @property
    def replay(self) -> str:
        """What was answered before a text was sent back is no answer to what is asked after."""
        return f"{self.key}:{self.feedback.number}" if self.feedback else self.key

    @property
    def told(self) -> tuple[Part, ...]:
        return self.feedback.parts() if self.feedback else ()

    def purpose(self, task: str) -> Purpose:
        return Purpose(AGENT, "batch", task=task, stock=self.ticker, run=self.run)


def claims_prompt() -> Prompt:
    return prompts.load(_FOLDER / "claims.md")


def tier_prompt() -> Prompt:
    return prompts.load(_FOLDER / "tier.md")


def versions() -> str:
    """Of all prompts: part of a summary's inputs."""
    return f"{claims_prompt().version} {tier_prompt().version}"


def claims_ask(matter: Matter, pack: Pack) -> Ask:
    return Ask(
        purpose=matter.purpose("claims"),
        prompt=claims_prompt(),
        turns=(Turn("user", (Part(pack.text), *matter.told)),),
        complexity=Complexity.COMPLEX,
        max_output_tokens=CLAIMS_TOKENS,
        schema=OfferedClaims,
        seconds=SECONDS,
        replay=f"{matter.replay}:claims",
    )


def more_claims_ask(first: Ask, sifted: Sifted, matter: Matter) -> Ask:
    """``first``: the question for claims; what is asked now is that, with what became of them."""
    told = "\n".join(
        [
            "\n\nOf your claims these stand:",
            *(f"{claim.number}. {claim.text}" for claim in sifted.claims),
            "\nThese were refused:",
            *(f"- {one.text} ({'; '.join(one.reasons[:2])})" for one in sifted.refused),
            "\nWrite more claims: the refused ones put right, and others.",
        ]
    )
    return _again(first, told, matter, "more")


def tier_ask(matter: Matter, tier: Tier, pack: Pack, claims: Sequence[Claim]) -> Ask:
    least, most = WORDS[tier]
    shown = Part(f"{pack.head}\n\n{_listed(claims)}\n\n")
    wanted = f"Write the {tier.value} text: {least} to {most} words."
    return Ask(
        purpose=matter.purpose(tier.value),
        prompt=tier_prompt(),
        turns=(Turn("user", (shown, *matter.told, Part(wanted))),),
        complexity=Complexity.SIMPLE,
        max_output_tokens=TIER_TOKENS,
        schema=OfferedTier,
        seconds=SECONDS,
        replay=f"{matter.replay}:{tier.value}",
    )


def rewrite_ask(first: Ask, checked: CheckedTier, matter: Matter, number: int) -> Ask:
    """``first``: the tier's own question; what is asked now is that, with the text it gave."""
    text = " ".join(read.sentence.text for read in checked.reads)
    told = "\n".join(
        [
            f"\n\nYour text of {count_words(text)} words was:",
            *(f"{read.position + 1}. {read.sentence.text}" for read in checked.reads),
            "\nWrong with it:",
            *(f"- {finding}" for finding in findings_in_words(checked)),
            "\nWrite it again, whole.",
        ]
    )
    return _again(first, told, matter, f"rewrite {number}")


def _again(first: Ask, told: str, matter: Matter, step: str) -> Ask:
    (turn,) = first.turns
    return replace(
        first,
        purpose=matter.purpose("rewrite"),
        turns=(replace(turn, parts=(*turn.parts, Part(told))),),
        replay=f"{first.replay}:{step}",
    )


def _listed(claims: Sequence[Claim]) -> str:
    return "\n".join(["Claims:", *(f"{claim.number}. {claim.text}" for claim in claims)])
