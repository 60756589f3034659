"""A text as tokens that compare: words without case, number or person; figures by their worth.

"We had $1.2 billion" and "The company has US$1,200 million" differ in one token, "had".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from summaries.verification.documents.figures import Figure, Unit, figures_of

WE, ITS = "<we>", "<its>"
NEGATIONS = frozenset(
    "not no never neither nor without none cannot nobody nothing hardly barely fail failed fails"
    " failing lack lacked lacks non".split()
)
_ARTICLES = frozenset(("a", "an", "the"))
_UNSAID = _ARTICLES | {"'s"}
_MENTIONING = frozenset(("we", "us", "our", "its", "the"))  # what may name the company
_AGREEING = {
    "are": "is", "am": "is", "were": "was", "have": "has", "does": "do", "goes": "go",
    "ourselves": "itself",
}  # fmt: skip
_CONTRACTED = {"n't": "not", "re": "is", "ve": "has", "ll": "will", "m": "is"}
_LOST_QUOTE = r"(?<=\s)2019s(?![\w])"  # an apostrophe that lost its escape: "company 2019s"
_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+)(?:['’](?P<tail>t|re|ve|ll|m)(?![^\W\d_]))?"
    rf"|(?P<own>['’]s(?![^\W\d_])|{_LOST_QUOTE})|(?P<mark>201[cd](?=[^\W\d_]|\s))"
    r"|(?P<digits>\d[\d,./]*(?<![.,/])|\d)|(?P<paren>[()])|(?P<sign>[€£¥₹₩])"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_CONTRACTION = re.compile(r"['’](?:t|re|ve|ll|m)\b", re.IGNORECASE)
_GAP = re.compile(r"\s\s")
_SHARE_KIND = re.compile(r"common|ordinary|diluted|basic", re.IGNORECASE)
_ROUGHEST = Decimal("0.1")


class Token(NamedTuple):
    """``key``: equal for tokens that say the same. ``is_aside``: within brackets."""

    start: int
    end: int
    key: str
    figure: Figure | None = None
    is_aside: bool = False
    is_name: bool = False  # begins with a capital

    @property
    def is_year(self) -> bool:
        one = self.figure
        return bool(
            one
            and one.is_whole
            and not one.is_word
            and "," not in one.text
            and 1900 <= one.value <= 2100
        )


def tokens_of(text: str, names: Sequence[str] = ()) -> list[Token]:
    """Articles, possessive endings and punctuation are left out; "we", "the company" and its
    ``names`` are one token, "our", "its" and "the company's" another."""
    return _named(_raw(text), names)


def shared_at_most(claim: Sequence[Token], text: str) -> int:
    """How many of the claim's tokens the text can have: never too few, and cheap to tell."""
    if _CONTRACTION.search(text):
        return len(claim)
    words = set(map(agreed, _LETTERS.findall(text.lower())))
    return sum(1 for one in claim if one.key in words or one.figure or not one.key.isalpha())


def says_same(claim: Token, source: Token) -> bool:
    """Whether the source's token proves the claim's: the same, or correctly rounded by the claim."""
    if claim.key == source.key:
        return True
    one, other = claim.figure, source.figure
    return one is not None and other is not None and is_rounding(one, other)


def is_rounding(claim: Figure, source: Figure) -> bool:
    """ "$1.3 billion" of "$1,328 million"; never of a year, a count or a number in words."""
    if claim.unit is not source.unit or claim.currency != source.currency:
        return False
    if (
        not source.value
        or claim.is_whole
        or claim.is_word
        or source.is_word
        or claim.place < source.place
    ):
        return False
    return claim.shows(source.value) and (
        abs(claim.value - source.value) <= abs(source.value) * _ROUGHEST
    )


@lru_cache(maxsize=65_536)
def agreed(word: str) -> str:
    """A word in lower case, without the ending by which verbs agree and nouns are many."""
    said = _AGREEING.get(word)
    if said is not None:
        return said
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def _raw(text: str) -> list[Token]:
    """In the order of the text; "the company" still as words, possessives as "'s"."""
    text, places = _squeezed(text)
    if places is None:
        return _scanned(text)
    return [
        Token(places[start], places[end - 1] + 1, key, figure, is_aside, is_name)
        for start, end, key, figure, is_aside, is_name in _scanned(text)
    ]


