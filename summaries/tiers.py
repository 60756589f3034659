"""The three lengths of a summary, in words."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    HOOK = "hook"
    MEDIUM = "medium"
    EXPANDED = "expanded"


# Fewest and most words, both allowed.
WORDS: dict[Tier, tuple[int, int]] = {
    Tier.HOOK: (25, 50),
    Tier.MEDIUM: (100, 150),
    Tier.EXPANDED: (200, 250),
}


def count_words(text: str) -> int:
    """Words as an editor counts them: what stands between spaces."""
    return len(text.split())
