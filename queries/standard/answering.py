"""A question answered from one pack of evidence, by one call of a model or by none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from django.contrib.auth.models import User

import llm
from queries import extractive
from queries.checking.checking import Checked, check
from queries.checking.cutting import Cited
from queries.checking.withholding import asks_advice
from queries.evidence.figures import Line
from queries.evidence.gathering import UnknownStock, packed, sourced
from queries.evidence.pieces import Pack
from queries.evidence.wanted import wanted
from queries.standard.asking import answer_ask
from queries.standard.drafting import Unsaid, Unwritten, Void, drafted
from queries.standard.telling import Telling, declined, finished, unsaid
from queries.values import Asked, Claim, Depth, Event, Step
from summaries.marking import Disagreement

SEARCHING = "Searching filings, research and reported figures"


def answer(asked: Asked, reader: User) -> Iterator[Event]:
    """Closing it stops the model that writes. Not in a transaction. Raises OverBudget before
    anything is sent; a provider's failure is told as `Voided` and answered without it."""
    if asks_advice(asked.question):
        yield from declined(Depth.STANDARD, asked.stocks)
        return
    yield Step("search", SEARCHING)
    try:
        sources = sourced(asked, reader)
    except UnknownStock as error:
        yield from unknown(asked, Depth.STANDARD, str(error))
        return
    pack = packed(asked.question, sources)
    yield Step("search", found_in_words(pack), is_done=True)
    telling = Telling()
    if llm.is_set_up() and pack.pieces:
        yield from _by_model(asked, pack, telling)
    else:
        yield from _by_extracts(pack, telling)


def unknown(asked: Asked, depth: Depth, message: str, step: str = "search") -> Iterator[Event]:
    yield Step(step, "No such stock", is_done=True)
    nothing = Pack(asked.question, wanted(asked.question))
    yield from unsaid(Telling(), nothing, depth, (), message)


def _by_model(asked: Asked, pack: Pack, telling: Telling) -> Iterator[Event]:
    is_unsaid = False
    with closing(drafted(answer_ask(asked, pack))) as drafts:
        for one in drafts:
            match one:
                case Cited():
                    yield telling.text(one.text)
                    yield telling.mark(check(one, pack))
                case Void(reason=reason):
                    yield from telling.void(reason)
                case Unsaid():
                    is_unsaid = True
                case Unwritten(reason=reason):
                    yield from telling.void(reason)
                    yield from _by_extracts(pack, telling)
                    return
    if telling.says_anything:
        yield from telling.contradictions()
        yield finished(telling, pack, Depth.STANDARD)
    elif is_unsaid:
        extract = extractive.written(pack)
        yield from unsaid(telling, pack, Depth.STANDARD, (extract.claims or extract.close)[:3])
    else:
        yield from telling.void("unverified")
        yield from _by_extracts(pack, telling)


def _by_extracts(pack: Pack, telling: Telling) -> Iterator[Event]:
    extract = extractive.written(pack)
    if not extract.is_answer:
        yield from unsaid(telling, pack, Depth.STANDARD, extract.close)
        return
    for claim in extract.claims:
        yield from telling.claim(beside_others(claim, pack))
    yield from telling.contradictions()
    yield finished(telling, pack, Depth.STANDARD)


def beside_others(claim: Claim, pack: Pack) -> Checked:
    """A claim that was proven when it was made, with whoever says otherwise of its figure."""
    line = next((one.line for one in pack.facts if one.sentence == claim.text), None)
    return Checked(claim, disputed(line, pack) if line else ())


def disputed(line: Line, pack: Pack) -> tuple[Disagreement, ...]:
    """By the bare figure: whoever says otherwise of it need not say all that is compared with it."""
    return check(Cited(line.bare), pack).disagreements


def found_in_words(pack: Pack) -> str:
    """ "8 figures, 9 passages of 4 documents, 2 rows of FactSet" """
    documents = len({one.document for piece in pack.passages for one in piece.citations})
    passages = f"{_counted(len(pack.passages), 'passage')} of {_counted(documents, 'document')}"
    told = (
        _counted(len(pack.facts), "figure"),
        passages if documents else "",
        _counted(len(pack.market), "FactSet figure"),
    )
    return ", ".join(filter(None, told)) or "Nothing found"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}" if count else ""
