"""The verdict on a claim by how well its clauses stand in the source."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from summaries.verification.documents.entailing.binding import Bound, How
from summaries.verification.documents.entailing.features import Weighed, weigh
from summaries.verification.documents.entailing.passages import Passage, index_of
from summaries.verification.documents.entailing.strangers import strangers
from summaries.verification.documents.entailing.weights import ANSWER, SENTENCE
from summaries.verification.documents.results import Evidence, Judged, Reason, not_found, supported
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.words import Word

_LEAST_WORDS = 20  # of a claim that the exact provers may not have understood
_LONGEST = 6_000  # characters
_UNREAD = Reason("unproven", "The source doesn't bear it out.")


def prove(claim: Sentence, source: Source) -> Judged:
    """Supported where it's likely enough true, with that as its score; else not found, with what
    speaks against it."""
    if len(claim.text) > _LONGEST or not claim.words:
        return not_found(_UNREAD)
    is_short = len(claim.text.split()) < _LEAST_WORDS
    if is_short and not _may_follow(claim, source):
        return not_found(_UNREAD)
    index = index_of(source)
    weighed = weigh(claim, index)
    if not weighed.is_answer and (strange := strangers(claim, index)):
        return not_found(*strange)
    if is_short and any(one.how is not How.COMPUTED for one in weighed.figures):
        return not_found(*(_reasons(weighed) or (_UNREAD,)))
    model = ANSWER if weighed.is_answer else SENTENCE
    score = round(model.likelihood(weighed.features), 4)
    # No likelihood makes up for a figure that the source doesn't have, or for want of a passage.
    is_whole = all(one.how is not How.MISSING for one in weighed.figures)
    evidence = tuple(_evidence(weighed, source))
    if score >= model.least and is_whole and evidence:
        return supported(*evidence, score=score)
    return not_found(*(_reasons(weighed) or (_UNREAD,)), score=score)


def _may_follow(claim: Sentence, source: Source) -> bool:
    """Whether it has figures, none of which the source prints: what it prints is for the exact
    provers."""
    return bool(claim.figures) and not any(
        one.text.strip("$€£()-−– ") in source.text for one in claim.figures
    )


def _reasons(weighed: Weighed) -> tuple[Reason, ...]:
    against = weighed.against
    return (
        *(_missing(one) for one in weighed.figures if one.how is How.MISSING),
        *(_turned(one) for one in weighed.figures if one.is_turned),
        *(_of_word("direction", one, "goes the other way") for one in
          dict.fromkeys(chain(against.turned, against.turned_rows))),
        *(_of_word("negation", one, "is denied on one side only") for one in against.denied),
        *(_of_word("measure", one, "is the opposite of what it says") for one in against.opposed),
        *(_of_word("unproven", one, "is not said") for one in against.sweeping),
    )  # fmt: skip


def _missing(one: Bound) -> Reason:
    text = f"The source has no {one.figure.text.strip()}, nor what it follows from."
    return Reason("value", text, one.figure.start, one.figure.end)


def _turned(one: Bound) -> Reason:
    text = f"In the source {one.figure.text.strip()} goes the other way."
    return Reason("direction", text, one.figure.start, one.figure.end)


def _of_word(code: str, word: Word, what: str) -> Reason:
    return Reason(code, f"In the source “{word.norm}” {what}.", word.start, word.end)


def _evidence(weighed: Weighed, source: Source) -> Iterator[Evidence]:
    """Each passage that has one of the claim's figures, once."""
    found = dict.fromkeys(one.passage for one in weighed.figures if one.passage)
    return (_of(one, source) for one in found)


def _of(passage: Passage, source: Source) -> Evidence:
    if passage.row is None:
        start = passage.said.start
        return Evidence(passage.said.text, start, start + len(passage.said.text))
    table = next((at for at, one in enumerate(source.tables) if passage.row in one.rows), -1)
    return Evidence(passage.said.text, table=table, row=passage.row.at)
