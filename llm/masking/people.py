"""Names of people, by the words around them and by lists; without a language model.

Presidio finds persons by a spaCy or a transformer model, which would have to be downloaded. What
stands here finds fewer names out of nowhere, and knows more of how advisors write about clients.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from llm.masking.found import Found, Kind
from llm.masking.plain import Plain
from llm.masking.shapes import Span, accented, backward, couples, extended, is_firm, listed, plural
from llm.masking.tokens import Phrases, Tokens, Word, as_phrases
from llm.masking.words import (
    COMMON,
    COMPANY,
    DEALINGS,
    OPENINGS,
    OWNED_THINGS,
    PARTICLES,
    PERSON_ALONE,
    PERSONAL_ACTS,
    PERSONAL_THINGS,
    ROLES,
    TITLES,
)

_TITLE = re.compile(rf"\b(?:{TITLES})\b\.?[ \t\n]{{1,3}}(?=[^\W\d_])")
_ROLE = re.compile(
    rf"\b(?:{ROLES})\b(?:'s)?(?:[ \t]{{0,3}}(?:\b(?:is|are|was|named|called|name|who is|known as)\b|[,:=(\"'-]|\n)){{0,3}}[ \t]{{0,3}}\"?(?=[^\W\d_])"
)
_OPENING = re.compile(rf"\b(?P<said>{OPENINGS})\b(?P<glue>[ \t,:\"\n-]{{1,4}})(?=[^\W\d_])")
_GREETING = re.compile(
    r"dear|hello|hi|hey|sincerely|regards|yours truly|cheers|signed|my name is|name is|i am|i'm"
    r"|tell|told|remind|inform|explain(?:ed)? to|sen[dt](?: to)?|writ(?:e|ing) to|wrote to|(?:visit|lunch|met|meeting|call) with"
)
_HEADER = re.compile(r"from|to|cc|bcc|attn|attention|signed|thanks")
_ACT = re.compile(rf"(?<=[\w)])[ \t]?,?[ \t]?(?<![\w])(?:{PERSONAL_ACTS})\b")
_THING = re.compile(
    rf"(?<=\w)(?P<own>'s?)?[ \t](?:(?:joint|roth|traditional|rollover|inherited|family|individual) )?(?:{PERSONAL_THINGS})(?! of)"
)
# Over the text as it is, unlike the others: a ticker is in capitals.
_DEALING = re.compile(
    rf"(?<=\w)[ \t](?:{DEALINGS})[ \t](?:[\d,.]+[ \t])?(?:shares of[ \t])?[A-Z]{{1,5}}\b(?!')"
)
_WISH = re.compile(r"(?<=\w)[ \t](?:want|would like|need|asked|own|hold|are retiring)\b")
_ALONE = re.compile(rf"(?<=\w)(?:[ \t]|(?=[',(]))(?:{PERSON_ALONE})")
_FILE = re.compile(
    r"(?:\bthe|\bre:?|\bfor|\bon)[ \t](?P<name>[^\W\d_][\w'-]+)[ \t](?:accounts?|portfolio|household|relationship|review meeting|file)\b"
)
_OWNED = re.compile(rf"(?<=\w)'s?[ \t](?:\w+[ \t])?(?:{OWNED_THINGS})\b")
_FOREIGN = re.compile(r"[Ͱ-׿؀-ࣿऀ-෿฀-๿぀-ヿ㐀-鿿가-힯]{2,}(?:[ ·.][Ͱ-׿؀-ࣿऀ-෿฀-๿぀-ヿ㐀-鿿가-힯]{2,}){0,3}")
_LATIN = re.compile(r"[A-Za-z]")


# How surely it is somebody private: the words around the name say so, or it only looks like a name,
# as that of an executive in the news does.
TOLD = 0.85
BARE = 0.6
NOBODY = as_phrases(())


def people(plain: Plain, original: str, known: Phrases, allow: Phrases) -> Iterator[Found]:
    """``known``: names to hide wherever they stand; ``allow``: names to leave, if not known."""
    text = plain.text
    tokens = Tokens(text, allow)
    sure = list(_known(tokens, known))
    said = [*_titled(tokens, text, allow), *_in_roles(tokens)]
    told = [*_after_openings(tokens), *couples(tokens), *_before(tokens)]
    bare = [*listed(tokens), *plural(tokens)]
    if not original.isascii():
        bare += accented(tokens, plain, original)
    likely = list(_trimmed(tokens, said, told))
    maybe = list(_trimmed(tokens, said, bare))
    for start, end in sure:
        yield _found(tokens, start, end, certain=True)
    for start, end in (*likely, *_parts(tokens, known, [*sure, *likely])):
        yield _found(tokens, start, end, TOLD)
    for start, end in (*maybe, *_parts(tokens, NOBODY, maybe)):
        yield _found(tokens, start, end, BARE)
    yield from _foreign(text)


def _found(
    tokens: Tokens, start: int, end: int, confidence: float = 1.0, certain: bool = False
) -> Found:
    first, last = tokens.words[start], tokens.words[end - 1]
    return Found(first.start, last.end, Kind.PERSON, certain, confidence)


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
        small = not word.capital and word.folded in known.parts and _is_rare(word)
        if small or (tokens.may_name(place) and not is_firm(tokens, place, place + 1)):
            yield place, place + 1


def _is_rare(word: Word) -> bool:
    """Whether it is a name even in small letters: "jane" is, and "grant" or "baker" aren't."""
    return (
        len(word.text) > 3
        and word.folded not in COMMON | COMPANY
        and (word.sure_first or not word.listed)
    )


