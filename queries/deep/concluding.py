"""What follows from verified claims, in verified claims: by a model, or figures compared by code."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from costs.errors import OverBudget
from llm import prompts
from llm.values import Ask, Complexity, Part, Purpose, Turn
from queries.checking.checking import Checked, check
from queries.checking.cutting import Cited
from queries.evidence.pieces import Pack, Piece
from queries.evidence.wanted import wanted
from queries.extractive.comparing import comparisons
from queries.standard.asking import AGENT, CATEGORY, asked_parts, fenced
from queries.standard.drafting import Unwritten, Void, drafted
from queries.values import Asked, Citation, Claim, Event, Step
from summaries.verification import Verdict

_PROMPT = Path(__file__).parents[1] / "prompts" / "synthesis.md"
CONCLUSION_TOKENS = 1_500
SECONDS = 20.0
MOST = 3


def concluded(
    asked: Asked, packs: Sequence[Pack], claims: Sequence[Claim], *, by_model: bool
) -> Generator[Event, None, list[Checked]]:
    """Sentences that are proven and not told yet; by code alone where no budget is left."""
    verified = [one for one in claims if one.verdict is Verdict.SUPPORTED]
    told = {one.text for one in verified}
    compared = [Checked(one) for one in comparisons(packs) if one.text not in told]
    if not by_model or len(verified) < 2:
        return compared
    try:
        found = yield from _by_model(asked, _together(asked, packs, verified), verified)
    except OverBudget:
        return compared
    proven = [one for one in found if one.is_supported and one.claim.text not in told]
    return [*compared, *proven[:MOST]]


def _by_model(
    asked: Asked, union: Pack, verified: Sequence[Claim]
) -> Generator[Event, None, list[Checked]]:
    found: list[Checked] = []
    with closing(drafted(_ask(asked, verified))) as drafts:
        for one in drafts:
            match one:
                case Cited():
                    found.append(check(Cited(one.text), union))
                    yield Step("conclude", f"Sentences verified: {len(found)}")
                case Void() | Unwritten():
                    found.clear()
    return found


def _ask(asked: Asked, verified: Sequence[Claim]) -> Ask:
    listed = "\n".join(f"[{n}] {fenced(one.text)}" for n, one in enumerate(verified, 1))
    return Ask(
        purpose=Purpose(
            AGENT, CATEGORY, task="conclude", query=asked.id, user=asked.user, team=asked.team,
            stock=next(iter(asked.stocks), ""),
        ),
        prompt=prompts.load(_PROMPT),
        turns=(
            Turn("user", (Part(f"<claims>\n{listed}\n</claims>\n"), *asked_parts(asked, asked.question))),
        ),
        complexity=Complexity.MODERATE,
        max_output_tokens=CONCLUSION_TOKENS,
        extractive=lambda: "",
        seconds=SECONDS,
        replay=f"{asked.id}:conclude",
    )  # fmt: skip


def _together(asked: Asked, packs: Sequence[Pack], verified: Sequence[Claim]) -> Pack:
    """The pieces that the verified claims rest on, of all parts."""
    cited = [each for one in verified for each in one.citations]
    pieces: dict[tuple[str, str], Piece] = {}
    for pack in packs:
        for piece in pack.pieces:
            if any(_is_of(each, piece) for each in cited):
                pieces.setdefault((piece.says, piece.text), piece)
    held = {ticker: one for pack in packs for ticker, one in pack.held.items()}
    numbered = tuple(replace(one, number=n) for n, one in enumerate(pieces.values(), 1))
    return Pack(asked.question, wanted(asked.question), held, numbered)


def _is_of(citation: Citation, piece: Piece) -> bool:
    if citation.fact is not None:
        return citation.fact in piece.facts
    if citation.document is None:
        return citation in piece.citations
    return any(
        one.document == citation.document and one.start < citation.end and citation.start < one.end
        for one in piece.citations
    )
