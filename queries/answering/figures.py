"""Questions for one figure: printed, or worked out of several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from queries.answering.asking import Asking
from queries.answering.frames import Framed, framed, spoken
from queries.answering.meaning import is_plainly_meant
from queries.answering.measuring import Measured, measured
from queries.answering.naming import anonymous
from queries.answering.pages import Pages
from queries.answering.printing import Amount, amount_of, measured_amount, rescaled, told_amount
from queries.answering.telling import told_of
from queries.answering.values import Found, Operand
from queries.answering.working import phrase_of, way_of, worked
from summaries.verification.documents.judging import judge
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.items import item_terms, matches_of
from summaries.verification.documents.tabular.lines import Line
from summaries.verification.documents.tabular.locating import Found as Located
from summaries.verification.verdicts import Verdict

_PERCENTS = frozenset("percentage percent % percentages".split())


@dataclass(frozen=True)
class Candidate:
    """``subjects``: ways to say what it is of, plainer ones last."""

    amount: Amount
    found: tuple[Located, ...]
    formula: str
    subjects: tuple[str, ...]
    sentence: Sentence | None = None


def figure_asked(asking: Asking, pages: Pages) -> Found | None:
    """None where the documents have no such figure."""
    asked = framed(asking.question)
    if asked is None:
        return None
    first = next(_candidates(asking, asked, pages), None)
    made = _told(first, asked, pages) if first else None
    return made if made and made.places else None  # no figure without the place that prints it


def _candidates(asking: Asking, asked: Framed, pages: Pages) -> Iterator[Candidate]:
    source = pages.whole
    made = measured(asked.subject, source, asking.definitions)
    if made is not None and not _is_of_another_line(asked.subject, made, source):
        amount = measured_amount(made, source)
        if amount is not None:
            amount = rescaled(amount, asking.scale, asking.places)
            is_printed = len(made.found) == 1
            formula = "" if is_printed else made.formula
            subjects = _plainly(asked.subject, source)
            if is_printed:
                subjects += (_as_printed(*made.found[0]),)
            yield Candidate(amount, made.found, formula, subjects)
        return
    subject = anonymous(asked.subject, source)
    phrase = phrase_of(subject)
    if phrase and asking.scale == "percent" and way_of(phrase) == "change":
        subject = f"percentage {spoken(subject)}"
        phrase = phrase_of(subject)
    if phrase is None or asking.definitions:
        return
    as_percent = asking.scale == "percent" or not phrase.norms.isdisjoint(_PERCENTS)
    for one in worked(phrase, source):
        if not is_plainly_meant(one, phrase, source):
            continue
        amount = amount_of(one, source, as_percent=as_percent)
        if amount is not None and (asking.scale == "percent") <= (amount.unit == "%"):
            amount = rescaled(amount, asking.scale, asking.places)
            yield Candidate(amount, one.worth.found, one.formula, (subject,))
            return
    told = told_of(phrase, source, as_count=asked.is_count)
    if told is not None:
        amount = rescaled(told_amount(told.figure), asking.scale, asking.places)
        yield Candidate(amount, (), "", (subject,), told.sentence)


def _plainly(subject: str, source: Source) -> tuple[str, ...]:
    """ "FY2021 operating income + depreciation" as a sentence says it."""
    said = re.sub(r"\s\([^)]*\)", "", anonymous(subject, source))
    said = re.sub(r"\s\+\s", " plus ", said)
    said = re.sub(r"\s/\s", " divided by ", said)
    said = re.sub(r"\s%\s(?=margin)", " ", said)
    bare = re.sub(r"\bunadjusted\s+(?!ebitda)", "", said, flags=re.IGNORECASE)
    return tuple(dict.fromkeys((said, bare)))


def _is_of_another_line(subject: str, made: Measured, source: Source) -> bool:
    """Whether a line has that very name, and it isn't the one: "trade receivables", and not
    "trade receivables, net"."""
    phrase = phrase_of(anonymous(subject, source))
    if len(made.found) != 1 or phrase is None:
        return False
    named = [one.line for one in matches_of(item_terms(phrase.item), source) if not one.rank]
    return bool(named) and made.found[0][1] not in named


def _as_printed(cell: Cell, line: Line) -> str:
    """By the name that the statement gives it: "trade receivables, net in 2020"."""
    return f"{line.label} in {_period(cell, line)}"


def _told(one: Candidate, asked: Framed, pages: Pages) -> Found:
    """In one sentence, with what the verifier says of it."""
    text, verdict = "", Verdict.NOT_FOUND
    for subject in one.subjects:
        said = Framed(subject, asked.verb).told(one.amount.text)
        judged = judge(said, pages.whole)
        if not text or judged.is_supported:
            text, verdict = said, judged.verdict
        if judged.is_supported:
            break
    if verdict is not Verdict.SUPPORTED and one.sentence is not None:
        text, verdict = one.sentence.text, judge(one.sentence.text, pages.whole).verdict
    operands = tuple(_operand(cell, line, pages) for cell, line in one.found)
    places = tuple(dict.fromkeys(each.place for each in operands if each.place is not None))
    if one.sentence is not None:
        places = (pages.sentence(one.sentence),)
    amount = one.amount
    return Found(
        amount.text, text, verdict, amount.value, amount.unit, amount.scale,
        places=places, formula=one.formula, operands=operands if one.formula else (),
    )  # fmt: skip


def _operand(cell: Cell, line: Line, pages: Pages) -> Operand:
    return Operand(line.name, _period(cell, line), cell.value, pages.cell(cell, line))


def _period(cell: Cell, line: Line) -> str:
    return next((at.text for at, one in line.cells if one is cell and at is not None), "")
