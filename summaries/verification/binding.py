"""From what was said to assertions, and to the marks that none of them accounts for."""

from __future__ import annotations

from summaries.verification.assertions import Reading
from summaries.verification.clauses import Clause
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark
from summaries.verification.stream import Stream

# Marks that need no assertion: they only bind others.
_BINDING = frozenset(
    {
        Part.VERB,
        Part.USED,
        Part.TO,
        Part.FROM,
        Part.SINCE,
        Part.BETWEEN,
        Part.BY,
        Part.OF,
        Part.IN,
        Part.ON,
        Part.AS,
        Part.AT,
        Part.THAN,
        Part.AND,
        Part.OR,
        Part.COMMA,
        Part.BREAK,
        Part.OWN,
        Part.FILLER,
        Part.OF_WHICH,
        Part.IMPLIED,
        Part.EACH_DOLLAR,
        Part.SHARE_OF,
        Part.RESPECTIVELY,
    }
)
_BASES = frozenset({Part.FROM, Part.SINCE, Part.BETWEEN, Part.BY, Part.THAN})
_BOUND = frozenset(
    {
        Part.QUANTITY,
        Part.WHEN,
        Part.TERM,
        Part.CHANGE,
        Part.MOVE,
        Part.MEDIAN,
        Part.AVERAGE,
        Part.SUPERLATIVE,
        Part.COMPOUND,
        Part.VERB,
    }
)
_CLAIMS = frozenset(
    {
        Part.SIGN,
        Part.NEGATION,
        Part.OPINION,
        Part.NUMBER,
        Part.QUANTITY,
        Part.STREAK,
        Part.SUPERLATIVE,
        Part.MOVE,
        Part.CHANGE,
        Part.MORE,
        Part.FASTER,
        Part.MEDIAN,
        Part.AVERAGE,
        Part.COMPOUND,
        Part.COVER,
        Part.FLAT,
    }
)


def claims_something(marks: list[Mark]) -> bool:
    """Whether there is anything in the sentence that figures could prove or disprove."""
    return any(mark.part in _CLAIMS for mark in marks)


def bound(stream: Stream) -> Reading:
    clauses = [clause for clause in stream.clauses if not clause.is_empty or clause.now_marks]
    _share_periods(clauses)
    assertions = [assertion for clause in clauses for assertion in clause.bind()]
    used = {mark for assertion in assertions for mark in assertion.marks}
    unread = [
        (mark, stream.reasons.get(mark, ""))
        for mark in stream.marks
        if (mark.part not in _BINDING and mark not in used) or _dangles(stream, mark)
    ]
    return Reading(tuple(assertions), tuple(unread), checkable=True)


def _dangles(stream: Stream, mark: Mark) -> bool:
    """A "from" that binds nothing belongs to something that was not understood."""
    if mark.part not in _BASES:
        return False
    after = stream.marks.index(mark) + 1
    return after >= len(stream.marks) or stream.marks[after].part not in _BOUND


def _share_periods(clauses: list[Clause]) -> None:
    """A clause without a period takes the one before it in the sentence, else the one after."""
    last: Clause | None = None
    for clause in [*clauses, *reversed(clauses)]:
        if clause.now is None and last is not None:
            clause.now, clause.now_marks = last.now, last.now_marks
        if clause.now is not None:
            last = clause
