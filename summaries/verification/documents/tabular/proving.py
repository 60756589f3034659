"""Proves a claim on the line items of a source's tables, or says what they say instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.results import (
    Evidence,
    Judged,
    Reason,
    contradicted,
    not_found,
    supported,
)  # fmt: skip
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.asking import impersonal, plain
from summaries.verification.documents.tabular.checking import Checked, check
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.extremes import check_extreme
from summaries.verification.documents.tabular.formulas import worked_out
from summaries.verification.documents.tabular.items import Match, item_terms, matches_of
from summaries.verification.documents.tabular.lexicon import Verb
from summaries.verification.documents.tabular.lines import Line
from summaries.verification.documents.tabular.locating import lines_loosely_named
from summaries.verification.documents.tabular.names import anonymous
from summaries.verification.documents.tabular.reading import readings_of
from summaries.verification.documents.tabular.shares import check_share
from summaries.verification.documents.tabular.subjects import check_computed
from summaries.verification.documents.tabular.tokens import tokens_of
from summaries.verification.documents.tabular.told import Told, told_line
from summaries.verification.documents.tabular.years import uncounted

_UNREAD = Reason("unproven", "No table proves it.")
NONE = Checked((_UNREAD,), (), is_read=False)


def prove(claim: Sentence, source: Source) -> Judged:
    """Supported where the cells prove every clause; contradicted where each clause is read and the
    cells of the same measure say otherwise; else not found."""
    first: Judged | None = None
    for clauses in readings_of(anonymous(uncounted(tokens_of(claim)), source.company)):
        judged = _judged(clauses, source)
        if judged.is_supported:
            return judged
        first = first or judged
    return first or not_found(_UNREAD)


def _judged(clauses: Sequence[Clause], source: Source) -> Judged:
    checked = [_clause(one, source) for one in clauses]
    if all(not one.against and one.cells for one in checked):
        return supported(*(_evidence(cell, source) for one in checked for cell in one.cells))
    refuted = [one for one in checked if one.against and one.is_read]
    if not refuted or not all(one.is_read for one in checked):
        return not_found(_UNREAD)
    return contradicted(
        *(reason for one in refuted for reason in one.against),
        evidence=tuple(_evidence(cell, source) for one in refuted for cell in one.cells),
    )


def _clause(clause: Clause, source: Source) -> Checked:
    if clause.verb is Verb.SHARE:
        return check_share(clause, source)
    if clause.whole and clause.verb is Verb.LEVEL:
        return check_share(replace(clause, shares=clause.levels, levels=()), source)
    clause = _negated(clause)
    if clause.verb in (Verb.HIGHEST, Verb.LOWEST):
        return check_extreme(clause, source) or NONE
    if clause.verb is Verb.AVERAGE:
        return check_computed(clause, source) or NONE
    terms = item_terms(clause.item)
    if clause.verb in (Verb.USED, Verb.PROVIDED):
        way = ("used",) if clause.verb is Verb.USED else ("provid",)
        terms = (*terms, "net", "cash", *way)
    matches = [_flowing(clause, one) for one in matches_of(terms, source)]
    first = _agreed([check(clause, one, source) for one in _of_unit(clause, matches)])
    if first.is_proven:
        return first
    for lines in _other_lines(clause, terms, source):
        made = _agreed([check(clause, Match(line, 0, 0), source) for line in lines])
        if made.is_proven:
            return made
    return check_computed(clause, source) or first


def _other_lines(
    clause: Clause, terms: tuple[str, ...], source: Source
) -> Iterator[tuple[Line, ...]]:
    """Where no line says it under that very name: formulas, prose, looser names."""
    bare = item_terms(plain(impersonal(clause.item)))
    for named in dict.fromkeys((frozenset(terms), frozenset(bare))):
        for line in worked_out(named, source):
            yield (line,)
    told = told_line(clause.item, source)
    if told is not None and len(clause.now) == len(clause.levels):
        yield (told,)
    yield from lines_loosely_named(clause.item, source)


def _flowing(clause: Clause, match: Match) -> Match:
    """Cash used is a negative figure of what is headed "provided by (used in)"."""
    if clause.verb is Verb.PROVIDED:
        return replace(match, sign=match.sign or 1)
    path = " ".join((*match.line.sections, match.line.label)).lower()
    if clause.verb is Verb.USED and "provided" in path:
        return replace(match, sign=match.sign or -1)
    return match


def _negated(clause: Clause) -> Clause:
    """ "Negative working capital of $5 million" is working capital of minus that."""
    if not clause.item or clause.item[0].norm not in ("negative", "positive"):
        return clause
    if clause.moves or len(clause.item) < 2:
        return clause
    item = clause.item[1:]
    if clause.item[0].norm == "positive":
        return replace(clause, item=item)
    levels = tuple(one._replace(value=-one.value) for one in clause.levels)
    return replace(clause, item=item, levels=levels)


def _of_unit(clause: Clause, matches: Sequence[Match]) -> Sequence[Match]:
    """Of lines that fit equally, those in the unit of the claim's figures; percentages of a total
    beside the amounts are meant only where they are said."""
    figures = [*clause.levels, *([clause.start] if clause.start else [])]
    kept = [one for one in matches if all(_alike(figure, one) for figure in figures)] or matches
    if figures or any(one.unit is Unit.POINTS for one in clause.changes):
        return kept
    return [one for one in kept if not one.line.is_percent] or kept


def _alike(figure: Figure, match: Match) -> bool:
    return (figure.unit is Unit.PERCENT) == match.line.is_percent


def _agreed(checked: Sequence[Checked]) -> Checked:
    """All of the lines that the words fit have to prove it, of those that have its periods."""
    read = [one for one in checked if one.is_read]
    if not read:
        return Checked((_UNREAD,), (), is_read=False)
    failed = [one for one in read if one.against]
    if not failed:
        return read[0]
    if len(failed) < len(read):
        return Checked((Reason("unproven", "More than one line fits."),), (), is_read=False)
    return failed[0]


def _evidence(cell: Cell, source: Source) -> Evidence:
    if isinstance(cell, Told):
        start, text = cell.sentence.start, cell.sentence.text
        return Evidence(text, start, start + len(text))
    at = next(
        (
            at
            for at, table in enumerate(source.tables)
            if any(row.cells.get(cell.column) is cell for row in table.rows if row.at == cell.row)
        ),
        -1,
    )
    return Evidence(cell.text, table=at, row=cell.row, column=cell.column)
