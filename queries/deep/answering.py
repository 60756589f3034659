"""A question taken apart, each part answered and told as soon as it is verified, where sources
don't agree said out loud, and at the end what follows from what was proven."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from django.contrib.auth.models import User

import llm
from costs.errors import OverBudget
from queries import extractive
from queries.checking.checking import Checked, check
from queries.checking.cutting import Cited
from queries.checking.withholding import asks_advice
from queries.deep.concluding import concluded
from queries.deep.parts import Part
from queries.deep.planning import planned
from queries.evidence.gathering import UnknownStock, packed, sourced
from queries.evidence.pieces import Pack
from queries.standard.answering import (
    SEARCHING,
    beside_others,
    disputed,
    found_in_words,
    unknown,
)
from queries.standard.asking import answer_ask
from queries.standard.drafting import Unsaid, Unwritten, Void, drafted
from queries.standard.telling import Telling, declined, finished, unsaid
from queries.values import Asked, Claim, Depth, Event, Step
from summaries.verification import Verdict

# Figures that are held against the other sources though no sentence says them.
MOST_COMPARED = 12


@dataclass(frozen=True)
class Answered:
    """A part with its evidence and what was made of it. ``close``: where it isn't answered."""

    pack: Pack
    claims: tuple[Checked, ...]
    close: tuple[Claim, ...] = ()


Making = Generator[Event, None, Answered]


def answer(asked: Asked, reader: User) -> Iterator[Event]:
    """As `queries.standard.answer`; with a step for each search. Raises OverBudget before
    the first part is told; where a budget ends later, the other parts are told without a model."""
    if asks_advice(asked.question):
        yield from declined(Depth.DEEP, asked.stocks)
        return
    yield Step("plan", "Taking the question apart")
    try:
        sources = sourced(asked, reader)
    except UnknownStock as error:
        yield from unknown(asked, Depth.DEEP, str(error), "plan")
        return
    parts = planned(asked, {ticker: one.names for ticker, one in sources.held.items()})
    yield Step("plan", "; ".join(one.title for one in parts), is_done=True)
    telling = Telling()
    answered: list[Answered] = []
    for number, part in enumerate(parts, 1):
        name = f"part {number}"
        yield Step(name, f"{part.title}: {SEARCHING[:1].lower()}{SEARCHING[1:]}")
        pack = packed(part.question, sources, part.tickers, part.only)
        made = yield from _answered(asked, part, pack, name, is_begun=bool(answered))
        answered.append(made)
        yield Step(name, f"{part.title}: {found_in_words(pack)}", is_done=True)
        yield from _told(telling, part, made, is_alone=len(parts) == 1)
    yield from _ended(asked, telling, answered)


def _answered(asked: Asked, part: Part, pack: Pack, name: str, *, is_begun: bool) -> Making:
    """By a model, and where that comes to nothing in the sources' own words."""
    if llm.is_set_up() and pack.pieces:
        try:
            made = yield from _by_model(asked, part, pack, name)
        except OverBudget:
            if not is_begun:
                raise
            # What was told stays, and the rest needs no model.
            made = None
        if made is not None:
            return made
    extract = extractive.written(pack)
    claims = tuple(beside_others(one, pack) for one in extract.claims)
    return Answered(pack, claims, extract.close)


def _by_model(
    asked: Asked, part: Part, pack: Pack, name: str
) -> Generator[Event, None, Answered | None]:
    """None where no model wrote it, or nothing of it could be proven. A step after each sentence,
    so that who waits sees it go on, and who leaves stops it there."""
    checked: list[Checked] = []
    is_unsaid = False
    with closing(drafted(answer_ask(asked, pack, step=name))) as drafts:
        for one in drafts:
            match one:
                case Cited():
                    checked.append(check(one, pack))
                    yield Step(name, f"{part.title}: sentences verified: {len(checked)}")
                case Unsaid():
                    is_unsaid = True
                case Void():
                    checked.clear()
                case Unwritten():
                    return None
    if any(one.is_supported or one.claim.correction for one in checked):
        return Answered(pack, tuple(checked))
    if is_unsaid:
        extract = extractive.written(pack)
        return Answered(pack, (), (extract.claims or extract.close)[:3])
    return None


def _told(telling: Telling, part: Part, made: Answered, *, is_alone: bool) -> Iterator[Event]:
    """Each sentence once, whatever number of parts it answers."""
    before = {one.text for one in telling.claims}
    for one in made.claims:
        if one.claim.text not in before:
            yield from telling.claim(one)
    if not made.claims and not is_alone:
        text = f"On “{part.title.rstrip('?. ')}” the sources don’t say."
        yield from telling.claim(Checked(Claim(text, Verdict.NOT_CHECKABLE)))


def _ended(asked: Asked, telling: Telling, answered: list[Answered]) -> Iterator[Event]:
    packs = [one.pack for one in answered]
    everything = _together(asked, packs)
    if not telling.says_anything:
        close = dict.fromkeys(each for one in answered for each in one.close)
        yield from unsaid(telling, everything, Depth.DEEP, list(close)[:5])
        return
    yield Step("compare", "Holding the sources against each other")
    _compare(telling, packs)
    count = len(telling.disagreements)
    told = f"{count} disagreement{'' if count == 1 else 's'}" if count else "No disagreement found"
    yield Step("compare", told, is_done=True)
    yield from telling.contradictions()
    if len(answered) > 1:
        yield Step("conclude", "Drawing together what was verified")
        by_model = llm.is_set_up()
        found = yield from concluded(asked, packs, telling.claims, by_model=by_model)
        yield Step("conclude", f"{len(found)} more verified", is_done=True)
        for one in found:
            yield from telling.claim(one)
    yield finished(telling, everything, Depth.DEEP)


def _compare(telling: Telling, packs: list[Pack]) -> None:
    """Figures of the evidence that no sentence says may be disputed as well."""
    said = {one.text for one in telling.claims}
    lines = [
        (piece.line, pack)
        for pack in packs
        for piece in pack.facts
        if piece.line and piece.sentence not in said and pack.wanted.measures and not piece.is_near
    ]
    for line, pack in lines[:MOST_COMPARED]:
        telling.disagreements |= {one.text: one for one in disputed(line, pack)}


def _together(asked: Asked, packs: list[Pack]) -> Pack:
    held = {ticker: one for pack in packs for ticker, one in pack.held.items()}
    return Pack(asked.question, packs[0].wanted, held)
