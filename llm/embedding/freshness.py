"""Whether a text must be embedded again, told from hashes alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from llm.embedding.model import Model


class Reason(StrEnum):
    CURRENT = "current"
    NEVER_EMBEDDED = "never_embedded"
    TEXT_CHANGED = "text_changed"
    MODEL_CHANGED = "model_changed"


@dataclass(frozen=True)
class Stored:
    """What is known of a stored vector: of which text, and by which model."""

    text_hash: str
    model_name: str


@dataclass(frozen=True)
class Decision:
    """True where a new call is needed."""

    needed: bool
    reason: Reason

    def __bool__(self) -> bool:
        return self.needed


def text_hash(text: str) -> str:
    """SHA-256 of the exact text in UTF-8, as hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def should_reembed(text_hash: str, model: Model, stored: Stored | None) -> Decision:
    """Compare a text's hash and the model wanted with the stored vector, if there is one.

    A changed text is named before a changed model: its citations must move too.
    """
    if stored is None:
        return Decision(True, Reason.NEVER_EMBEDDED)
    if stored.text_hash != text_hash:
        return Decision(True, Reason.TEXT_CHANGED)
    if stored.model_name != model.name:
        return Decision(True, Reason.MODEL_CHANGED)
    return Decision(False, Reason.CURRENT)