def _trimmed(tokens: Tokens, said: list[Span], spans: Iterable[Span]) -> Iterator[Span]:
    """Those that are no company after all; ``said`` are called a person in so many words."""
    persons = {at for start, end in said for at in range(start, end)}
    for start, end in (*said, *spans):
        if all(word.initial for word in tokens.words[start:end]):
            continue
        if not is_firm(tokens, start, end, persons):
            yield start, end


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
            yield start, extended(tokens, start)


def _in_roles(tokens: Tokens) -> Iterator[Span]:
    for match in _ROLE.finditer(tokens.small):
        start = tokens.at(match.end())
        if start == len(tokens):
            continue
        yield start, extended(tokens, start)
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
        end = extended(tokens, start) if start < len(tokens) else start
        alone = end - start == 1 and (
            tokens.words[start].listed or _GREETING.fullmatch(match["said"])
        )
        if alone or end - start > 1:
            yield start, end


def _before(tokens: Tokens) -> Iterator[Span]:
    """Who does what only people do, or owns what only people own."""
    for form, lone_listed in (
        (_ACT, True),
        (_ALONE, False),
        (_THING, False),
        (_OWNED, True),
    ):
        for match in form.finditer(tokens.small):
            end = tokens.at(match.start())
            if end == 0 or tokens.words[end - 1].end != match.start():
                continue
            start = backward(tokens, end)
            lone = end - start == 1 or form is _OWNED
            if start < end and (not lone or tokens.words[end - 1].listed or not lone_listed):
                yield start, end
    yield from _dealing(tokens)


def _dealing(tokens: Tokens) -> Iterator[Span]:
    """ "Zora sold 40 AMZN", "the Zoras want out"."""
    for match in _DEALING.finditer(tokens.text):
        end = tokens.at(match.start())
        yield backward(tokens, end), end
    for match in _FILE.finditer(tokens.small):
        place = tokens.at(match.start("name"))
        if tokens.may_name(place):
            yield place, place + 1
    for match in _WISH.finditer(tokens.small):
        place = tokens.at(match.start()) - 1
        named = place > 0 and tokens.may_name(place) and tokens.words[place].folded.endswith("s")
        if named and tokens.words[place - 1].folded == "the":
            yield place, place + 1


def _foreign(text: str) -> Iterator[Found]:
    """Names in other scripts, in a text that is otherwise in Latin letters."""
    if text.isascii():
        return
    runs = list(_FOREIGN.finditer(text))
    if sum(len(run[0]) for run in runs) > len(_LATIN.findall(text)) / 2:
        return
    yield from (Found(*run.span(), Kind.PERSON) for run in runs)
