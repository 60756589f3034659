"""A text's words, with what a rule on names asks of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from llm.masking.companies import COMPANY_NAMES
from llm.masking.first_names import AMBIGUOUS, FIRST_NAMES
from llm.masking.plain import plain
from llm.masking.surnames import FORM, SURNAMES
from llm.masking.words import COMMON, COMPANY

# The s of a possessive is no part of the word.
_WORD = re.compile(r"[^\W\d_]+(?:['-](?!s\b|S\b)[^\W\d_]+)*")
_GAP = re.compile(r"[ \t]{1,3}\n?[ \t]{0,3}|\n[ \t]{0,3}")
_AFTER_INITIAL = re.compile(r"\.?[ \t]{0,2}\n?")
_LONGEST_TICKER = 5
SURE_FIRST_NAMES = FIRST_NAMES - AMBIGUOUS

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Word:
    start: int
    end: int
    text: str
    folded: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 and self.capital

    @property
    def like_ticker(self) -> bool:
        return 1 < len(self.text) <= _LONGEST_TICKER and self.text.isupper()

    @property
    def sure_first(self) -> bool:
        return self.folded in SURE_FIRST_NAMES or (
            "-" in self.folded and any(part in SURE_FIRST_NAMES for part in self.folded.split("-"))
        )

    @property
    def first(self) -> bool:
        return self.sure_first or self.folded in AMBIGUOUS

    @property
    def surname(self) -> bool:
        return any(part in SURNAMES or FORM.fullmatch(part) for part in self.folded.split("-"))

    @property
    def listed(self) -> bool:
        return self.first or self.surname


def words_of(text: str) -> list[Word]:
    return [
        Word(match.start(), match.end(), match[0], match[0].casefold())
        for match in _WORD.finditer(text)
    ]


class Phrases:
    """Names to look for, each as its words; what a rule asks of them is worked out once."""

    def __init__(self, names: Iterable[Phrase]) -> None:
        self.known = frozenset(filter(None, names))
        self.beginnings = frozenset(phrase[0] for phrase in self.known)
        self.longest = max(map(len, self.known), default=0)

    @cached_property
    def lone(self) -> frozenset[str]:
        return frozenset(phrase[0] for phrase in self.known if len(phrase) == 1)

    @cached_property
    def full(self) -> Phrases:
        return Phrases(phrase for phrase in self.known if len(phrase) > 1)

    @cached_property
    def turned(self) -> Phrases:
        """With the last word first, as in registers."""
        return Phrases((phrase[-1], *phrase[:-1]) for phrase in self.full.known)

    @cached_property
    def ends(self) -> frozenset[tuple[str, str]]:
        return frozenset((phrase[0], phrase[-1]) for phrase in self.full.known)

    @cached_property
    def parts(self) -> frozenset[str]:
        return frozenset(part for phrase in self.full.known for part in phrase)

    @cached_property
    def lasts(self) -> frozenset[str]:
        return frozenset(phrase[-1] for phrase in self.known)


@lru_cache(maxsize=16)
def _as_phrases(names: frozenset[str]) -> Phrases:
    return Phrases(tuple(word.folded for word in words_of(plain(name).text)) for name in names)


def as_phrases(names: Collection[str]) -> Phrases:
    """Kept for the next call with the same names: pass a frozenset where there are many."""
    return _as_phrases(names if isinstance(names, frozenset) else frozenset(names))


_COMPANIES = as_phrases(COMPANY_NAMES)


class Tokens:
    """The words of ``text``; ``closed`` are those that belong to a name that may leave."""

    def __init__(self, text: str, allowed: Phrases) -> None:
        self.text = text
        self.small = text.lower()
        self.words = words_of(text)
        self._starts = [word.start for word in self.words]
        self._adjacent = [self._follows(place) for place in range(len(self.words))]
        self.closed = [False] * len(self.words)
        self._close(_COMPANIES)
        self._close(allowed)

    def __len__(self) -> int:
        return len(self.words)

    def at(self, character: int) -> int:
        """The word that begins there or next, or the number of words."""
        return bisect_left(self._starts, character)

    def adjacent(self, place: int) -> bool:
        """Whether word ``place`` follows the one before it within one name."""
        return place < len(self._adjacent) and self._adjacent[place]

    def _follows(self, place: int) -> bool:
        if not place:
            return False
        before = self.words[place - 1]
        gap = self.text[before.end : self._starts[place]]
        if gap == " ":
            return True
        form = _AFTER_INITIAL if before.initial or before.folded == "st" else _GAP
        return bool(form.fullmatch(gap))

    def occurrences(self, sought: Phrases) -> Iterable[tuple[int, int]]:
        """Where one stands, the longest of each place, words apart by any punctuation."""
        done = 0
        for place, word in enumerate(self.words):
            if place >= done and word.folded in sought.beginnings:
                done = self._longest(sought, place)
                if done > place:
                    yield place, done

    def _longest(self, sought: Phrases, place: int) -> int:
        end = place
        spelled: Phrase = ()
        for at in range(place, min(place + sought.longest, len(self.words))):
            if at > place and self.words[at].start - self.words[at - 1].end > 3:
                break
            spelled += (self.words[at].folded,)
            if spelled in sought.known:
                end = at + 1
        return end

    def _close(self, allowed: Phrases) -> None:
        for start, end in self.occurrences(allowed):
            if end - start == 1 and not self._stands_alone(start):
                continue
            self.closed[start:end] = [True] * (end - start)

    def _stands_alone(self, place: int) -> bool:
        """ "Ford" is the company by itself, and not in "John Ford"; "target" is a word."""
        word = self.words[place]
        before = self.words[place - 1]
        return word.capital and not (
            self.adjacent(place)
            and before.capital
            and (before.sure_first or before.initial)
            and not self.closed[place - 1]
        )

    def may_name(self, place: int) -> bool:
        """Whether the word may be part of somebody's name, as far as itself can tell."""
        if not 0 <= place < len(self.words) or self.closed[place]:
            return False
        word = self.words[place]
        if not word.capital or word.folded in COMMON:
            return False
        if word.folded in COMPANY:
            return word.surname
        return not word.like_ticker or word.listed
