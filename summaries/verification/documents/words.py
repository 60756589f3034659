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


_ENDINGS = {  # by their last letter
    "s": (("sses", "ss"), ("ies", "y"), ("izations", "iz"), ("izes", "iz"), ("ations", "at"),
          ("ates", "at"), ("ings", ""), ("es", ""), ("s", "")),
    "d": (("ied", "y"), ("ized", "iz"), ("ised", "iz"), ("ated", "at"), ("ed", "")),
    "n": (("ization", "iz"), ("isation", "iz"), ("ation", "at")),
    "g": (("izing", "iz"), ("ating", "at"), ("ing", "")),
    "e": (("ize", "iz"), ("ise", "iz"), ("ate", "at"), ("e", "")),
}  # fmt: skip


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


def has_words(text: str) -> bool:
    return _WORD.search(text) is not None


def norms_of(text: str) -> list[str]:
    """Of each word as ``words_of`` has it: cheaper, where its place and stem don't matter."""
    return _WORD.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Plural, possessive and verb endings taken off, so that "rates", "rate's" and "rate" agree."""
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) <= 3:
        return word
    for ending, instead in _ENDINGS.get(word[-1], ()):
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 3:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                return word
            return word[: len(word) - len(ending)] + instead
    return word


def stems_of(text: str) -> frozenset[str]:
    """Of the words that carry meaning."""
    return frozenset(stem(norm) for norm in norms_of(text) if norm not in STOP)
