"""What an answer must not say, whoever wrote it: advice, the instructions it was given, addresses. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from summaries.verification.documents.words import norms_of

# So many words of the instructions in a row are no chance.
ECHO = 7
_ADVICE = re.compile(
    r"\b(?:(?:I|we)(?:\s+would|['’]d)?\s+(?:recommend|advise|suggest)"
    r"|(?:you|clients?|investors?|advisors?|one)\s+(?:should|must|ought\s+to|had\s+better|may\s+want\s+to)"
    r"\s+(?:\w+\s+){0,2}?(?:buy|sell|hold|avoid|purchase|invest|short|trim|add|reduce|exit)"
    r"|(?:is|are|looks?|seems?|remains?)\s+(?:a|an)?\s*(?:\w+\s+)?(?:buy|sell|must-own|bargain)\b"
    r"|(?:buy|sell|short)\s+(?:the\s+|this\s+|these\s+)?(?:stock|shares?|it|now)\b"
    r"|good\s+(?:investment|time\s+to\s+(?:buy|sell)))",
    re.IGNORECASE,
)
_ASKED_ADVICE = re.compile(
    r"\b(?:should|shall|would|ought|can|could)\s+(?:I|we|you|my\s+clients?|a\s+client|clients?|they|investors?)"
    r"\s+(?:\w+\s+){0,3}?(?:buy|sell|hold|own|avoid|purchase|invest|short|trim|dump|get\s+(?:in|out))\b"
    r"|\b(?:is|are)\s+(?:\S+\s+){1,5}?(?:a\s+(?:good\s+|safe\s+|strong\s+)?(?:buy|sell|investment|purchase)|"
    r"(?:worth\s+(?:buying|owning)))\b"
    r"|\b(?:buy|sell)\s+or\s+(?:sell|hold|buy)\b"
    r"|\b(?:do|would)\s+you\s+(?:recommend|advise|suggest)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+|\b[\w.+-]+@[\w-]+\.\w+", re.IGNORECASE)


def asks_advice(question: str) -> bool:
    """A net under the understanding of questions, which declines these in words of its own."""
    return _ASKED_ADVICE.search(question) is not None


def why_withheld(sentence: str, instructions: str) -> str:
    """ "advice", "instructions" or "address"; "" of what may be told. The sources' own words are
    cited, and nobody needs an address beside the citation."""
    if _ADVICE.search(sentence):
        return "advice"
    if _echoes(sentence, instructions):
        return "instructions"
    return "address" if _ADDRESS.search(sentence) else ""


def _echoes(sentence: str, instructions: str) -> bool:
    said, told = norms_of(sentence), _spoken(instructions)
    return any(f" {' '.join(said[at : at + ECHO])} " in told for at in range(len(said) - ECHO + 1))


@lru_cache(maxsize=16)
def _spoken(instructions: str) -> str:
    return f" {' '.join(norms_of(instructions))} "
