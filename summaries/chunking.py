"""Texts to chunks: passages short enough to embed, long enough to understand.

Every character that isn't space is in exactly one chunk, and a chunk is a span of the text. Sizes are
counted in words of plain English; text that an embedder cuts into more pieces, numbers above all,
counts for more, so that a table's chunk holds fewer.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .filings.reading import Section, Table

TARGET_WORDS = 120
MOST_WORDS = 150
_FEW_WORDS = 20
_LONGEST_HEADING = 200  # characters
_PIECES_PER_WORD = 1.4  # word pieces of an English word with its share of punctuation

_PIECE = re.compile(r"[A-Za-zÀ-ÿ]+|\d+|[^\sA-Za-zÀ-ÿ\d]")
_SENTENCE_END = re.compile(
    r"(?<![\s.(][A-Z])(?<!\bNo)(?<!\bInc)(?<!\bCorp)(?<!\bCo)(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bvs)"
    r"(?<!\bLtd)(?<!U\.S)[.!?;][\"”’)]*(?=\s+[A-Z“\"(•\d])"
)
_HEADING_WORDS = 14


@dataclass(frozen=True)
class Chunk:
    """A span of the text under one item. heading is context that the span itself lacks: the section,
    the nearest sub-heading, and for tables the caption and column heads; at most 200 characters."""

    start: int
    end: int
    item: str
    heading: str
    is_table: bool


@dataclass(frozen=True)
class _Piece:
    """What is never cut further: a paragraph, a sentence, a row, or less where these are too long."""

    start: int
    end: int
    load: float
    table: int = -1  # index of its table, -1 for text
    is_heading: bool = False
    is_paragraph: bool = True  # it begins one


def load(text: str) -> float:
    """How many words of plain English are as many word pieces as this text."""
    pieces = 0
    for match in _PIECE.finditer(text):
        size = match.end() - match.start()
        pieces += (size + 2) // 3 if text[match.start()].isdigit() else 1 + (size - 1) // 9
    return pieces / _PIECES_PER_WORD


def chunks(
    text: str,
    sections: Sequence[Section] = (),
    tables: Sequence[Table] = (),
    *,
    target_words: int = TARGET_WORDS,
    most_words: int = MOST_WORDS,
) -> tuple[Chunk, ...]:
    """The text's chunks in order. A chunk ends where target_words are reached, and never has more than
    most_words unless a single word has. Sections and tables are in the text's order."""
    if not 0 < target_words <= most_words:
        raise ValueError(f"0 < target_words <= most_words, not {target_words} and {most_words}.")
    wrapped = text.count("\n\n") * 12 > text.count("\n")
    found: list[Chunk] = []
    for section in _whole(text, sections):
        pieces = list(_pieces(text, section, tables, most_words, wrapped=wrapped))
        groups = _joined(_packed(pieces, target_words, most_words), text, most_words)
        found += _headed(text, section, tables, pieces, groups)
    return tuple(found)


def _whole(text: str, sections: Sequence[Section]) -> list[Section]:
    """Sections that cover the text, whatever those given leave out."""
    found: list[Section] = []
    at = 0
    for section in sections:
        if section.start > at:
            found.append(Section("", "", "", at, section.start))
        if section.end > max(at, section.start):
            found.append(replace(section, start=max(at, section.start)))
            at = section.end
    if at < len(text):
        found.append(Section("", "", "", at, len(text)))
    return found


# Pieces.


def _pieces(
    text: str, section: Section, tables: Sequence[Table], most: int, *, wrapped: bool
) -> Iterator[_Piece]:
    at = section.start
    first = bisect_right([table.end for table in tables], section.start)
    for number in range(first, len(tables)):
        table = tables[number]
        start, end = max(table.start, at), min(table.end, section.end)
        if start >= section.end:
            break
        if start >= end:
            continue
        yield from _paragraphs(text, at, start, most, wrapped=wrapped)
        for row in _spans(text, start, end, "\n"):
            for span in _fitting(text, *row, most):
                yield _Piece(*span, load(text[slice(*span)]), number)
        at = end
    yield from _paragraphs(text, at, section.end, most, wrapped=wrapped)


def _paragraphs(text: str, start: int, end: int, most: int, *, wrapped: bool) -> Iterator[_Piece]:
    for span in _spans(text, start, end, "\n\n" if wrapped else "\n"):
        printed = text[slice(*span)]
        weight = load(printed)
        if weight <= most:
            yield _Piece(*span, weight, is_heading=_is_heading(printed))
            continue
        for number, part in enumerate(_fitting(text, *span, most)):
            yield _Piece(*part, load(text[slice(*part)]), is_paragraph=number == 0)


