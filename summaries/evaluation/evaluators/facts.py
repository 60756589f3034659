"""Fact accuracy: what share of the expected facts the text states and the verifier proves. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from summaries.evaluation.cases import Case, Expected, Figure, Kind
from summaries.evaluation.outputs import Line, Output
from summaries.evaluation.scores import Score, listed
from summaries.verification.verdicts import Verdict


def fact_accuracy(case: Case, output: Output) -> Score:
    """A fact counts in each tier that must state it. One contradicted sentence makes the whole 0:
    nobody repeats a text of which one figure is wrong."""
    if case.kind is Kind.TOO_LITTLE:
        return _refused(output)
    if output.refused:
        return Score.of(0, 1, f"nothing was written: {output.refused}")
    contradicted = [line for line in output.lines if line.verdict is Verdict.CONTRADICTED]
    if contradicted:
        return Score.of(0, 1, f"contradicted: {listed(_codes(contradicted), 'a sentence')}")
    wanted = [(one, tier) for one in case.expected for tier in one.tiers or (None,)]
    missing = [
        f"{tier or 'the claim'} does not prove {one.figure}"
        for one, tier in wanted
        if one.figure not in _proven(case.kind, one, _lines(output, tier))
    ]
    why = listed(missing, "every expected fact is stated and proven")
    return Score.of(len(wanted) - len(missing), len(wanted), why)


def _refused(output: Output) -> Score:
    if output.refused:
        return Score.of(1, 1, "nothing was written of too few facts, as it must be")
    return Score.of(0, 1, "a text was written though the facts don't carry one")


def _lines(output: Output, tier: object) -> Iterable[Line]:
    return (line for line in output.lines if tier is None or line.tier is tier)


def _proven(kind: Kind, one: Expected, lines: Iterable[Line]) -> set[Figure]:
    """What the supported sentences prove. A derived claim rests on figures that it doesn't print."""
    derived = kind is Kind.TRUE and not one.printed
    return {
        figure
        for line in lines
        if line.verdict is Verdict.SUPPORTED
        for figure in (line.used if derived else line.stated)
    }


def _codes(lines: Iterable[Line]) -> list[str]:
    return sorted({code for line in lines for code in line.codes})
