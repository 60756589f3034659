"""Text in a document that speaks to a machine that reads it: no evidence of anything. Pure.

What is recognised here is neither shown to a model, nor quoted, nor taken as proof. What isn't is
held by the checks all the same: text that follows an order has no support.
"""

from __future__ import annotations

import re

from summaries.verification.sentences import sentences

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|(?:above|previous|prior)\s+(?:text|rules|orders|message))\b"
    r"|\b(?:system|developer)\s+(?:prompt|message)\b|\byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:AI|assistant|language model|ChatGPT)\b"
    r"|\b(?:AI|language)\s+(?:assistant|model)s?\b.{0,40}\b(?:must|should|shall|please|output|respond|answer|say)\b"
    r"|\b(?:respond|reply|answer)\s+(?:only\s+)?with\b|</?(?:system|assistant|user|evidence)\b|\[/?INST\]",
    re.IGNORECASE | re.DOTALL,
)
LEFT_OUT = "(a sentence that speaks to machines is left out)"


def is_order(text: str) -> bool:
    """Whether it gives instructions to a machine that reads it."""
    return _ORDERS.search(text) is not None


def without_orders(text: str) -> str:
    """The text with a remark in place of each sentence that is one."""
    if not is_order(text):
        return text
    for start, end in reversed(sentences(text)):
        if is_order(text[start:end]):
            text = text[:start] + LEFT_OUT + text[end:]
    # One that goes over several sentences, or hides between them.
    return LEFT_OUT if is_order(text) else text
