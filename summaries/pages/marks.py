"""A text cut at a marked span, however many paragraphs and cells the span crosses."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Piece:
    text: str
    is_marked: bool = False
    is_first: bool = False  # of the marked ones: the place that a link leads to


@dataclass
class Marks:
    """Marks [start, end) of ``text`` in whatever stretches of it are shown, in their order."""

    text: str
    start: int = 0
    end: int = 0
    _is_placed: bool = field(default=False, init=False)

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """The stretch, whole; nothing is marked where the span doesn't reach into it."""
        low, high = max(start, self.start), min(end, self.end)
        if low >= high or not self.text[low:high].strip():
            return (Piece(self.text[start:end]),)
        is_first, self._is_placed = not self._is_placed, True
        cut = (
            Piece(self.text[start:low]),
            Piece(self.text[low:high], is_marked=True, is_first=is_first),
            Piece(self.text[high:end]),
        )
        return tuple(piece for piece in cut if piece.text)
