"""A sentence as marks: numbers, periods, measures, and the words that bind them.

Reading only: nothing here knows a fact. Every character of the sentence ends in
a mark, so that what no rule understood can be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from summaries.verification.lexicon import MULTIPLES, NOUNS, PHRASES, Part
from summaries.verification.names import MEASURES
from summaries.verification.phrases import phrase_at
from summaries.verification.quantities import Kind, hedge_at, quantity_at
from summaries.verification.whens import Earlier, when_at


class Mark(NamedTuple):
    part: Part
    start: int
    end: int
    text: str
    value: object = None


_WORD = re.compile(r"[A-Za-z][A-Za-z&]*(?:['.-][A-Za-z&]+)*|\d+(?:[.,]\d+)*|\S")
_YEAR_ON_YEAR = re.compile(r"year[\s-](?:on|over)[\s-]year|from\s+year\s+to\s+year", re.IGNORECASE)
# Words that may open a period or a number; anything else is not even tried.
_WHEN_STARTS = frozenset(
    "in for during over at on as by through the its a one of year quarter fiscal financial full fy"
    " last twelve period first second third fourth that this two three four five six seven eight"
    " nine ten q january february march april may june july august september october"
    " november december jan feb mar apr jun jul aug sept sep oct nov dec calendar".split()
)
_NUMBER_STARTS = frozenset(
    "just a an nearly almost less under slightly close more over upwards about roughly around"
    " approximately some minus negative half one two three four twice double triple".split()
)
_NOUN_BEFORE = frozenset(
    "a an the its this annual their first percent consecutive straight steep sharp".split()
)
_ABBREVIATIONS = frozenset({"EPS", "CAGR", "FCF", "ROE", "ROA", "RPO"})
_MONTH_NAMES = frozenset(
    "January February March April May June July August September October November December".split()
)
_PUNCTUATION = {
    ",": Part.COMMA,
    "(": Part.COMMA,
    ")": Part.COMMA,
    ";": Part.BREAK,
    ":": Part.COMMA,
    "–": Part.COMMA,
    "—": Part.COMMA,
    ".": Part.FILLER,
    '"': Part.FILLER,
    "'": Part.FILLER,
    "'s": Part.FILLER,
    "“": Part.FILLER,
    "”": Part.FILLER,
    "!": Part.FILLER,
    "-": Part.COMMA,
}


def plain(text: str) -> str:
    """The text with one form of apostrophe, space and hyphen; offsets stay."""
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "\xa0": " ", "\u202f": " ", "\u2011": "-", "\u2010": "-"}
)


class _Words(NamedTuple):
    words: list[str]  # as written, possessives split off
    starts: list[int]
    ends: list[int]


def _split(text: str, start: int, end: int) -> _Words:
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _WORD.finditer(text, start, end):
        word, at = found.group(), found.start()
        if word.lower().endswith("'s") and len(word) > 2:
            words += [word[:-2], "'s"]
            starts += [at, found.end() - 2]
            ends += [found.end() - 2, found.end()]
            continue
        if word.lower().endswith("s'") and len(word) > 2:
            words += [word[:-1], "'"]
            starts += [at, found.end() - 1]
            ends += [found.end() - 1, found.end()]
            continue
        words.append(word)
        starts.append(at)
        ends.append(found.end())
    return _Words(words, starts, ends)


Index = Mapping[str, list[tuple[tuple[str, ...], Part, object]]]


def _index(entries: Iterable[tuple[str, Part, object]]) -> Index:
    """Phrases by their first word, longest first."""
    made: dict[str, list[tuple[tuple[str, ...], Part, object]]] = {}
    for phrase, part, value in entries:
        words = tuple(_split(phrase, 0, len(phrase)).words)
        made.setdefault(words[0], []).append((words, part, value))
    for listed in made.values():
        listed.sort(key=lambda entry: -len(entry[0]))
    return made


_LEXICON = _index(
    [(phrase, part, value) for phrase, (part, value) in PHRASES.items()]
    + [(phrase, Part.TERM, term) for phrase, term in MEASURES.items()]
)


@dataclass(frozen=True)
class Names:
    """Who may be named (``own``) and who would be somebody else (``other``)."""

    own: frozenset[str]
    other: frozenset[str]


@lru_cache(maxsize=4096)
def _own_index(names: frozenset[str]) -> Index:
    return _index((plain(name), Part.OWN, None) for name in names if name.strip())


@lru_cache(maxsize=2)  # some megabytes each, and the names of all others are one set
def _others_index(names: frozenset[str]) -> Index:
    return _index((plain(name), Part.NAME, None) for name in names if name.strip())


def _longest(index: Index, words: list[str], at: int) -> tuple[int, Part, object] | None:
    for phrase, part, value in index.get(words[at], ()):
        size = len(phrase)
        if size == 1 or tuple(words[at : at + size]) == phrase:
            return size, part, value
    return None


def marks_of(text: str, start: int, end: int, names: Names) -> list[Mark]:
    """All marks of one sentence of ``text`` (made plain before), fillers left out."""
    return _Scan(text, start, end, names).run()


class _Scan:
    def __init__(self, text: str, start: int, end: int, names: Names) -> None:
        self.text, self.start, self.end, self.names = text[:end], start, end, names
        split = _split(text, start, end)
        self.words, self.starts, self.ends = split.words, split.starts, split.ends
        self.lower = [word.lower() for word in self.words]
        self.marks: list[Mark] = []
        self.at = 0

    def run(self) -> list[Mark]:
        while self.at < len(self.words):
            self._step()
        return self.marks

    def _step(self) -> None:
        begin, word = self.starts[self.at], self.lower[self.at]
        if word in ("q", "fy") and (when := when_at(self.text, begin)):
            self._put(Part.WHEN, when[1], when[0])
            return
        named = self._name()
        known = self._known()
        if named and named[0] > (known[0] if known and self._lexicon_wins(known[0]) else 0):
            self._put(named[1], self.ends[self.at + named[0] - 1])
            return
        if read := self._phrase(begin, word, known):
            part, value, end = read
            self._put(part, end, value)
        elif known:
            size, part, value = known
            part, value = self._noun_or_verb(size, part, value)
            self._put(part, self.ends[self.at + size - 1], value)
        else:
            self._put(_PUNCTUATION.get(word, Part.UNKNOWN), self.ends[self.at])

    def _phrase(
        self, begin: int, word: str, known: tuple[int, Part, object] | None
    ) -> tuple[Part, object, int] | None:
        digit = word[0].isdigit()
        if found := phrase_at(self.text, begin, word):
            return found
        if word == "year" and (on := _YEAR_ON_YEAR.match(self.text, begin)):
            return Part.WHEN, Earlier(), on.end()
        if (digit or word in _WHEN_STARTS or word.startswith("fy")) and (
            when := when_at(self.text, begin)
        ):
            return Part.WHEN, when[0], when[1]
        if word in _NUMBER_STARTS and (moved := self._hedged_multiple(begin)):
            return moved
        # "A$" and "C$" are no dollars that a lone "$" would be.
        glued = begin > self.start and self.text[begin - 1].isalnum()
        if glued and not digit:
            return None
        if digit or word in _NUMBER_STARTS or not word[0].isalpha() or self._is_code():
            return self._quantity(begin, known)
        return None

    def _quantity(
        self, begin: int, known: tuple[int, Part, object] | None
    ) -> tuple[Part, object, int] | None:
        before = self.marks[-1].part if self.marks else None
        # After a number "more than" compares; at other places it approximates.
        hedged = before is not Part.QUANTITY
        read = quantity_at(self.text, begin, hedged=hedged)
        if read is None:
            return None
        quantity, end = read
        if quantity.kind is Kind.TIMES and known and known[1] is Part.MOVE:
            return None
        return Part.QUANTITY, quantity, end

    def _hedged_multiple(self, begin: int) -> tuple[Part, object, int] | None:
        """ "nearly doubled"."""
        hedge, at = hedge_at(self.text, begin)
        found = _WORD.match(self.text, at) if hedge else None
        if found is None or found.group().lower() not in MULTIPLES:
            return None
        return Part.MOVE, (*MULTIPLES[found.group().lower()], hedge), found.end()

    def _is_code(self) -> bool:
        word = self.words[self.at]
        code = len(word) == 3 and word.isupper() and word.isalpha()
        return code or self.text.startswith("US$", self.starts[self.at])

    def _known(self) -> tuple[int, Part, object] | None:
        return _longest(_LEXICON, self.lower, self.at)

    def _name(self) -> tuple[int, Part] | None:
        if not self.words[self.at][0].isupper() and not self.words[self.at][0].isdigit():
            return None
        own = _longest(_own_index(self.names.own), self.words, self.at)
        other = _longest(_others_index(self.names.other), self.words, self.at)
        if own and (other is None or own[0] >= other[0]):
            return own[0], Part.OWN
        return (other[0], Part.NAME) if other else None

    def _lexicon_wins(self, size: int) -> bool:
        """A capital at the sentence's start, or a short form like R&D, makes no name."""
        word = self.words[self.at]
        return self.at == 0 or len(word) == 1 or "&" in word or word in _ABBREVIATIONS

    def _noun_or_verb(self, size: int, part: Part, value: object) -> tuple[Part, object]:
        word = self.lower[self.at]
        if size != 1 or word not in NOUNS or part not in (Part.MOVE, Part.UNKNOWN, Part.CHANGE):
            return part, value
        before = self.lower[self.at - 1] if self.at else ""
        after = self.lower[self.at + 1] if self.at + 1 < len(self.lower) else ""
        last = self.marks[-1].part if self.marks else None
        noun = (
            before in _NOUN_BEFORE
            or last in (Part.QUANTITY, Part.SUPERLATIVE, Part.FIRST, Part.STREAK)
            or after == "of"
            or (after == "in" and last is not Part.TERM)
        )
        return (Part.CHANGE, NOUNS[word]) if noun else (part, value)

    def _put(self, part: Part, end: int, value: object = None) -> None:
        begin = self.starts[self.at]
        if part is Part.UNKNOWN and self._looks_like_a_name():
            part = Part.NAME
        if part is not Part.FILLER and part is not Part.OWN:
            self.marks.append(Mark(part, begin, end, self.text[begin:end], value))
        while self.at < len(self.words) and self.starts[self.at] < end:
            self.at += 1

    def _looks_like_a_name(self) -> bool:
        if not self.words[self.at][0].isupper() or self.words[self.at] in _MONTH_NAMES:
            return False
        after = self.words[self.at + 1] if self.at + 1 < len(self.words) else ""
        return self.at > 0 or after == "'s" or after[:1].isupper()
