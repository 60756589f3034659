"""Whether a quote is a citation: exact characters of a source, at their offset. Pure.

A quote that isn't in that source is not a citation, whatever else it may be in. Only runs of
whitespace may differ; what is cited then is the true span of the document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from summaries.authoring.evidence import Pack, Source

# Anything shorter is found everywhere and says nothing.
SHORTEST = 4


@dataclass(frozen=True)
class Quoted:
    """A span of a document that holds a quote, in code points; ``sha256`` is of what stands there.

    ``source`` is the line of the pack whose place it is; ``fact_id`` its fact, if it is one.
    """

    source: str
    document_id: int
    start: int
    end: int
    quote: str
    sha256: str
    fact_id: int | None = None
    is_sector: bool = False


class NotQuoted(Exception):
    """The quote is no citation; the message says why, without the quote."""


def quoted(pack: Pack, source_id: str, quote: str) -> tuple[Quoted, ...]:
    """The spans that a quote of a source cites: its own, and those of the facts that the source
    stands for. Raises NotQuoted."""
    source = pack.sources.get(source_id.strip().strip("[]"))
    if source is None:
        raise NotQuoted("The evidence has no source of that id.")
    start, end = span_of(quote, source.text)
    own = [_spanned(source, start, end)] if source.place is not None else []
    parts = [pack.sources[part] for part in source.parts]
    return (*own, *(_spanned(part, 0, len(part.text)) for part in parts))


def span_of(quote: str, text: str) -> tuple[int, int]:
    """Where ``text`` has the quote: its first place, whitespace aside. Raises NotQuoted."""
    words = quote.split()
    if len("".join(words)) < SHORTEST:
        raise NotQuoted(f"The quote has fewer than {SHORTEST} characters.")
    places = list(_exactly(quote.strip(), text)) or list(_by_words(words, text))
    if not places:
        raise NotQuoted("The source does not say that, character by character.")
    whole = [place for place in places if not any(_cuts(text, at) for at in place)]
    if not whole:
        raise NotQuoted("The quote begins or ends within a word or a number.")
    return whole[0]


def _exactly(quote: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote)
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def _by_words(words: list[str], text: str) -> Iterator[tuple[int, int]]:
    """As exactly, but for runs of whitespace. Dearer: a pattern is compiled for each quote."""
    for found in re.finditer(r"\s+".join(re.escape(word) for word in words), text):
        yield found.span()


def _cuts(text: str, at: int) -> bool:
    """Whether a word or a number goes on across this place: "16,161" is no quote of "416,161"."""
    before, after = text[max(at - 2, 0) : at], text[at : at + 2]
    if not before or not after:
        return False
    if before[-1].isalnum() and after[0].isalnum():
        return True
    inside = (after[0] in ".,-" and after[1:].isdigit()) or (
        before[-1] in ".,-" and after[0].isdigit()
    )
    return inside and (before[-1].isdigit() or after[0].isdigit())


def _spanned(source: Source, start: int, end: int) -> Quoted:
    """The part of the source's text, as a span of its document."""
    place = source.place
    if place is None:
        raise NotQuoted("The source is no part of a document.")
    at = place.start + place.quote.index(source.text)
    quote = source.text[start:end]
    return Quoted(
        source.id, place.document_id, at + start, at + end, quote,
        hashlib.sha256(quote.encode()).hexdigest(), source.fact_id, source.is_sector,
    )  # fmt: skip
