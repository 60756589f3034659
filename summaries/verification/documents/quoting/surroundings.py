"""Whether what stands around a quoted stretch, in its own sentence, leaves its sense alone.

A heading or "In addition," before it may go; "we do not believe that" may not, nor "excluding
acquisitions" after it.
"""

from __future__ import annotations

import re

from summaries.verification.documents.quoting.tokens import NEGATIONS

_REACH = 400
_STOP = re.compile(
    r"(?<![\s.][A-Z])[.!?][”\"’')\]]?(?=\s)|[;:•●▪|]|\n\s*\n"
    r"|(?P<line>(?<=[^\s,])\s{0,9}\n(?=\s{0,9}[A-Z(•\d-]))"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_RUNNING_ON = frozenset(
    "that of the a an and or not no to for in on by with from than as at if our its their".split()
)
_TURNING_BEFORE = NEGATIONS | frozenset(
    "if unless whether may might could would should believe believes expect expects assume assumes"
    " expected anticipated forecast forecasts projected guided planned targeted assuming estimate estimates anticipate anticipates unlike excluding except instead until"
    " although though despite hypothetical hypothetically had".split()
)
_TURNING_AFTER = NEGATIONS | frozenset(
    "excluding excludes exclude except unless if until only assuming provided".split()
)
_TURNING_NEXT = frozenset("but before less plus minus to than or other".split())
_GOING_ON = frozenset(
    "and as due because which while primarily driven compared reflecting resulting mainly largely"
    " partially when where who including versus from with in on at for during".split()
)
_MOST_BEFORE = 30


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether the stretch may be read without the rest of its sentence."""
    return _may_drop_before(text, start) and _may_drop_after(text, end)


def _may_drop_before(text: str, start: int) -> bool:
    words = _words(_before(text, start))
    if not words:
        return True
    if len(words) > _MOST_BEFORE or words[-1] in ("that", "than", "of", "to"):
        return False
    return not any(word in _TURNING_BEFORE or word.endswith("n't") for word in words)


def _before(text: str, start: int) -> str:
    """What its sentence says before ``start``. A line that breaks after "of" goes on."""
    first = max(0, start - _REACH)
    at = first
    for match in _STOP.finditer(text, first, start + 1):
        if match.end() > start:
            break
        if not match["line"] or not _runs_on(text[first : match.start()]):
            at = match.end()
    return text[at:start]


def _runs_on(text: str) -> bool:
    return text[-12:].rpartition(" ")[2].lower() in _RUNNING_ON


def _may_drop_after(text: str, end: int) -> bool:
    after = text[end : end + _REACH]
    stop = _STOP.search(after)
    left = after[: stop.start()] if stop else after
    words = _words(left)
    if not words:
        return True
    is_cut = re.match(r"\s*[^\w\s]", left) is not None or words[0] in _GOING_ON
    return (
        is_cut
        and words[0] not in _TURNING_NEXT
        and not any(word in _TURNING_AFTER for word in words[:4])
    )


def _words(text: str) -> list[str]:
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]
