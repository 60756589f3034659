"""Placeholders back into what they stand for, in a whole text or in a stream."""

from __future__ import annotations

import re

from llm.masking.vault import LONGEST, PLACEHOLDER, Vault


def unmask(text: str, vault: Vault) -> str:
    """A placeholder that the vault doesn't know stays as it is."""

    def back(match: re.Match[str]) -> str:
        original = vault.original(match[0])
        return match[0] if original is None else original

    return PLACEHOLDER.sub(back, text)


class Unmasker:
    """For a stream: holds back what may be the beginning of a placeholder, and nothing else."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held = ""

    def feed(self, chunk: str) -> str:
        text = self._held + chunk
        opened = text.rfind("[", max(0, len(text) - LONGEST))
        if opened >= 0 and self._vault.begins_one(text[opened:]) and "]" not in text[opened:]:
            text, self._held = text[:opened], text[opened:]
        else:
            self._held = ""
        return unmask(text, self._vault)

    def finish(self) -> str:
        """What was held back and is no placeholder after all."""
        held, self._held = self._held, ""
        return held
