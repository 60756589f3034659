"""Words of a text, as they compare: lower case, one kind of apostrophe, a light stem."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?")
STOP = frozenset(
    "a an the of in on at to for from by with as and or nor but than that this these those it its"
    " they their them we our us which who whose is are was were be been being has have had do does"
    " did will would may might can could should shall not no s t company there here such so also"
    " into over under up down out per each both all any some more most other".split()
)


class Word(NamedTuple):
    """``norm``: as printed, in lower case; ``stem``: without its ending."""

    start: int
    end: int
    norm: str
    stem: str

    @property
    def is_stop(self) -> bool:
        return self.norm in STOP


def words_of(text: str) -> list[Word]:
    return [
        Word(match.start(), match.end(), norm, stem(norm))
        for match in _WORD.finditer(text)
        if (norm := match.group().lower().replace("’", "'"))
    ]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Plural, possessive and verb endings taken off, so that "rates", "rate's" and "rate" agree."""
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) <= 3:
        return word
    for ending, instead in (
        ("sses", "ss"), ("ies", "y"), ("ied", "y"), ("izations", "iz"), ("ization", "iz"),
        ("isation", "iz"), ("izing", "iz"), ("ized", "iz"), ("ised", "iz"), ("izes", "iz"),
        ("ize", "iz"), ("ise", "iz"), ("ations", "at"), ("ation", "at"), ("ated", "at"),
        ("ates", "at"), ("ating", "at"), ("ate", "at"), ("ings", ""), ("ing", ""), ("ed", ""),
        ("es", ""), ("s", ""), ("e", ""),
    ):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 3:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                return word
            return word[: len(word) - len(ending)] + instead
    return word


def stems_of(text: str) -> frozenset[str]:
    """Of the words that carry meaning."""
    return frozenset(word.stem for word in words_of(text) if not word.is_stop)
