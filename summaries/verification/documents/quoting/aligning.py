"""Whether a stretch of the source says the claim word for word, figure for figure, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summaries.verification.documents.quoting.tokens import NEGATIONS, Token, says_same

# Left out of a quotation, these change what it says.
TELLING = NEGATIONS | frozenset(
    "excluding except unless if only until before after decrease decreased increase increased"
    " loss gain unaudited estimated approximately adjusted expected pro forma up down to".split()
)


@dataclass(frozen=True)
class Match:
    """``first``, ``last``: of the source's tokens, both within."""

    first: int
    last: int


def aligned(claim: Sequence[Token], source: Sequence[Token]) -> Match | None:
    """Where the source's tokens hold the whole claim, or None."""
    if not claim:
        return None
    for at, token in enumerate(source):
        if says_same(claim[0], token):
            last = _walked(claim, source, at)
            if last is not None:
                return Match(at, last)
    return None


def _walked(claim: Sequence[Token], source: Sequence[Token], at: int) -> int | None:
    """The source's last token where every token of the claim follows from ``at``."""
    last = at
    for token in claim:
        while at < len(source) and not says_same(token, source[at]):
            after = _past_aside(source, at)
            if after is None:
                return None
            at = after
        if at >= len(source):
            return None
        last, at = at, at + 1
    return last


def _past_aside(source: Sequence[Token], at: int) -> int | None:
    """After the brackets that open at ``at``, where leaving them out changes nothing."""
    if not source[at].is_aside or (at and source[at - 1].is_aside):
        return None
    while at < len(source) and source[at].is_aside:
        if source[at].key in TELLING:
            return None
        at += 1
    return at
