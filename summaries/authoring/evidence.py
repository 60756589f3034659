"""The evidence of one stock as a model is shown it: lines with an id, each citable. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol


class Place(Protocol):
    """A span of an immutable document; what stands there is ``quote``."""

    @property
    def document_id(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True)
class Source:
    """One line of the pack.

    ``says``: how a text may put it; ``text``: what may be quoted, of a fact or passage an exact
    part of ``place``. A derived figure (D) has no place of its own: it stands for ``parts``, the
    ids of the facts that it is computed from; a line of the sector (B) has both.
    """

    id: str  # F12 a reported fact, D3 derived, B1 of the sector, P2 a passage of a filing
    says: str
    text: str
    place: Place | None = None
    fact_id: int | None = None
    parts: tuple[str, ...] = ()

    @property
    def is_sector(self) -> bool:
        return self.id.startswith("B")

    def line(self) -> str:
        if self.id.startswith("P"):
            return f"[{self.id}] {self.says}\n{self.text}"
        return f"[{self.id}] {self.says} | {self.text}"


@dataclass(frozen=True)
class Pack:
    """All that a model may rest on for one stock: a head, and sources under headings.

    ``hidden``: facts that only derived figures rest on; they are not shown.
    """

    head: str
    groups: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    hidden: tuple[Source, ...] = ()

    @cached_property
    def sources(self) -> dict[str, Source]:
        shown = (source for group in self.groups.values() for source in group)
        return {source.id: source for source in (*shown, *self.hidden)}

    @cached_property
    def places(self) -> dict[int, Place]:
        """Where the facts stand, by fact."""
        return {
            source.fact_id: source.place
            for source in self.sources.values()
            if source.fact_id is not None and source.place is not None
        }

    @cached_property
    def text(self) -> str:
        return "\n".join(self._lines())

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _lines(self) -> Iterator[str]:
        yield self.head
        for heading, sources in self.groups.items():
            if sources:
                yield ""
                yield f"## {heading}"
                yield from (source.line() for source in sources)
