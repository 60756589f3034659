"""Claims in the source's own words: proven where the source says the same, token for token.

A quotation with one thing changed is refuted, and the reason says what. What the source says in
other words is for `paraphrase`.
"""

from __future__ import annotations

from collections import Counter

from summaries.verification.documents.quoting.aligning import aligned
from summaries.verification.documents.quoting.differing import difference
from summaries.verification.documents.quoting.paraphrase import paraphrased
from summaries.verification.documents.quoting.surroundings import is_whole
from summaries.verification.documents.quoting.tokens import Token, shared_at_most, tokens_of
from summaries.verification.documents.quoting.windows import windows
from summaries.verification.documents.quoting.years import renamed
from summaries.verification.documents.results import (
    Evidence,
    Judged,
    Reason,
    contradicted,
    not_found,
    supported,
)
from summaries.verification.documents.sources import Sentence, Source

__all__ = ["prove"]

_LONGEST_CLAIM = 3000
_LEAST_TOKENS = 3
_RECAST_SHARE = 0.8
_LEAST_SHARED = 0.75  # of the tokens, by a passage of which the claim can be an edition
_RECAST = Reason("order", "The source has these words, but puts them otherwise.")
_UNSAID = Reason("unproven", "The source doesn't say it in these words.")


def prove(claim: Sentence, source: Source) -> Judged:
    """Supported where the source says it in the same words, contradicted where in the same words
    but for one."""
    if len(claim.text) > _LONGEST_CLAIM:
        return not_found(_UNSAID)
    quoted = _by_quotation(claim, source)
    if quoted and quoted.is_supported:
        return quoted
    return _renamed(claim, source) or quoted or _by_paraphrase(claim, source) or not_found(_UNSAID)


def _renamed(claim: Sentence, source: Source) -> Judged | None:
    """Supported where it's a quotation with its year named as the source names it."""
    for text in renamed(claim.text, source.text):
        judged = _by_quotation(Sentence(0, text), source)
        if judged and judged.is_supported:
            return judged
    return None


def _by_paraphrase(claim: Sentence, source: Source) -> Judged | None:
    places = paraphrased(claim.text, source)
    evidence = (Evidence(source.text[start:end], start, end) for start, end in places)
    return supported(*evidence) if places else None


def _by_quotation(claim: Sentence, source: Source) -> Judged | None:
    near = windows(claim.text, source.lowered)
    said = tokens_of(claim.text, source.company) if near else []
    if len(said) < _LEAST_TOKENS:
        return None
    refuted: Judged | None = None
    recast: Judged | None = None
    for window in near:
        text = source.text[window.start : window.end]
        least = 1 if refuted else _LEAST_SHARED  # what is refuted can only be quoted elsewhere
        if shared_at_most(said, text) < least * len(said):
            continue
        held = tokens_of(text, source.company)
        quoted = _quoted(said, held, source.text, window.start)
        if quoted:
            return supported(quoted)
        refuted = refuted or _refuted(said, held, claim.text, text, window.start)
        if not refuted and not recast and _is_recast(said, held):
            recast = not_found(_RECAST)
    return refuted or recast


def _is_recast(said: list[Token], held: list[Token]) -> bool:
    """Whether nearly all its words are there, but not so put: too near for a paraphrase."""
    shared = Counter(one.key for one in said) & Counter(one.key for one in held)
    return shared.total() >= _RECAST_SHARE * len(said)


def _quoted(said: list[Token], held: list[Token], text: str, offset: int) -> Evidence | None:
    match = aligned(said, held)
    if match is None:
        return None
    start, end = offset + held[match.first].start, offset + held[match.last].end
    return Evidence(text[start:end], start, end) if is_whole(text, start, end) else None


def _refuted(
    said: list[Token], held: list[Token], claim: str, text: str, offset: int
) -> Judged | None:
    reason = difference(said, held, claim, text)
    if reason is None:
        return None
    evidence = Evidence(" ".join(text.split()), offset, offset + len(text))
    return contradicted(reason, evidence=(evidence,))
