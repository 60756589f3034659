"""What the source says in other words, clause by clause: kept strict, for it is no quotation.

"In 2023 it paid $30.3 million for the rest of Quay Two, while its notes were valued at $52 million":
each clause needs one paragraph with all its figures, years and names, nearly all its words, the
same direction beside the same word, and no negation on one side only.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summaries.verification.documents.quoting.lexicon import FALLING, RISING, SAME, WEAK
from summaries.verification.documents.quoting.tokens import NEGATIONS, Token, says_same, tokens_of
from summaries.verification.documents.sources import Source
from summaries.verification.documents.words import STOP, stem

_CLAUSE = re.compile(
    r"[;,]\s+(?!\d|(?:Inc|Ltd|LLC|Corp|Co|N\.A|L\.P|plc)\b)|\s+(?=(?:while|despite|although|though|whereas)\s)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\n\s*\n")
_LEAST_WORDS = 3
_LEAST_COVERED = 0.6
_BESIDE = 6  # words between a direction and what it is said of
_LONGEST = 3000
_MOST_PARAGRAPHS = 5
_SCOPE = frozenset(
    "all another both each every first last only solely sole entire entirely exclusively largest"
    " smallest highest lowest most least majority minority always second third".split()
)
_NON = "non"
_NOTHING: frozenset[str] = frozenset()
_DENYING = NEGATIONS - {"non", "nor"}


@dataclass(frozen=True)
class Word:
    at: int  # among the tokens
    stem: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, or a clause of a claim."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    words: tuple[Word, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)


def paraphrased(claim: str, source: Source) -> list[tuple[int, int]]:
    """The paragraphs that between them say every clause of the claim; none where one is unsaid."""
    clauses = _clauses(claim, source.company) if _CLAUSE.search(claim) else []
    if len(clauses) < 2 or not any(token.figure for one in clauses for token in one.tokens):
        return []
    found: list[tuple[int, int]] = []
    for clause in clauses:
        one = _said(clause, source)
        if one is None:
            return []
        found.append((one.start, one.end))
    return found


def _said(clause: Passage, source: Source) -> Passage | None:
    text, lowered = source.text, source.lowered
    read = (
        _paragraph(text, start, end, source.company)
        for start, end in _nearest(clause, text, lowered)
    )
    return next((one for one in read if _says(one, clause, lowered)), None)


def _nearest(clause: Passage, text: str, lowered: str) -> list[tuple[int, int]]:
    """The paragraphs that have most of the clause's words, the best first."""
    asked = clause.stems
    ranked = [
        (sum(lowered.find(one, start, end) >= 0 for one in asked), -at, start, end)
        for at, (start, end) in enumerate(_bounds(text))
    ]
    best = heapq.nlargest(_MOST_PARAGRAPHS, ranked)
    return [(start, end) for shared, _, start, end in best if 2 * shared >= len(asked)]


def _says(paragraph: Passage, clause: Passage, lowered: str) -> bool:
    unsaid = _unsaid(clause, paragraph)
    return (
        len(unsaid) <= (1 - _LEAST_COVERED) * len(clause.stems)
        and not any(_is_elsewhere(one, lowered) for one in unsaid)
        and _SCOPE & _keys(clause) <= _keys(paragraph)
        and _has_figures(paragraph, clause)
        and _goes_the_same_way(paragraph, clause)
        and _denies(clause.tokens) == _denies(_stretch(paragraph, clause))
    )


def _unsaid(clause: Passage, paragraph: Passage) -> list[str]:
    """The clause's words for which the paragraph has none that means the same."""
    stems = paragraph.stems
    return [one for one in clause.stems if one not in stems and not SAME.get(one, _NOTHING) & stems]


def _keys(passage: Passage) -> frozenset[str]:
    return frozenset(token.key for token in passage.tokens)


def _is_elsewhere(word: str, lowered: str) -> bool:
    """A word said of something else, or with the opposite sense, is no paraphrase."""
    return word.removeprefix(_NON) in lowered


