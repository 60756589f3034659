"""A claim's clauses: the stretches that each say one thing of its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from summaries.verification.documents.entailing.lexicon import DOWN, UP, term
from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.sources import Sentence
from summaries.verification.documents.words import Word
from summaries.verification.sentences import sentences

_BREAK = re.compile(
    r"[;:]\s|,\s+(?!\d|(?:Inc|Ltd|LLC|Corp|Co|N\.A|L\.P|plc)\b)|\s[–—-]\s"
    r"|\s+(?=(?:while|despite|although|though|whereas|which|because|but|yet|reflecting|driven\s+by"
    r"|due\s+to|resulting\s+(?:in|from)|leading\s+to|compared\s+(?:to|with)|as\s+well\s+as"
    r"|attributed\s+to|attributable\s+to|offset\s+by|indicating|suggesting|demonstrating"
    r"|highlighting|followed\s+by|even\s+though|amid|with\s+the)\s)",
    re.IGNORECASE,
)
_LEAST_TERMS = 2
_REFERENCE = re.compile(
    r"\b(?:notes?|exhibits?|sections?|items?|forms?|rules?|pages?|part|no\.|chapter|step|level|tier|act of)\s\(?$",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:\b(?:by|divided by)\s|[×*/÷x]\s?)$")
_OPERATOR = re.compile(r"[×*/÷x](?![a-z])")
_FACTORS = (1, 2, 3, 4, 12, 100, 360, 365, 1000)
_ORDINAL = re.compile(r"(?:^|\n)\s*$")


@dataclass(frozen=True, eq=False)
class Clause:
    start: int
    end: int
    words: tuple[Word, ...]
    figures: tuple[Figure, ...]
    years: frozenset[int]

    @cached_property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """Its terms, each with the number of its word."""
        return tuple((at, one) for at, word in enumerate(self.words) if (one := term(word.norm)))

    @cached_property
    def terms(self) -> frozenset[str]:
        """Without directions."""
        return frozenset(one for _, one in self.placed) - {UP, DOWN}


def clauses_of(claim: Sentence) -> tuple[Clause, ...]:
    """In order; one of few words goes with the one before it."""
    figures = tuple(one for one in claim.figures if not _is_numbering(one, claim.text))
    made: list[Clause] = []
    for start, end in _spans(claim.text):
        clause = _clause(claim, figures, start, end)
        if made and len(clause.terms) < _LEAST_TERMS:
            clause = _clause(claim, figures, made.pop().start, end)
        made.append(clause)
    return tuple(made)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for first, last in sentences(text):
        start = first
        for match in _BREAK.finditer(text, first, last):
            if match.start() > start:
                yield start, match.start()
                start = match.end()
        if start < last:
            yield start, last


def _clause(claim: Sentence, figures: tuple[Figure, ...], start: int, end: int) -> Clause:
    return Clause(
        start,
        end,
        tuple(one for one in claim.words if start <= one.start < end),
        tuple(one for one in figures if start <= one.start < end),
        frozenset(one.year for one in claim.spells if start <= one.start < end and one.year),
    )


def _is_numbering(figure: Figure, text: str) -> bool:
    """ "1. Revenue", "one of": numbers that say nothing of the source."""
    before = text[max(0, figure.start - 12) : figure.start]
    if figure.unit is Unit.PLAIN and not figure.is_scaled and _REFERENCE.search(before):
        return True
    if not figure.is_whole:
        return False
    if _BY.search(before) or _OPERATOR.match(text[figure.end : figure.end + 3].lstrip(" )")):
        return abs(figure.value) in _FACTORS
    if abs(figure.value) > 31:
        return False
    if figure.is_word:
        return figure.value <= 1
    after = text[figure.end : figure.end + 2]
    at_start = _ORDINAL.search(text[max(0, figure.start - 8) : figure.start]) is not None
    return at_start or figure.start == 0 or after[:1] == ")" or after == ". "