def _squeezed(text: str) -> tuple[str, list[int] | None]:
    """With one space for any white space, and the places of its characters; None: as they are."""
    if not _GAP.search(text):
        return text, None
    places = [
        at for at, one in enumerate(text) if not (one.isspace() and text[at - 1 : at].isspace())
    ]
    return "".join(" " if text[at].isspace() else text[at] for at in places), places


def _scanned(text: str) -> list[Token]:
    made: list[Token] = []
    depth = at = 0
    for figure in (*figures_of(text), None):
        stop = figure.start if figure else len(text)
        for match in _TOKEN.finditer(text, at, stop):
            sort = match.lastgroup
            if sort == "word":
                start, end = match.span()
                key, is_name = _read_word(text[start:end])
                made.append(Token(start, end, key, None, depth > 0, is_name))
            elif sort == "tail":
                made += _contracted(match, depth > 0)
            elif sort == "paren":
                depth = depth + 1 if match.group() == "(" else max(0, depth - 1)
            elif sort == "own":
                made.append(Token(match.start(), match.end(), "'s", None, depth > 0))
            elif sort in ("digits", "sign"):
                made.append(Token(match.start(), match.end(), match.group(), None, depth > 0))
        if figure:
            made += _figured(figure, depth > 0)
            at = max(figure.end, at)
    return made


@lru_cache(maxsize=65_536)
def _read_word(said: str) -> tuple[str, bool]:
    return agreed(said.lower()), said[0].isupper()


def _contracted(match: re.Match[str], is_aside: bool) -> Iterator[Token]:
    said, tail = match["word"], match["tail"].lower()
    start, end = match.span()
    norm = said.lower()
    if tail == "t":
        norm = {"won": "will", "can": "can"}.get(norm, norm.removesuffix("n"))
        tail = "n't"
    yield Token(start, end, agreed(norm), None, is_aside, said[:1].isupper())
    yield Token(start, end, _CONTRACTED[tail], None, is_aside)


def _figured(figure: Figure, is_aside: bool) -> Iterator[Token]:
    value = f"{figure.value.normalize():f}" if figure.value else f"0@{figure.scale}"
    key = f"{value}|{figure.unit}|{figure.currency}"
    is_aside = is_aside or figure.is_bracketed
    yield Token(figure.start, figure.end, key, figure, is_aside)
    if figure.unit is Unit.SHARES or "share" in figure.text:
        for match in _SHARE_KIND.finditer(figure.text):
            yield Token(figure.start, figure.end, match.group().lower(), None, is_aside)


def _named(raw: list[Token], names: Sequence[str]) -> list[Token]:
    called = _called(tuple(names))
    leads = _MENTIONING.union(name[0] for name in called)
    made: list[Token] = []
    at = 0
    while at < len(raw):
        key = raw[at].key
        length, is_whole = _mention(raw, at, called) if key in leads else (0, False)
        if length:
            end = at + length
            owns = end < len(raw) and raw[end].key == "'s"
            first, last = raw[at], raw[end - 1]
            key = ITS if owns or not is_whole else WE
            made.append(Token(first.start, last.end, key, None, first.is_aside))
            at = end + owns
            continue
        if key not in _UNSAID:
            made.append(raw[at])
        at += 1
    return made


@lru_cache(maxsize=256)
def _called(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(split for name in names if (split := tuple(_name_words(name))))


def _mention(
    raw: list[Token], at: int, called: Sequence[tuple[str, ...]]
) -> tuple[int, bool]:  # fmt: skip
    """How many tokens from ``at`` name the company, and whether as a whole, not as an owner."""
    key = raw[at].key
    if key in ("we", "us") and not (key == "us" and raw[at].is_name):
        return 1, True
    if key in ("our", "its"):
        return 1, False
    if key == "the" and at + 1 < len(raw) and raw[at + 1].key == "company":
        return 2, True
    for name in called:
        if key == name[0] and tuple(one.key for one in raw[at : at + len(name)]) == name:
            return len(name), True
    return 0, False


def _name_words(name: str) -> Iterator[str]:
    for match in _TOKEN.finditer(name):
        if match["word"]:
            yield agreed(match["word"].lower())
        elif match["digits"]:
            return
