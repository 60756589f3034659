"""What kind of thing a sentence says, before anybody asks whether it is so. Pure."""

from __future__ import annotations

import re

from summaries.marking.values import Kind
from summaries.verification import ClaimCheck, Verdict
from summaries.verification.recency import speaks_of_the_future

_OPINION = re.compile(
    r"\b(?:I|we|in\s+(?:my|our)\s+(?:view|opinion)|arguably|attractive(?:ly)?|undervalued|overvalued"
    r"|cheap|expensive|great|excellent|best|worst|amazing|impressive|disappointing|compelling"
    r"|promising|(?:strong\s+)?(?:buy|sell)(?:\s+rating)?|bullish|bearish|must[\s-]own|no[\s-]brainer"
    r"|outperform|underperform|conviction|seems?|appears?|feels?|deserves?)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
_ENDED = re.compile(r"[.!;…]['\"”’)]*$")
_FIGURE = re.compile(r"\d")
_FEWEST_WORDS = 4


def kind_of(check: ClaimCheck) -> Kind:
    text = check.text.strip()
    words = len(_WORD.findall(text))
    is_read = check.verdict is not Verdict.NOT_CHECKABLE
    is_told = bool(check.proofs) or _FIGURE.search(text) is not None
    if text.endswith("?") or (words < _FEWEST_WORDS and not check.proofs):
        return Kind.NONE
    if not is_told and words < 2 * _FEWEST_WORDS and not _ENDED.search(text):
        return Kind.NONE
    if speaks_of_the_future(text):
        return Kind.FORWARD
    if is_read or is_told:
        return Kind.FIGURE
    return Kind.OPINION if _OPINION.search(text) else Kind.QUALITATIVE
