"""Citation quality: every sentence cited, every quote where it says, holding its figure. Pure.

Nothing of the writer's or the verifier's is trusted here: quotes are compared with the documents,
character by character, and the figure is read out of the quote anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from summaries.evaluation.cases import Case
from summaries.evaluation.outputs import Line, Output, Quote
from summaries.evaluation.scores import Score, listed

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_PERCENT = re.compile(r"(-?\d+(?:\.\d+)?)%")
# Filings print thousands, millions and billions; statements print each dollar.
_SCALES = tuple(Decimal(10) ** power for power in (0, 3, 6, 9))


def citation_quality(case: Case, output: Output) -> Score:
    """The share of sentences of which nothing is wrong."""
    if not output.lines:
        return Score.undetermined("there is no sentence that could cite anything")
    faults = [
        f"{line.tier or 'claim'} sentence {number}: {fault}"
        for number, line in _numbered(output)
        if (fault := _fault(line, output.documents))
    ]
    why = listed(faults, "every sentence is cited, every quote stands where it says")
    return Score.of(len(output.lines) - len(faults), len(output.lines), why)


def _numbered(output: Output) -> Iterator[tuple[int, Line]]:
    """Sentences with their number in their tier, from 1."""
    counts: dict[object, int] = {}
    for line in output.lines:
        counts[line.tier] = counts.get(line.tier, 0) + 1
        yield counts[line.tier], line


def _fault(line: Line, documents: Mapping[int, str]) -> str:
    if not line.quotes:
        return "cites nothing"
    return next(
        (fault for quote in line.quotes if (fault := _broken(quote, line.text, documents))), ""
    )


def _broken(quote: Quote, sentence: str, documents: Mapping[int, str]) -> str:
    if not quote.text or documents.get(quote.document, "")[quote.start : quote.end] != quote.text:
        return f"document {quote.document} does not say the quote at {quote.start}"
    if not _holds_figure(quote, sentence):
        return f"the quote at {quote.start} of document {quote.document} lacks the figure"
    return ""


def _holds_figure(quote: Quote, sentence: str) -> bool:
    """Of a fact its value, at a scale that filings print; of a sector's line a percentage that
    the sentence prints, rounded."""
    if quote.figure is None:
        return any(_rounds_to(one, sentence) for one in _PERCENT.findall(quote.text))
    value = abs(quote.figure.value)
    printed = {Decimal(found.replace(",", "")) for found in _NUMBER.findall(quote.text)}
    return any(number * scale == value for number in printed for scale in _SCALES)


def _rounds_to(exact: str, sentence: str) -> bool:
    """Whether the sentence prints this percentage, within half a unit of its last place."""
    for printed in _PERCENT.findall(sentence):
        places = len(printed.partition(".")[2])
        if abs(Decimal(exact) - Decimal(printed)) <= Decimal(5).scaleb(-places - 1):
            return True
    return False
