"""The question put to a judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import llm
from llm import prompts
from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn
from summaries.judging.schemas import OfferedOpinions

_PROMPT = Path(__file__).parent / "prompts" / "judge-claims.md"
AGENT = "judge"
TOKENS = 2_000
SECONDS = 60.0


def judges_are_set_up() -> bool:
    """Whether any model may be asked."""
    return llm.is_set_up()


def judge_prompt() -> Prompt:
    return prompts.load(_PROMPT)


def judge_ask(claims: Sequence[str], shown: Sequence[str], purpose: Purpose) -> Ask:
    """``claims`` are private: a person may have typed them."""
    excerpts = "\n\n".join(f"[E{number}] {text}" for number, text in enumerate(shown, start=1))
    listed = "\n".join(f"{number}. {claim}" for number, claim in enumerate(claims, start=1))
    return Ask(
        purpose=purpose,
        prompt=judge_prompt(),
        turns=(
            Turn(
                "user",
                (
                    Part(f"Excerpts of the source:\n\n{excerpts}\n\n"),
                    Part(f"Claims:\n{listed}", is_private=True),
                ),
            ),
        ),
        complexity=Complexity.MODERATE,
        max_output_tokens=TOKENS,
        schema=OfferedOpinions,
        seconds=SECONDS,
    )