def _spans(text: str, start: int, end: int, separator: str) -> Iterator[tuple[int, int]]:
    """The parts between separators, without the space around them; empty ones left out."""
    while start < end:
        stop = text.find(separator, start, end)
        stop = end if stop < 0 else stop
        printed = text[start:stop]
        if stripped := printed.strip():
            begin = start + len(printed) - len(printed.lstrip())
            yield begin, begin + len(stripped)
        start = stop + len(separator)


def _fitting(text: str, start: int, end: int, most: int) -> Iterator[tuple[int, int]]:
    """The span, cut at sentence ends where it is too long, else at lines, cells or words."""
    if load(text[start:end]) <= most:
        yield start, end
        return
    for sentence in _sentences(text, start, end):
        if load(text[slice(*sentence)]) <= most:
            yield sentence
            continue
        begin, stop, weight = sentence[0], sentence[0], 0.0
        for word in re.compile(r"\S+").finditer(text, *sentence):
            added = load(word[0])
            if weight + added > most and stop > begin:
                yield begin, stop
                begin, weight = word.start(), 0.0
            stop, weight = word.end(), weight + added
        yield begin, stop


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end() + 1
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def _is_heading(printed: str) -> bool:
    """Whether a paragraph looks like a title of those that follow."""
    return (
        "\n" not in printed
        and len(printed) <= 120
        and len(printed.split()) <= _HEADING_WORDS
        and printed[-1] not in ".;,|"
        and not printed.startswith(("•", "–", "—", "*"))
        and any(char.isupper() for char in printed[:12])
    )


# Groups of pieces.

_Group = list[_Piece]


def _packed(pieces: Sequence[_Piece], target: int, most: int) -> list[_Group]:
    """Pieces in order, a new group where one is full, a table begins or ends, or a heading says so."""
    groups: list[_Group] = []
    current: _Group = []
    weight = 0.0
    for piece in pieces:
        new_kind = bool(current) and piece.table != current[-1].table
        full = weight >= target or weight + piece.load > most
        titled = piece.is_heading and weight * 2 >= target
        if current and (new_kind or full or titled):
            carried = [] if new_kind else _trailing_headings(current)
            if sum(one.load for one in carried) + piece.load > most:
                carried = []
            groups.append(current[: len(current) - len(carried)])
            current, weight = carried, sum(one.load for one in carried)
        current.append(piece)
        weight += piece.load
    if current:
        groups.append(current)
    return groups


def _trailing_headings(group: _Group) -> _Group:
    """Headings at a group's end: they belong to what follows. Never the whole group."""
    at = len(group)
    while at > 1 and group[at - 1].is_heading:
        at -= 1
    return group[at:]


def _joined(groups: list[_Group], text: str, most: int) -> list[_Group]:
    """Groups of few words joined to a neighbour that has room: to the next, which they introduce,
    else to the one before."""
    found: list[_Group] = []
    for group in groups:
        tiny = found and _words(found[-1], text) < _FEW_WORDS
        if (
            found
            and _load([*found[-1], *group]) <= most
            and (tiny or _words(group, text) < _FEW_WORDS)
        ):
            found[-1] = [*found[-1], *group]
        else:
            found.append(group)
    return found


def _words(group: _Group, text: str) -> int:
    return len(text[group[0].start : group[-1].end].split())


def _load(group: _Group) -> float:
    return sum(piece.load for piece in group)


# Headings.


def _headed(
    text: str,
    section: Section,
    tables: Sequence[Table],
    pieces: Sequence[_Piece],
    groups: Sequence[_Group],
) -> Iterator[Chunk]:
    titles = [piece for piece in pieces if piece.is_heading]
    starts = [piece.start for piece in titles]
    for group in groups:
        start, end = group[0].start, group[-1].end
        in_table = _load([piece for piece in group if piece.table >= 0])
        is_table = in_table * 2 > _load(group)
        said = [section.name or section.title]
        above = bisect_left(starts, start) - 1
        if above >= 0 and not group[0].is_heading and titles[above].start > section.start:
            said.append(text[titles[above].start : titles[above].end])
        numbers = {piece.table for piece in group if piece.table >= 0}
        if is_table and len(numbers) == 1:
            said += _table_heads(text, tables[numbers.pop()], start, section.start)
        yield Chunk(start, end, section.item, _heading(said), is_table)


def _table_heads(text: str, table: Table, start: int, floor: int) -> list[str]:
    """The line above a table, and its column heads where the chunk begins below them."""
    said = []
    if start >= table.start:
        above = text[max(floor, table.start - 400) : table.start].rstrip()
        line = above.rpartition("\n")[2].strip()
        said.append(line if len(line) <= 120 else "")
    heads = [text[row[0].start : row[-1].end] for row in table.rows[:4] if row and row[0].is_header]
    if start > table.start:
        said += heads
    return said


def _heading(said: Sequence[str]) -> str:
    parts = dict.fromkeys(" ".join(part.split()) for part in said)
    return " › ".join(part for part in parts if part)[:_LONGEST_HEADING].rstrip()
