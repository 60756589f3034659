"""What counts of a judge's opinion. Pure.

Supported counts with an exact quote that holds every figure and year of the claim; contradicted
with an exact quote. Anything else leaves the claim as code found it.
"""

from __future__ import annotations

from summaries.judging.schemas import OfferedOpinion
from summaries.verification.documents.misquoting import misquoted
from summaries.verification.documents.results import (
    Evidence,
    Judged,
    Reason,
    contradicted,
    not_found,
    supported,
)
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.verdicts import Verdict

SHORTEST = 12  # characters of a quote; anything shorter is found everywhere
# How often a judge is right who says so: a first setting, on which the labelled sets are to be
# measured with the models that are in use.
RIGHT = {"certain": 0.9, "likely": 0.75, "unsure": 0.5}
LEAST = 0.7


def accepted(claim: str, opinion: OfferedOpinion, shown: tuple[str, ...], source: Source) -> Judged:
    """The claim as the opinion, checked, leaves it."""
    if opinion.verdict == "not_found" or RIGHT[opinion.sureness] < LEAST:
        return _open("A judge finds that the source doesn't say it.")
    evidence = _evidence(opinion.quote, shown, source)
    if evidence is None:
        return _open("A judge named no exact words of the source for it.")
    if opinion.verdict == "contradicted":
        return contradicted(Reason("judge", opinion.why[:300]), evidence=(evidence,))
    if missing := _not_in(evidence.text, claim):
        return _open(f'The words that a judge named don\'t hold "{missing}".')
    if misquoted(claim, source):
        return _open("The source has this sentence with other numbers.")
    return supported(evidence)


def score(judged: Judged, opinion: OfferedOpinion) -> float:
    """How likely the claim is true, by who says so."""
    right = RIGHT[opinion.sureness]
    return right if judged.verdict is Verdict.SUPPORTED else 1 - right


def _open(why: str) -> Judged:
    return not_found(Reason("unproven", why))


def _evidence(quote: str, shown: tuple[str, ...], source: Source) -> Evidence | None:
    """Where the source has the quote; rows of tables have no place in its text."""
    said = quote.strip()
    if len(said) < SHORTEST:
        return None
    at = source.text.find(said)
    if at >= 0:
        return Evidence(said, at, at + len(said))
    return Evidence(said) if any(said in one for one in shown) else None


def _not_in(quote: str, claim: str) -> str:
    """The first figure or period of the claim that the quote doesn't print as much."""
    asked, told = Sentence(0, claim), Sentence(0, quote)
    for figure in asked.figures:
        if not any(figure.unit is one.unit and figure.shows(one.value) for one in told.figures):
            return figure.text
    said = {(one.kind, one.year, one.number, one.month, one.day) for one in told.spells}
    for spell in asked.spells:
        if (spell.kind, spell.year, spell.number, spell.month, spell.day) not in said:
            return spell.text
    return ""
