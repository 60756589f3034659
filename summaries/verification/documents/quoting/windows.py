"""Where in a source a claim may be quoted from: around its rarest words, where most others are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summaries.verification.documents.wording import lower

_WORD = re.compile(r"[^\W\d_]{4,}|\d[\d,.]*\d|\d")
_ANCHORS = 5
_MOST_PLACES = 200
_MOST_CLUSTERS = 24
_MOST_MISSING = 2  # a rounded figure, "the company" for "we"; one more for each ten words
_APART = 160  # characters by which spacing and asides may shift a word
_WIDEST = 2 * _APART
_BEFORE, _AFTER = 60, 200


@dataclass(frozen=True)
class Window:
    """``share``: of the claim's words that the text has there, 0 to 1."""

    start: int
    end: int
    share: float


def windows(claim: str, lowered: str, most: int = 3) -> list[Window]:
    """Up to ``most`` stretches of the text that is ``lowered``, the likeliest first."""
    offsets = {match.group(): match.start() for match in _WORD.finditer(lower(claim))}
    enough = max(1, len(offsets) - _MOST_MISSING - len(offsets) // 10)
    known = [word for word in offsets if word in lowered]
    if len(known) < enough:
        return []
    length = int(1.2 * len(claim)) + _AFTER
    made: list[Window] = []
    for first, last in _clusters(_votes(offsets, known, lowered)):
        start, end = max(0, first - _BEFORE), min(len(lowered), last + length)
        shared = sum([lowered.find(word, start, end) >= 0 for word in known])
        if shared >= enough:
            made.append(Window(start, end, shared / len(offsets)))
    made.sort(key=lambda one: (-one.share, one.start))
    return made[:most]


def _votes(offsets: Mapping[str, int], known: Sequence[str], text: str) -> list[tuple[int, float]]:
    """Where the claim would begin, by each place of its rarest words; and what that weighs."""
    counted = sorted((text.count(word), word) for word in known)
    return sorted(
        (place - offsets[word], 1 / number)
        for number, word in counted[:_ANCHORS]
        for place in _places(word, text)
    )


def _places(word: str, text: str) -> list[int]:
    places: list[int] = []
    at = text.find(word)
    while at >= 0 and len(places) < _MOST_PLACES:
        places.append(at)
        at = text.find(word, at + len(word))
    return places


def _clusters(votes: list[tuple[int, float]]) -> list[tuple[int, int]]:
    """Votes near each other, first and last, those that weigh most."""
    made: list[tuple[float, int, int]] = []
    for place, weight in votes:
        if made and place - made[-1][2] <= _APART and place - made[-1][1] <= _WIDEST:
            total, first, _ = made[-1]
            made[-1] = (total + weight, first, place)
        else:
            made.append((weight, place, place))
    made.sort(key=lambda one: (-one[0], one[1]))
    return [(first, last) for _, first, last in made[:_MOST_CLUSTERS]]
