"""How a name looks: where it begins and ends, what of it is listed, and that it is no company's."""

from __future__ import annotations

from collections.abc import Container, Iterator

from llm.masking.plain import Plain
from llm.masking.surnames import FORM, SURNAMES
from llm.masking.tokens import Tokens
from llm.masking.words import COMMON, COMPANY, PARTICLES, SUFFIXES, WEAK_SURNAMES

Span = tuple[int, int]  # places of words: from, up to
_LONGEST_NAME = 5
# A company for certain; after "John Smith" the others ("Trust", "Estate") are his.
_LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company llc ltd limited plc lp llp group holdings bancorp".split()
)


def extended(tokens: Tokens, start: int) -> int:
    """Where the name that begins at ``start`` ends."""
    end = start
    while (
        end < len(tokens) and end - start < _LONGEST_NAME and (end == start or tokens.adjacent(end))
    ):
        word = tokens.words[end]
        if end > start and word.folded in SUFFIXES and not tokens.closed[end]:
            return end + 1
        if not (tokens.may_name(end) or _joins(tokens, end) or _ends_name(tokens, start, end)):
            break
        end += 1
    return end


def _joins(tokens: Tokens, place: int) -> bool:
    """The "van den" of "van den Berg"."""
    end = place
    word = tokens.words[place]
    if "-" in word.text and word.folded.partition("-")[0] in PARTICLES:  # al-Fayed
        return word.text.partition("-")[2].istitle()
    while end < len(tokens) and tokens.words[end].folded in PARTICLES and tokens.adjacent(end + 1):
        end += 1
    return end > place and tokens.may_name(end)


def _ends_name(tokens: Tokens, start: int, place: int) -> bool:
    """A word that is a surname too, where one must come: "Jane Long"."""
    word, before = tokens.words[place], tokens.words[place - 1]
    return (
        place > start
        and (before.sure_first or before.initial)
        and word.capital
        and word.surname
        and not tokens.closed[place]
    )


def backward(tokens: Tokens, end: int) -> int:
    """Where the name begins whose last word is before ``end``."""
    start = end
    while start > 0 and end - start < _LONGEST_NAME - 1:
        at = start - 1
        if start < end and not tokens.adjacent(start):
            break
        if not (tokens.may_name(at) or (start < end and _joins(tokens, at))):
            break
        start = at
    return start


def is_firm(tokens: Tokens, start: int, end: int, persons: Container[int] = ()) -> bool:
    """``persons``: places of words that are a person's for certain."""
    words = tokens.words
    pair = end - start > 1 and words[start].sure_first and words[end - 1].surname
    strong = pair or start in persons
    if end < len(words):
        gap = tokens.text[words[end - 1].end : words[end].start]
        after = words[end]
        if gap in (" ", ", ") and after.folded in (_LEGAL_FORMS if strong else COMPANY):
            return after.capital or after.folded in _LEGAL_FORMS
        if gap.strip() == "&" and not strong:
            return after.capital and not after.first
    if start > 0 and not strong and start - 1 not in persons:
        gap = tokens.text[words[start - 1].end : words[start].start]
        return gap.strip() == "&" and words[start - 1].capital and not words[start - 1].first
    return False


def listed(tokens: Tokens) -> Iterator[Span]:
    """A first name of the list, or any capital word or initial before a surname of the list."""
    for place, word in enumerate(tokens.words):
        following = tokens.words[place + 1] if tokens.adjacent(place + 1) else None
        if not word.capital:
            small = following and not following.capital and following.surname
            if small and word.sure_first and following and following.folded not in COMMON:
                yield place, place + 2
            continue
        if tokens.closed[place]:
            continue
        if word.sure_first and tokens.may_name(place):
            yield place, extended(tokens, place)
        elif following and following.surname and tokens.may_name(place + 1):
            weak = following.folded in WEAK_SURNAMES
            if word.first or word.initial or (tokens.may_name(place) and not weak):
                yield place, max(extended(tokens, place + 1), place + 2)
        elif following and (
            word.first and following.initial and extended(tokens, place + 1) > place + 2
        ):
            yield place, extended(tokens, place + 1)
        if word.surname and place + 1 < len(tokens):
            yield from _turned(tokens, place)


def _turned(tokens: Tokens, place: int) -> Iterator[Span]:
    """ "Roe, Jane"; and of "Bob and Jane Roe" the first."""
    word, after = tokens.words[place], tokens.words[place + 1]
    gap = tokens.text[word.end : after.start]
    if gap == ", " and after.capital and after.sure_first and tokens.may_name(place):
        yield place, extended(tokens, place + 1)


def plural(tokens: Tokens) -> Iterator[Span]:
    """ "The Hendersons"."""
    for place in range(1, len(tokens)):
        word = tokens.words[place]
        if not word.folded.endswith("s") or tokens.words[place - 1].folded != "the":
            continue
        singles = {word.folded[:-1], word.folded.removesuffix("es")} - WEAK_SURNAMES - COMPANY
        named = singles & SURNAMES or any(FORM.fullmatch(single) for single in singles)
        if named and tokens.adjacent(place) and tokens.may_name(place):
            yield place, place + 1


def couples(tokens: Tokens) -> Iterator[Span]:
    """ "Bob and Jane Roe": the first of the two, whose name could be a word as well."""
    for place, word in enumerate(tokens.words[:-2]):
        joined = tokens.words[place + 1]
        gap = tokens.text[word.end : joined.start]
        if gap.strip() == "&":
            partner = place + 1
        elif joined.folded == "and" and gap.isspace():
            partner = place + 2
        else:
            continue
        other = tokens.words[partner]
        firsts = word.capital and word.first and other.capital and other.first
        if firsts and (other.sure_first or extended(tokens, partner) - partner > 1):
            yield place, place + 1


def accented(tokens: Tokens, plain: Plain, original: str) -> Iterator[Span]:
    """Two words or more of which one is written with letters that English hasn't."""
    for place, word in enumerate(tokens.words):
        if not original[slice(*plain.original(word.start, word.end))].isascii():
            start, end = backward(tokens, place + 1), extended(tokens, place)
            if end - start > 1:
                yield start, end
