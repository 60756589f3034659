"""Layer 2: a text against the history of the facts, and against what was said before.

It knows what the first layer alone does not read: words of trend, a period called the latest, a
figure for a period that has not been reported, a direction that an earlier summary turned round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from summaries.verification.assertions import Assertion, Ordered, Ranked
from summaries.verification.marks import plain
from summaries.verification.outcomes import Outcome
from summaries.verification.recency import Latest, latest_of, not_yet, stale
from summaries.verification.reversals import Told, reversals, told
from summaries.verification.sentences import sentences
from summaries.verification.terms import Window, key_of
from summaries.verification.trends import Trend, prove_record, prove_trend, trends_of, without
from summaries.verification.verdicts import ClaimCheck, Finding, Proof, Verdict
from summaries.verification.verifier import (
    ReadSentence,
    Sources,
    proof_of,
    read_sentences,
    verdict_of,
)

_WHOLE, _HALF, _NONE = Decimal(1), Decimal("0.5"), Decimal(0)


@dataclass(frozen=True)
class _Words:
    """What of a text belongs to this layer."""

    trends: tuple[Trend, ...]
    latest: tuple[Latest, ...]

    def within(self, start: int, end: int) -> _Words:
        return _Words(
            tuple(one for one in self.trends if start <= one.start < end),
            tuple(one for one in self.latest if start <= one.start < end),
        )


def verify_dated(text: str, sources: Sources, before: str = "") -> tuple[ClaimCheck, ...]:
    """As `verify`, with the history's word in each verdict and its doubt in ``history``.

    ``before``: what the summary said that was read until now, "" for none.
    """
    clean = plain(text)
    words = _Words(trends_of(clean), latest_of(clean))
    left = without(clean, words.trends)
    for one in words.latest:
        left = left[: one.start] + " " * (one.end - one.start) + left[one.end :]
    earlier = told(read_sentences(before, sources)) if before else {}
    read = list(read_sentences(left, sources))
    spans = sentences(clean)
    if len(spans) != len(read):  # a word at a sentence's edge held two of them apart
        return tuple(_printed(one.check, text) for one in read_sentences(clean, sources))
    return tuple(
        _printed(_dated(one, clean, words.within(*span), earlier, span), text)
        for one, span in zip(read, spans, strict=True)
    )


def _printed(check: ClaimCheck, text: str) -> ClaimCheck:
    return replace(check, text=text[check.start : check.end])


@dataclass(frozen=True)
class _Note:
    """What the layer says of one thing in a sentence."""

    doubt: Decimal
    proof: Proof | None = None
    finding: Finding | None = None


def _dated(
    sentence: ReadSentence, text: str, words: _Words, earlier: Told, span: tuple[int, int]
) -> ClaimCheck:
    check = replace(sentence.check, start=span[0], end=span[1])
    if check.verdict is Verdict.NOT_CHECKABLE:
        return check
    said = text[check.start : check.end]
    records = list(_records(sentence))
    settled = {(note.proof.start, note.proof.end) for note in records if note.proof}
    notes = [
        *records,
        *_trends(sentence, words.trends),
        *_stale(sentence, text, words.latest),
        *_unreported(sentence, said),
        *_reversals(sentence, said, earlier),
    ]
    proofs = [one for one in check.proofs if not _is_open_record(one, settled, check)]
    guidance = any(note.finding and note.finding.code == "guidance" for note in notes)
    findings = [
        one
        for one in check.findings
        if not _says_window(one, settled) and not (guidance and one.code == "period")
    ]
    proofs += [note.proof for note in notes if note.proof]
    findings += [note.finding for note in notes if note.finding]
    against = [one for one in findings if one.code != "reversal"]
    return replace(
        check,
        verdict=verdict_of(proofs, against),
        proofs=tuple(proofs),
        findings=tuple(findings),
        history=max((note.doubt for note in notes), default=_NONE),
    )


def _is_open_record(proof: Proof, settled: set[tuple[int, int]], check: ClaimCheck) -> bool:
    here = (proof.start, proof.end) in settled
    return here and any(_says_window(one, {(proof.start, proof.end)}) for one in check.findings)


def _says_window(finding: Finding, settled: set[tuple[int, int]]) -> bool:
    return finding.code == "window" and (finding.start, finding.end) in settled


def _note(
    printed: str, start: int, measure: str, outcome: Outcome, sentence: ReadSentence
) -> _Note:
    proof = proof_of(printed, start, measure, outcome, sentence.bench.figures)
    if outcome.verdict is Verdict.SUPPORTED:
        return _Note(_NONE, proof)
    doubt = _WHOLE if outcome.verdict is Verdict.CONTRADICTED else _HALF
    return _Note(doubt, proof, Finding(outcome.code, outcome.reason, proof.start, proof.end))


def _records(sentence: ReadSentence) -> Iterator[_Note]:
    for one in sentence.reading.assertions:
        if isinstance(one, Ranked) and one.window == Window():
            mark = one.marks[0]
            outcome = prove_record(one, sentence.bench)
            yield _note(mark.text, mark.start, key_of(one.term), outcome, sentence)


def _trends(sentence: ReadSentence, trends: tuple[Trend, ...]) -> Iterator[_Note]:
    for trend in trends:
        outcome = prove_trend(trend, sentence.reading.assertions, sentence.bench)
        yield _note(trend.text, trend.start, "", outcome, sentence)


def _stale(sentence: ReadSentence, text: str, latest: tuple[Latest, ...]) -> Iterator[_Note]:
    for one in latest:
        if outcome := stale(one, sentence.bench.figures, sentence.bench.focus):
            yield _note(text[one.start : one.end], one.start, "", outcome, sentence)


def _unreported(sentence: ReadSentence, said: str) -> Iterator[_Note]:
    for one in sentence.reading.assertions:
        outcome = not_yet(one.when, said, sentence.bench.figures)
        if outcome is not None:
            mark = one.marks[0]
            note = _note(mark.text, mark.start, _measure(one), outcome, sentence)
            yield replace(note, doubt=_WHOLE)


def _measure(assertion: Assertion) -> str:
    return key_of(assertion.left if isinstance(assertion, Ordered) else assertion.term)


def _reversals(sentence: ReadSentence, said: str, earlier: Told) -> Iterator[_Note]:
    for one in reversals(sentence, said, earlier, sentence.bench.figures):
        yield _Note(_WHOLE if one.is_open else _HALF, finding=one.finding)
