"""Which placeholder stands for what. Never leaves the house: it is the personal data itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from llm.masking.found import Kind

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(Kind)})_[1-9][0-9]{{0,8}}\]")
LONGEST = max(len(kind) for kind in Kind) + len("[_]") + 9


class Vault:
    """The placeholders of one conversation, or of one call. Not for use by several threads."""

    def __init__(self) -> None:
        self._originals: dict[str, str] = {}
        self._placeholders: dict[tuple[Kind, str], str] = {}
        self._last: dict[Kind, int] = {}

    def placeholder(self, kind: Kind, original: str, text: str) -> str:
        """The one that stands for ``original``, or a new one that doesn't occur in ``text``."""
        held = self._placeholders.get((kind, original))
        if held is not None and held not in text:
            return held
        number = self._last.get(kind, 0) + 1
        while (new := f"[{kind}_{number}]") in text:
            number += 1
        self._last[kind] = number
        self._hold(new, kind, original)
        return new

    def original(self, placeholder: str) -> str | None:
        return self._originals.get(placeholder)

    def originals(self, kind: Kind) -> Iterator[str]:
        """What was hidden as ``kind``, in order."""
        return (original for held, original in self._placeholders if held is kind)

    def begins_one(self, text: str) -> bool:
        """Whether a placeholder in use starts with all of ``text``."""
        return any(placeholder.startswith(text) for placeholder in self._originals)

    def as_dict(self) -> dict[str, str]:
        """Placeholder to original, for JSON. Store it as the personal data that it is."""
        return dict(self._originals)

    @classmethod
    def from_dict(cls, held: Mapping[str, str]) -> Vault:
        """Raises ValueError for a key that is no placeholder."""
        vault = cls()
        for placeholder, original in held.items():
            if not PLACEHOLDER.fullmatch(placeholder):
                raise ValueError("A vault's keys are placeholders such as [PERSON_1].")
            name, _, number = placeholder[1:-1].rpartition("_")
            kind = Kind(name)
            vault._last[kind] = max(vault._last.get(kind, 0), int(number))
            vault._hold(placeholder, kind, original)
        return vault

    def _hold(self, placeholder: str, kind: Kind, original: str) -> None:
        self._originals[placeholder] = original
        self._placeholders.setdefault((kind, original), placeholder)

    def __len__(self) -> int:
        return len(self._originals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vault) and self._originals == other._originals

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:  # what it holds must not get into a log
        return f"<Vault of {len(self)}>"
