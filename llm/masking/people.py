"""Names of people, by the words around them and by lists; without a language model.

Presidio finds persons by a spaCy or a transformer model, which would have to be downloaded. What
stands here finds fewer names out of nowhere, and knows more of how advisors write about clients.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from llm.masking.found import Found, Kind
from llm.masking.plain import Plain
from llm.masking.surnames import SURNAMES
from llm.masking.tokens import Phrases, Tokens
from llm.masking.words import (
    COMMON,
    COMPANY,
    OPENINGS,
    OWNED_THINGS,
    PARTICLES,
    PERSONAL_ACTS,
    PERSONAL_THINGS,
    ROLES,
    SUFFIXES,
    TITLES,
    WEAK_SURNAMES,
)

Span = tuple[int, int]  # places of words: from, up to
_LONGEST_NAME = 5
# A company for certain; after "John Smith" the others ("Trust", "Estate") are his.
_LEGAL_FORMS = frozenset(
    "inc incorporated corp corporation co company llc ltd limited plc lp llp group holdings bancorp".split()
)

_TITLE = re.compile(rf"\b(?:{TITLES})\b\.?[ \t\n]{{1,3}}(?=[^\W\d_])")
_ROLE = re.compile(
    rf"\b(?:{ROLES})\b(?:'s)?(?:[ \t]{{0,3}}(?:\b(?:is|are|was|named|called|name|who is|known as)\b|[,:=(\"'-]|\n)){{0,3}}[ \t]{{0,3}}\"?(?=[^\W\d_])"
)
_OPENING = re.compile(rf"\b(?P<said>{OPENINGS})\b(?P<glue>[ \t,:\"\n-]{{1,4}})(?=[^\W\d_])")
_GREETING = re.compile(
    r"dear|hello|hi|hey|sincerely|regards|yours truly|cheers|signed|my name is|name is|i am|i'm"
)
_HEADER = re.compile(r"from|to|cc|bcc|attn|attention|signed|thanks")
_ACT = re.compile(rf"(?<=[\w)])[ \t]?,?[ \t]?(?<![\w])(?:{PERSONAL_ACTS})\b")
_THING = re.compile(
    rf"(?<=\w)(?P<own>'s?)?[ \t](?:(?:joint|roth|traditional|rollover|inherited|family|individual) )?(?:{PERSONAL_THINGS})(?! of)"
)
_OWNED = re.compile(rf"(?<=\w)'s?[ \t](?:\w+[ \t])?(?:{OWNED_THINGS})\b")
_FOREIGN = re.compile(r"[Ͱ-׿؀-ࣿऀ-෿฀-๿぀-ヿ㐀-鿿가-힯]{2,}(?:[ ·.][Ͱ-׿؀-ࣿऀ-෿฀-๿぀-ヿ㐀-鿿가-힯]{2,}){0,3}")
_LATIN = re.compile(r"[A-Za-z]")


def people(plain: Plain, original: str, known: Phrases, allow: Phrases) -> Iterator[Found]:
    """``known``: names to hide wherever they stand; ``allow``: names to leave, if not known."""
    text = plain.text
    tokens = Tokens(text, allow)
    sure = list(_known(tokens, known))
    said = [*_titled(tokens, text, allow), *_in_roles(tokens)]
    spans = [*_after_openings(tokens), *_looking_so(tokens), *_before(tokens)]
    if not original.isascii():
        spans += _accented(tokens, plain, original)
    likely = list(_trimmed(tokens, said, spans))
    for start, end in sure:
        yield _found(tokens, start, end, certain=True)
    for start, end in (*likely, *_parts(tokens, known, [*sure, *likely])):
        yield _found(tokens, start, end)
    yield from _foreign(text)


def _found(tokens: Tokens, start: int, end: int, certain: bool = False) -> Found:
    return Found(tokens.words[start].start, tokens.words[end - 1].end, Kind.PERSON, certain)


def _looking_so(tokens: Tokens) -> Iterator[Span]:
    yield from _listed(tokens)
    yield from _couples(tokens)
    yield from _plural(tokens)


# ---- what the caller knows


def _known(tokens: Tokens, known: Phrases) -> Iterator[Span]:
    """Names as they were given, also "Roe, Jane", and with a middle name or initial in between."""
    if not known.known:
        return
    yield from tokens.occurrences(known.full)
    yield from tokens.occurrences(known.turned)
    for place in range(len(tokens) - 2):
        ends = tokens.words[place].folded, tokens.words[place + 2].folded
        if ends in known.ends and tokens.adjacent(place + 1) and tokens.adjacent(place + 2):
            yield place, place + 3
    for place, word in enumerate(tokens.words):
        if word.folded in known.lone and (word.capital or word.folded not in COMMON):
            yield place, place + 1


def _parts(tokens: Tokens, known: Phrases, found: list[Span]) -> Iterator[Span]:
    """After "John Smith", also "Smith" alone."""
    here = {tokens.words[at].folded for start, end in found for at in range(start, end)}
    if not (here or known.parts):
        return
    for place, word in enumerate(tokens.words):
        forms = {word.folded, word.folded.removesuffix("s")}
        named = not (forms.isdisjoint(here) and forms.isdisjoint(known.parts))
        if not named or len(word.text) == 1 or word.folded in PARTICLES:
            continue
        if tokens.may_name(place) and not _is_firm(tokens, place, place + 1):
            yield place, place + 1


# ---- how a name looks


def _extended(tokens: Tokens, start: int) -> int:
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


def _backward(tokens: Tokens, end: int) -> int:
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


def _trimmed(tokens: Tokens, said: list[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """Those that are no company after all; ``said`` are called a person in so many words."""
    persons = {at for start, end in said for at in range(start, end)}
    for start, end in (*said, *spans):
        if all(word.initial for word in tokens.words[start:end]):
            continue
        if not _is_firm(tokens, start, end, persons):
            yield start, end


def _is_firm(tokens: Tokens, start: int, end: int, persons: Container[int] = ()) -> bool:
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


# ---- where names stand


def _titled(tokens: Tokens, text: str, allow: Phrases) -> Iterator[Span]:
    for match in _TITLE.finditer(text):
        start = tokens.at(match.end())
        if start == len(tokens) or tokens.words[start].folded in allow.lasts:
            continue
        word = tokens.words[start]
        if not word.capital or word.like_ticker:  # "mr. smith", "MR. SMITH"
            if word.listed or word.like_ticker:
                yield start, start + 1
        else:
            yield start, _extended(tokens, start)


def _in_roles(tokens: Tokens) -> Iterator[Span]:
    for match in _ROLE.finditer(tokens.small):
        start = tokens.at(match.end())
        if start == len(tokens):
            continue
        yield start, _extended(tokens, start)
        word = tokens.words[start]
        if not word.capital and word.first and word.folded not in COMMON:
            pair = tokens.adjacent(start + 1) and tokens.words[start + 1].surname
            if pair or word.sure_first:
                yield start, start + 1 + bool(pair)


def _after_openings(tokens: Tokens) -> Iterator[Span]:
    for match in _OPENING.finditer(tokens.small):
        if _HEADER.fullmatch(match["said"]) and not set(match["glue"]) & set(":,\n"):
            continue
        start = tokens.at(match.end())
        end = _extended(tokens, start) if start < len(tokens) else start
        alone = end - start == 1 and (
            tokens.words[start].listed or _GREETING.fullmatch(match["said"])
        )
        if alone or end - start > 1:
            yield start, end


def _listed(tokens: Tokens) -> Iterator[Span]:
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
            yield place, _extended(tokens, place)
        elif following and following.surname and tokens.may_name(place + 1):
            weak = following.folded in WEAK_SURNAMES
            if word.first or word.initial or (tokens.may_name(place) and not weak):
                yield place, max(_extended(tokens, place + 1), place + 2)
        elif following and (
            word.first and following.initial and _extended(tokens, place + 1) > place + 2
        ):
            yield place, _extended(tokens, place + 1)
        if word.surname and place + 1 < len(tokens):
            yield from _turned(tokens, place)


def _turned(tokens: Tokens, place: int) -> Iterator[Span]:
    """ "Roe, Jane"; and of "Bob and Jane Roe" the first."""
    word, after = tokens.words[place], tokens.words[place + 1]
    gap = tokens.text[word.end : after.start]
    if gap == ", " and after.capital and after.sure_first and tokens.may_name(place):
        yield place, _extended(tokens, place + 1)


def _before(tokens: Tokens) -> Iterator[Span]:
    """Who does what only people do, or owns what only people own."""
    for form, lone_listed in ((_ACT, True), (_THING, False), (_OWNED, True)):
        for match in form.finditer(tokens.small):
            end = tokens.at(match.start())
            if end == 0 or tokens.words[end - 1].end != match.start():
                continue
            start = _backward(tokens, end)
            lone = end - start == 1 or form is _OWNED
            if not lone or tokens.words[end - 1].listed or not lone_listed:
                yield start, end


def _plural(tokens: Tokens) -> Iterator[Span]:
    """ "The Hendersons"."""
    for place in range(1, len(tokens)):
        word = tokens.words[place]
        if not word.folded.endswith("s") or tokens.words[place - 1].folded != "the":
            continue
        singles = {word.folded[:-1], word.folded.removesuffix("es")} - WEAK_SURNAMES - COMPANY
        if singles & SURNAMES and tokens.adjacent(place) and tokens.may_name(place):
            yield place, place + 1


def _couples(tokens: Tokens) -> Iterator[Span]:
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
        if firsts and (other.sure_first or _extended(tokens, partner) - partner > 1):
            yield place, place + 1


def _accented(tokens: Tokens, plain: Plain, original: str) -> Iterator[Span]:
    """Two words or more of which one is written with letters that English hasn't."""
    for place, word in enumerate(tokens.words):
        if not original[slice(*plain.original(word.start, word.end))].isascii():
            start, end = _backward(tokens, place + 1), _extended(tokens, place)
            if end - start > 1:
                yield start, end


def _foreign(text: str) -> Iterator[Found]:
    """Names in other scripts, in a text that is otherwise in Latin letters."""
    if text.isascii():
        return
    runs = list(_FOREIGN.finditer(text))
    if sum(len(run[0]) for run in runs) > len(_LATIN.findall(text)) / 2:
        return
    yield from (Found(*run.span(), Kind.PERSON) for run in runs)