def _has_figures(paragraph: Passage, clause: Passage) -> bool:
    """Every figure and year of the clause, those of one unit in the same order."""
    figures = [token for token in paragraph.tokens if token.figure]
    asked = [token for token in clause.tokens if token.figure]
    for unit in {one.figure.unit for one in asked if one.figure}:
        rest = iter([one for one in figures if one.figure and one.figure.unit is unit])
        wanted = [one for one in asked if one.figure and one.figure.unit is unit]
        if not all(any(says_same(token, one) for one in rest) for token in wanted):
            return False
    return True


def _goes_the_same_way(paragraph: Passage, clause: Passage) -> bool:
    """Every direction of the clause stands beside the same word in the paragraph."""
    for sense, other in ((RISING, FALLING), (FALLING, RISING)):
        for word in clause.words:
            if word.stem not in sense:
                continue
            beside = {
                one.stem
                for one in clause.words
                if one.stem not in sense and abs(one.at - word.at) <= _BESIDE
            }
            if not _is_beside(paragraph, beside, sense, other):
                return False
    return True


def _is_beside(
    paragraph: Passage, beside: set[str], sense: frozenset[str], other: frozenset[str]
) -> bool:
    for one in paragraph.words:
        if one.stem in beside:
            near = [w for w in paragraph.words if abs(w.at - one.at) <= _BESIDE]
            if any(w.stem in sense for w in near) and not any(w.stem in other for w in near):
                return True
    return False


def _denies(tokens: Sequence[Token]) -> bool:
    return any(token.key in _DENYING for token in tokens)


def _stretch(paragraph: Passage, clause: Passage) -> tuple[Token, ...]:
    """The stretch of the paragraph that has most of the clause's words."""
    asked = clause.stems
    places = [
        word.at
        for word in paragraph.words
        if word.stem in asked or SAME.get(word.stem, _NOTHING) & asked
    ]
    width = len(clause.tokens) + _BESIDE
    best = max(places, key=lambda at: bisect_right(places, at + width) - bisect_right(places, at))
    return paragraph.tokens[max(0, best - _BESIDE) : best + width]


def _clauses(claim: str, names: Sequence[str]) -> list[Passage]:
    """At commas that no figure holds; a clause of few words goes with the one before."""
    made: list[Passage] = []
    start = 0
    ends = [match.start() for match in _CLAUSE.finditer(claim)] + [len(claim)]
    for end in ends:
        one = _passage(claim, start, end, names)
        if len(one.words) >= _LEAST_WORDS or end == len(claim):
            if len(one.words) < _LEAST_WORDS and made:
                made[-1] = _passage(claim, made[-1].start, end, names)
            else:
                made.append(one)
            start = end
    return made


@lru_cache(maxsize=64)
def _bounds(text: str) -> tuple[tuple[int, int], ...]:
    """Of the paragraphs, between blank lines; a very long one in parts."""
    stops = [(match.start(), match.end()) for match in _BLANK.finditer(text)]
    starts = [0, *(end for _, end in stops)]
    ends = [*(start for start, _ in stops), len(text)]
    return tuple(
        (at, min(at + _LONGEST, end))
        for start, end in zip(starts, ends, strict=True)
        for at in range(start, end, _LONGEST)
    )


@lru_cache(maxsize=64)
def _paragraph(text: str, start: int, end: int, names: tuple[str, ...]) -> Passage:
    return _passage(text, start, end, names)


def _passage(text: str, start: int, end: int, names: Sequence[str]) -> Passage:
    tokens = tuple(tokens_of(text[start:end], names))
    return Passage(start, end, tokens, tuple(_words(tokens)))


def _words(tokens: Sequence[Token]) -> Iterator[Word]:
    """Those that carry meaning; "non-deductible" is one word, not "deductible"."""
    for at, token in enumerate(tokens):
        if token.figure or not token.key.isalpha() or token.key in STOP:
            continue
        stemmed = stem(token.key)
        if len(stemmed) > 1 and stemmed not in WEAK and stemmed != _NON:
            before = tokens[at - 1].key if at else ""
            yield Word(at, _NON + stemmed if before == _NON else stemmed)
