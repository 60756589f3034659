"""The question put to a model: instructions first, then the evidence as data, the user's words last."""

from __future__ import annotations

from pathlib import Path

from llm import prompts
from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn
from queries.evidence.orders import without_orders
from queries.evidence.pieces import Pack, Piece
from queries.values import Asked, Exchange

_FOLDER = Path(__file__).parents[1] / "prompts"
AGENT, CATEGORY = "queries", "queries"
# Room for thinking too, which is billed as output where a model thinks.
ANSWER_TOKENS = 2_500
SECONDS = 30.0
# Of the conversation: so many exchanges, and characters of each question and answer.
EXCHANGES = 3
SAID = 600
LONGEST_QUESTION = 4_000


def answer_prompt() -> Prompt:
    return prompts.load(_FOLDER / "answer.md")


def answer_ask(asked: Asked, pack: Pack, *, step: str = "standard") -> Ask:
    """``step``: which of a query's calls it is: each is paid for once, whatever crashes."""
    return Ask(
        purpose=purpose(asked, pack, step),
        prompt=answer_prompt(),
        turns=(Turn("user", (Part(evidence_text(pack)), *asked_parts(asked, pack.question))),),
        complexity=Complexity.MODERATE,
        max_output_tokens=ANSWER_TOKENS,
        # What is written without a model is no text of one: see `answering`.
        extractive=lambda: "",
        seconds=SECONDS,
        replay=f"{asked.id}:{step}",
    )


def purpose(asked: Asked, pack: Pack, step: str) -> Purpose:
    return Purpose(
        AGENT, CATEGORY, task=step.partition(" ")[0], stock=next(iter(pack.held), ""),
        query=asked.id, user=asked.user, team=asked.team,
    )  # fmt: skip


def asked_parts(asked: Asked, question: str) -> tuple[Part, ...]:
    """What people typed, masked before it leaves; of a long question the beginning and the end."""
    told = conversation(asked.before)
    before = (Part(f"<conversation>\n{fenced(told)}\n</conversation>\n", is_private=True),)
    return (
        *(before if told else ()),
        Part(f"<question>\n{fenced(shortened(question))}\n</question>", is_private=True),
    )


def conversation(before: tuple[Exchange, ...]) -> str:
    lines = []
    for one in before[-EXCHANGES:]:
        lines += [f"Asked: {one.question[:SAID]}", f"Answered: {one.answer[:SAID]}"]
    return "\n".join(lines)


def shortened(question: str) -> str:
    if len(question) <= LONGEST_QUESTION:
        return question
    half = LONGEST_QUESTION // 2
    return f"{question[:half]} … {question[-half:]}"


def evidence_text(pack: Pack) -> str:
    shown = "\n".join(_line(one) for one in pack.pieces) or "(nothing was found)"
    return f"<evidence>\n{shown}\n</evidence>\n"


def _line(piece: Piece) -> str:
    if piece.is_fact:
        return f"[{piece.number}] fact | {piece.says} | {piece.text}"
    kind = "passage" if piece.is_passage else "market"
    return f"[{piece.number}] {kind} | {fenced(piece.says)}\n{fenced(without_orders(piece.text))}"


def fenced(text: str) -> str:
    """Without what could end the fence or pass for the mark of another piece."""
    return text.replace("<", "‹").replace(">", "›").replace("[", "(").replace("]", ")")
