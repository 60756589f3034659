"""Whether each number of an answer stands in a claim, and what is contradicted is marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from queries.values import Answer, Claim, Kind, Marked
from summaries.verification.verdicts import Verdict

Span = tuple[int, int]

_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
# Names with digits in them, and marks of lists and citations, say nothing that could be wrong.
_NO_NUMBER = re.compile(
    r"\b(?:10-[KQ]|8-K|20-F|6-K|13[DFG]|S-1|DEF 14A)(?:/A)?\b|\[\d{1,3}\]|\[[A-Z_]{2,20}_\d{1,9}\]|^\s*\d{1,2}[.)]\s|\bS&P 500\b"
    r"|\bRussell [123]000\b|\b(?:401\(k\)|403\(b\))",
    re.IGNORECASE | re.MULTILINE,
)


def faults(question: str, text: str, marks: Sequence[Marked], answer: Answer) -> Iterator[str]:
    """Why the answer may not pass. ``text``: what was streamed; ``marks``: of it, in order."""
    yield from _unmarked(answer, marks, is_streamed=bool(text))
    if numbers := list(_uncovered(question, text, marks, answer)):
        yield f"numbers that no claim covers: {len(numbers)}"


def _unmarked(answer: Answer, marks: Sequence[Marked], *, is_streamed: bool) -> Iterator[str]:
    """A contradicted claim says why or what is right, and was marked so where text was streamed."""
    marked = {(mark.at, mark.claim.verdict) for mark in marks}
    for at, claim in enumerate(answer.claims):
        if claim.verdict is not Verdict.CONTRADICTED:
            continue
        if not (claim.reason or claim.correction):
            yield f"claim {at} is contradicted and nothing says why"
        if is_streamed and (at, Verdict.CONTRADICTED) not in marked:
            yield f"claim {at} is contradicted and not marked"


def _uncovered(question: str, text: str, marks: Sequence[Marked], answer: Answer) -> Iterator[str]:
    covered = [*_spans(text, marks, (*answer.claims, *answer.close)), *_nothing(text)]
    asked = set(_numbers(question)) if answer.kind is not Kind.ANSWERED else set()
    for match in _NUMBER.finditer(text):
        inside = any(start <= match.start() and match.end() <= end for start, end in covered)
        if not inside and match[0] not in asked:
            yield match[0]


def _spans(text: str, marks: Sequence[Marked], claims: Sequence[Claim]) -> Iterator[Span]:
    """Where claims of the answer stand: as they were marked, and word for word."""
    told = {claim.text for claim in claims}
    for mark in marks:
        if mark.claim.text in told:
            yield mark.start, mark.end
    for words in filter(None, told):
        at = text.find(words)
        while at >= 0:
            yield at, at + len(words)
            at = text.find(words, at + len(words))


def _nothing(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _NO_NUMBER.finditer(text))


def _numbers(text: str) -> Iterator[str]:
    yield from (match[0] for match in _NUMBER.finditer(text))
