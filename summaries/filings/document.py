"""A document read from its bytes to text, sections, tables and tags."""

from __future__ import annotations

from .assembly import tables, tags, text_of
from .decoding import MAX_BYTES, Markup, decode
from .furniture import without_furniture
from .inline import Gathered
from .lines import Line
from .markup import stream
from .plain import plain_lines
from .reading import Reading, UnreadableFiling
from .sections import sections


def read(content: bytes, *, form: str, max_bytes: int = MAX_BYTES) -> Reading:
    """The document in content, which was filed as form ("10-K", "10-Q/A", "8-K", "EX-99.1"…).

    Raises UnreadableFiling for what is no document: it is permanent for these bytes.
    """
    source = decode(content, max_bytes=max_bytes)
    gathered = Gathered()
    if source.markup is Markup.PLAIN:
        raw: list[Line] = plain_lines(source.text)
    else:
        raw = stream(source, gathered)
    lines = without_furniture(raw)
    if not lines:
        raise UnreadableFiling("The document prints no text.")
    text, starts = text_of(lines)
    return Reading(
        text=text,
        sections=sections(lines, starts, len(text), form=form),
        tables=tables(lines, starts),
        tags=tags(lines, starts, gathered),
        cover=gathered.cover(),
        problems=gathered.problems,
    )
