from __future__ import annotations

import pytest

from llm.embedding import Decision, Model, Reason, Stored, should_reembed, text_hash

SMALL = Model("openai/text-embedding-3-small", "openai", 1536, 8191)
HASH, OTHER = text_hash("Revenue rose."), text_hash("Revenue fell.")


def test_text_hash_is_sha_256_of_the_exact_text() -> None:
    assert text_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert text_hash("abc") != text_hash("abc ")


@pytest.mark.parametrize(
    ("stored", "decision"),
    [
        (None, Decision(True, Reason.NEVER_EMBEDDED)),
        (Stored(HASH, SMALL.name), Decision(False, Reason.CURRENT)),
        (Stored(OTHER, SMALL.name), Decision(True, Reason.TEXT_CHANGED)),
        (Stored(HASH, "hashing-384"), Decision(True, Reason.MODEL_CHANGED)),
        (Stored(OTHER, "hashing-384"), Decision(True, Reason.TEXT_CHANGED)),
    ],
)
def test_should_reembed_says_whether_and_why(stored: Stored | None, decision: Decision) -> None:
    told = should_reembed(HASH, SMALL, stored)
    assert told == decision
    assert bool(told) is decision.needed
