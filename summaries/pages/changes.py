"""What changed from one version of a text to the next, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\S+\s*")


class Kind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Run:
    kind: Kind
    text: str

    @property
    def words(self) -> str:
        return self.text.rstrip()

    @property
    def space(self) -> str:
        """What follows the words: it isn't underlined or struck out with them."""
        return self.text[len(self.words) :]


def changes(before: str, after: str) -> list[Run]:
    """Runs that read, without the gone ones, as ``after``; without the new ones, as ``before``."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    runs: list[Run] = []
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[a:b] == new[c:d]:
            runs.append(Run(Kind.SAME, "".join(new[c:d])))
            continue
        if a < b:
            runs.append(Run(Kind.GONE, "".join(old[a:b])))
        if c < d:
            runs.append(Run(Kind.NEW, "".join(new[c:d])))
    return runs
