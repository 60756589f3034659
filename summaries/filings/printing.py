"""The line under construction while a document streams by: what is printed goes in, lines come out."""

from __future__ import annotations

from .inline import Fact
from .lines import Line, Mark, tighten


class Printer:
    """Collects printed text into lines, and knows at which offset open inline values begin and end."""

    def __init__(self, *, preformatted: bool) -> None:
        self.lines: list[Line] = []  # of the innermost cell, or of the document
        # Open ones, innermost last; no fact where its text isn't kept, no mark where it isn't a number.
        self.facts: list[tuple[Fact | None, Mark | None]] = []
        self.bold: list[bool] = [False]
        self.center: list[bool] = [False]
        self.links: list[str] = []
        self.pre = int(preformatted)
        self.ids: list[str] = []
        self.breaks = self.rule = self.gap = False
        self._clear()

    def _clear(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.space = False
        self.line_bold = self.line_linked = 0
        self.line_links: list[str] = []
        self.line_center = False
        self.marks = [mark for _, mark in self.facts if mark is not None and mark.start < 0]
        self.raised = False

    def _end_line(self) -> None:
        if not self.length:
            self.space = False
            return
        for _, mark in self.facts:
            if mark is not None and mark.start >= 0 and mark.end < 0:
                mark.end = self.length
        line = Line(
            "".join(self.parts),
            [mark for mark in self.marks if mark.end > mark.start >= 0],
            self.line_bold,
            self.line_center,
            self.ids,
            self.line_links,
            self.line_linked,
            self.breaks,
            self.rule,
            self.gap,
        )
        self.ids = []
        self.breaks = self.rule = self.gap = False
        self._clear()
        self.lines.append(tighten(line))

    def _print(self, text: str) -> None:
        words = text.split()
        if not words:
            self.space = self.space or bool(text)
            return
        joined = " ".join(words)
        first = joined[0]
        spaced = self.space or text[0].isspace()
        if self.raised and (first.isdigit() or first in "(*†"):
            spaced = True
        self.raised = False
        self._put(joined, spaced=spaced)
        self.space = text[-1].isspace()

    def _print_as_is(self, text: str) -> None:
        """Preformatted text: its lines and columns are kept."""
        for number, line in enumerate(text.expandtabs().split("\n")):
            if number:
                self._end_line()
            if not line.strip() and not self.length:
                self.gap = self.gap or number > 0
            else:
                self._put(line.rstrip() if "\n" in text else line, spaced=False)

    def _put(self, text: str, *, spaced: bool) -> None:
        if not text:
            return
        if spaced and self.length:
            self.parts.append(" ")
            self.length += 1
        if not self.length:
            self.line_center = self.center[-1]
        for _, mark in self.facts:
            if mark is not None and mark.start < 0:
                mark.start = self.length
        self.parts.append(text)
        self.length += len(text)
        if self.bold[-1]:
            self.line_bold += len(text)
        if self.links:
            self.line_linked += len(text)
