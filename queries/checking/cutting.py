"""A streamed answer, cut into sentences, their citation marks taken off. Pure.

A sentence is whole when the next one begins, so that a mark behind its full stop is still its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summaries.verification.sentences import sentences

_MARK = re.compile(r"\s?\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\]")
_OPEN = re.compile(r"\s?\[[^\]\n]{0,40}$")
_MARKUP = re.compile(r"\*\*|__|^#{1,6}\s+|^>\s+|`", re.MULTILINE)
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
LONGEST_RANGE = 8


@dataclass(frozen=True)
class Cited:
    """A sentence, and the numbers of the pieces that its author says it rests on."""

    text: str
    numbers: tuple[int, ...] = ()


class Cutter:
    """``feed`` pieces of text as they come; ``finish`` when all are in."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> Iterator[Cited]:
        self._held += text
        # What may yet become a mark, or markup, waits.
        open_mark = _OPEN.search(self._held)
        ready = self._held[: open_mark.start()] if open_mark else self._held
        ready = ready[: len(ready.rstrip("*_#`> "))]
        yield from self._cut(ready)

    def finish(self, *, is_cut_off: bool = False) -> Iterator[Cited]:
        """What is left. ``is_cut_off``: the author was stopped, and half a sentence says nothing."""
        clean, marks = _unmarked(self._held)
        found = list(_sentences(clean, marks))
        self._held = ""
        yield from (
            found[:-1] if is_cut_off and not clean.rstrip().endswith((".", "!", "?")) else found
        )

    def _cut(self, ready: str) -> Iterator[Cited]:
        clean, marks = _unmarked(ready)
        spans = sentences(clean)
        if len(spans) < 2:
            return
        yield from list(_sentences(clean, marks))[:-1]
        # The last sentence is not whole: what is held begins where it does.
        done = len(spans) - 1
        self._held = _from_sentence(self._held, clean, spans[done][0], marks)


def _unmarked(text: str) -> tuple[str, list[tuple[int, tuple[int, ...], int]]]:
    """The text without marks, and each mark: its place there, its numbers, and its length."""
    marks: list[tuple[int, tuple[int, ...], int]] = []
    clean, at = "", 0
    for found in _MARK.finditer(text):
        clean += text[at : found.start()]
        marks.append((len(clean), _numbers(found[1]), len(found[0])))
        at = found.end()
    return clean + text[at:], marks


def _from_sentence(
    raw: str, clean: str, start: int, marks: list[tuple[int, tuple[int, ...], int]]
) -> str:
    return raw[start + sum(length for place, _, length in marks if place <= start) :]


def _numbers(listed: str) -> tuple[int, ...]:
    """ "1, 3-5" -> 1, 3, 4, 5"""
    found: list[int] = []
    for part in re.split(r"[,;]", listed):
        if span := _RANGE.search(part):
            first, last = int(span[1]), int(span[2])
            found += range(first, min(last, first + LONGEST_RANGE) + 1)
        elif part.strip():
            found.append(int(part))
    return tuple(dict.fromkeys(found))


def _sentences(clean: str, marks: list[tuple[int, tuple[int, ...], int]]) -> Iterator[Cited]:
    spans = sentences(clean)
    for number, (start, end) in enumerate(spans):
        until = spans[number + 1][0] if number + 1 < len(spans) else len(clean) + 1
        since = 0 if number == 0 else start
        own = [n for place, numbers, _ in marks if (since <= place < until and place > start)
               or (number == 0 and place <= start) for n in numbers]  # fmt: skip
        text = " ".join(_MARKUP.sub("", clean[start:end]).split())
        if text:
            yield Cited(text, tuple(dict.fromkeys(own)))
