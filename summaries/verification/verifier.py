"""The first verifier: a text and its sources in, a verdict for each sentence out.

It trusts nobody: it is given the text alone, reads it again, and supports a
sentence only if every number, period, direction and name in it is understood
and proven. What is not understood is not supported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summaries.benchmark import Benchmark
from summaries.company import Company
from summaries.factbook import FactBook
from summaries.periods import Span
from summaries.verification.assertions import Assertion, Ordered, Reading
from summaries.verification.figures import Figures, Stretch, figures_of
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark, Names, plain
from summaries.verification.outcomes import Outcome
from summaries.verification.proving import Bench, prove
from summaries.verification.reading import read
from summaries.verification.sentences import sentences
from summaries.verification.terms import key_of
from summaries.verification.verdicts import ClaimCheck, Finding, Proof, Verdict
from summaries.verification.whens import Earlier, QuarterBefore

# Characters of a sentence that is read; nobody writes a longer one, and it would take long to read.
LONGEST = 2_000
_WORST = (Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.SUPPORTED)


@dataclass(frozen=True)
class Sources:
    """All that a text about a company may rest on."""

    company: Company
    book: FactBook
    benchmark: Benchmark | None
    other_names: frozenset[str]  # names and tickers of other companies


@dataclass(frozen=True)
class ReadSentence:
    """A sentence with what it was read as. ``bench``: with the period in focus before it."""

    check: ClaimCheck
    reading: Reading
    bench: Bench


def verify(text: str, sources: Sources) -> tuple[ClaimCheck, ...]:
    """One check a sentence, with offsets into ``text``; the period in focus carries over."""
    return tuple(one.check for one in read_sentences(text, sources))


def read_sentences(text: str, sources: Sources) -> Iterator[ReadSentence]:
    company = sources.company
    own = frozenset(filter(None, (company.name, company.short, company.ticker, *company.aliases)))
    names = Names(own, sources.other_names)
    bench = Bench(figures_of(sources.book), sources.benchmark, None)
    clean = plain(text)
    for start, end in sentences(clean):
        is_read = end - start <= LONGEST
        reading = read(clean, start, end, names) if is_read else Reading((), (), checkable=False)
        told, focus = _check(clean, reading, bench)
        yield ReadSentence(ClaimCheck(text[start:end], start, end, *told), reading, bench)
        bench = replace(bench, focus=focus)


Checked = tuple[Verdict, tuple[Proof, ...], tuple[Finding, ...]]


def _check(text: str, reading: Reading, bench: Bench) -> tuple[Checked, Stretch | None]:
    if not reading.checkable:
        return (Verdict.NOT_CHECKABLE, (), ()), bench.focus
    proofs: list[Proof] = []
    findings: list[Finding] = [_unread(mark, why) for mark, why in reading.unread]
    focus = bench.focus
    for assertion in reading.assertions:
        outcome = prove(assertion, replace(bench, focus=focus))
        proof = _proof(text, assertion, outcome, bench.figures)
        proofs.append(proof)
        if outcome.verdict is not Verdict.SUPPORTED:
            findings.append(Finding(outcome.code, outcome.reason, proof.start, proof.end))
        focus = _moved_on(assertion, bench, focus)
    return (verdict_of(proofs, findings), tuple(proofs), tuple(findings)), focus


def verdict_of(proofs: Sequence[Proof], findings: Sequence[Finding]) -> Verdict:
    """The worst of all, but a sentence with a word that was not understood, which may have
    turned its sense, is not found rather than contradicted."""
    codes = {finding.code for finding in findings}
    if "entity" in codes:
        return Verdict.CONTRADICTED
    if "unread" in codes:
        return Verdict.NOT_FOUND
    verdicts = {proof.verdict for proof in proofs}
    return next((verdict for verdict in _WORST if verdict in verdicts), Verdict.NOT_FOUND)


def _unread(mark: Mark, why: str) -> Finding:
    if mark.part is Part.NAME:
        reason = f"“{mark.text}” is not this company, nor a name the sources explain"
        return Finding("entity", reason, mark.start, mark.end)
    because = f": {why}" if why else ""
    return Finding("unread", f"“{mark.text}” was not understood{because}", mark.start, mark.end)


def _proof(text: str, assertion: Assertion, outcome: Outcome, figures: Figures) -> Proof:
    mark = next((m for m in assertion.marks if m.part is Part.QUANTITY), assertion.marks[0])
    term = assertion.left if isinstance(assertion, Ordered) else assertion.term
    return proof_of(text[mark.start : mark.end], mark.start, key_of(term), outcome, figures)


def proof_of(printed: str, start: int, measure: str, outcome: Outcome, figures: Figures) -> Proof:
    """``printed``: as it stands at ``start`` of the text."""
    same = figures.same_facts
    return Proof(
        start=start,
        end=start + len(printed),
        printed=printed,
        computed=outcome.computed,
        measure=measure,
        verdict=outcome.verdict,
        fact_ids=outcome.facts,
        benchmark=outcome.benchmark,
        formula=outcome.formula,
        reports=tuple(same.get(fact, (fact,)) for fact in outcome.facts),
    )


def _moved_on(assertion: Assertion, bench: Bench, focus: Stretch | None) -> Stretch | None:
    """The period in focus after a statement that names one."""
    when = assertion.when
    if when is None or isinstance(when, Earlier | QuarterBefore):
        return focus
    now = Bench(bench.figures, None, focus).now(when)
    if now is None:
        return focus
    if now.span is Span.INSTANT:
        if focus is not None and focus.end == now.end:
            return focus
        if bench.figures.year_number(now) is not None:
            return Stretch(Span.YEAR, now.end)
    return now
