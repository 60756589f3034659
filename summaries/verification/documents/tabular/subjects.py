"""Subjects that have to be worked out first: averages, totals, proportions, changes, differences.

"The average interest income for 2018 and 2019", "the percentage of X out of Y", "X as a percentage
of Y", "the sum of X and Y", "the percentage change in X between 2018 and 2019".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.checking import SLACK, Checked, value_reason
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.formulas import worked_out
from summaries.verification.documents.tabular.items import item_terms, matches_of
from summaries.verification.documents.tabular.lexicon import Verb
from summaries.verification.documents.tabular.lines import Line
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.tokens import Token

Words = Sequence[Token]
Found = tuple[Cell, Line]
_HUNDRED = Decimal(100)
_SEPARATORS = (("as", "well", "as"), (",", "and"), (",",), ("and",), ("plus",))
_MOST_PARTS = 6
_AVERAGES = ("average", "mean")
_TOTALS = ("total", "sum", "combined", "aggregate")
_OF = ("as", "a")
_SHARES = ("percentage", "percent", "proportion", "share", "ratio", "fraction", "portion")
_SPLITS = (("out", "of"), ("among",), ("over",), ("relative", "to"), ("to",), ("in",), ("of",))
_CHANGES = ("change", "increase", "decrease", "growth", "decline", "rise", "drop", "reduction")
_FALLS = ("decrease", "decline", "drop", "reduction")


def check_computed(clause: Clause, source: Source) -> Checked | None:
    """None where the subject isn't one that is worked out."""
    if len(clause.levels) != 1 or clause.start is not None or clause.changes:
        return None
    for rule in (_average, _total, _proportion, _difference, _change):
        made = rule(clause, source)
        if made is not None:
            return made
    return None


def _average(clause: Clause, source: Source) -> Checked | None:
    words: Words = clause.item
    if clause.verb is not Verb.AVERAGE:
        rest = _past(words, _AVERAGES)
        if rest is None:
            return None
        words = rest
    found = _of_each(words, _periods(clause), source)
    if len(found) < 2:
        return None
    mean = sum((cell.value for cell, _ in found), Decimal(0)) / len(found)
    return _shown(clause.levels[0], found, mean, "on average", source)


def _total(clause: Clause, source: Source) -> Checked | None:
    words = _past(clause.item, _TOTALS)
    if words is None:
        return None
    periods = _periods(clause) or [None]
    for parts in _lists(words):
        found = [one for part in parts for one in _of_each(part, periods, source)]
        if len(found) == len(parts) * len(periods) and len(found) > 1:
            total = sum((cell.value for cell, _ in found), Decimal(0))
            return _shown(clause.levels[0], found, total, "in total", source)
    return None


def _proportion(clause: Clause, source: Source) -> Checked | None:
    pair = _part_and_whole(clause.item)
    if pair is None:
        return None
    periods = _periods(clause) or [None]
    if len(periods) != 1:
        return None
    figure = clause.levels[0]
    for part_words, whole_words in pair:
        for parts in _lists(part_words):
            ones = [one for part in parts for one in _of_each(part, periods, source)]
            wholes = _of_each(whole_words, periods, source)
            if len(ones) == len(parts) and len(wholes) == 1 and _side_by_side(ones + wholes):
                return _ratio(figure, ones, wholes[0])
    return None


def _ratio(figure: Figure, parts: Sequence[Found], whole: Found) -> Checked | None:
    if figure.unit not in (Unit.PERCENT, Unit.PLAIN, Unit.TIMES) or not whole[0].value:
        return None
    cells = tuple(cell for cell, _ in (*parts, whole))
    ratio = sum((cell.value for cell, _ in parts), Decimal(0)) / whole[0].value
    actual = ratio * _HUNDRED if figure.unit is Unit.PERCENT else ratio
    if figure.shows(actual, slack=SLACK) or figure.shows(abs(actual), slack=SLACK):
        return Checked((), cells)
    told = f"It is {actual:.2f}."
    return Checked((Reason("value", told, figure.start, figure.end),), cells)


def _difference(clause: Clause, source: Source) -> Checked | None:
    words = _past(clause.item, ("difference",), ("in", "between"))
    if words is None:
        return None
    periods = _periods(clause)
    if len(periods) == 2:
        found = _of_each(words, periods, source)
    else:
        lists = [one for one in _lists(words) if len(one) == 2]
        found = (
            [one for part in lists[0] for one in _of_each(part, periods or [None], source)]
            if lists
            else []
        )
    if len(found) != 2:
        return None
    gap = abs(found[0][0].value - found[1][0].value)
    return _shown(clause.levels[0], found, gap, "apart", source)


def _change(clause: Clause, source: Source) -> Checked | None:
    named = [one.norm for one in clause.item]
    begin = 1 if named[:1] and named[0] in ("percentage", "percent", "%") else 0
    if (
        len(named) < begin + 3
        or named[begin] not in _CHANGES
        or named[begin + 1] not in ("in", "of")
    ):
        return None
    periods = sorted(clause.now)
    found = _of_each(clause.item[begin + 2 :], periods, source)
    if len(periods) != 2 or len(found) != 2:
        return None
    first, last = found[0][0].value, found[1][0].value
    gap = first - last if named[begin] in _FALLS else last - first
    figure = clause.levels[0]
    if figure.unit is not Unit.PERCENT or found[0][1].is_percent:
        return _shown(figure, found, gap, "apart", source)
    if not first:
        return None
    cells = (found[0][0], found[1][0])
    rate = gap / abs(first) * _HUNDRED
    if figure.shows(rate, slack=SLACK):
        return Checked((), cells)
    return Checked((Reason("value", f"It is {rate:.2f} %.", figure.start, figure.end),), cells)


def _shown(
    figure: Figure, found: Sequence[Found], actual: Decimal, how: str, source: Source
) -> Checked:
    cell, line = found[0]
    cells = tuple(one for one, _ in found)
    told = f"{line.name} is {actual / cell.figure.scale:,.2f} {how}"
    worth = replace(cell, figure=replace(cell.figure, value=actual))
    reason = value_reason(figure, worth, actual, told, line, source)
    return Checked((reason,) if reason else (), cells)


def _past(
    words: Words, heads: Sequence[str], links: Sequence[str] = ("of", "for", "in")
) -> Words | None:
    """What follows "the average [amount] of"; None where the words don't begin so."""
    if not words or words[0].norm not in heads:
        return None
    at = 1
    while at < len(words) - 1 and words[at].norm in (
        "amount",
        "value",
        "annual",
        "yearly",
        *links,
        "the",
    ):
        at += 1
    return words[at:]


def _part_and_whole(words: Words) -> list[tuple[Words, Words]] | None:
    named = tuple(one.norm for one in words)
    for at in range(1, len(named) - 4):
        if named[at : at + 2] == _OF and named[at + 2] in _SHARES and named[at + 3] == "of":
            return [(_bare(words[:at]), words[at + 4 :])]
    if not named or named[0] not in _SHARES:
        return None
    begin = next((at + 1 for at, one in enumerate(named[:4]) if one == "of"), 0)
    if not begin:
        return None
    return [
        (_bare(words[begin:at]), words[at + len(split) :])
        for split in _SPLITS
        for at in range(begin + 1, len(named) - 1)
        if named[at : at + len(split)] == split
    ]


def _bare(words: Words) -> Words:
    """Without "the value of"."""
    while words and words[0].norm in ("the", "amount", "value", "of", "total") and len(words) > 2:
        if words[0].norm == "total" and words[1].norm not in ("amount", "value"):
            break
        words = words[1:]
    return words


def _lists(words: Words) -> list[list[Words]]:
    """The words as one item, then as lists of items: every way to join neighbours at their
    separators, few items first."""
    pieces = _pieces(words)
    if len(pieces) > _MOST_PARTS:
        return [[words]]
    made: list[list[Words]] = []
    for mask in range(1 << (len(pieces) - 1)):
        begin, parts = 0, []
        for at in range(1, len(pieces)):
            if mask >> (at - 1) & 1:
                parts.append(words[pieces[begin][0] : pieces[at - 1][1]])
                begin = at
        parts.append(words[pieces[begin][0] : pieces[-1][1]])
        made.append(parts)
    return sorted(made, key=len)


def _pieces(words: Words) -> list[tuple[int, int]]:
    named = tuple(one.norm for one in words)
    made: list[tuple[int, int]] = []
    begin = at = 0
    while at < len(named):
        length = next((len(one) for one in _SEPARATORS if named[at : at + len(one)] == one), 0)
        if length and at > begin:
            made.append((begin, at))
            begin = at + length
        at += length or 1
    return [*made, (begin, len(named))] if begin < len(named) else made or [(0, len(named))]


def _of_each(words: Words, periods: Sequence[Period | None], source: Source) -> list[Found]:
    """The words' cell of each period, where it is one and the same for all the lines they fit."""
    matches = matches_of(item_terms(words), source)
    lines = [one.line for one in matches] or list(worked_out(frozenset(item_terms(words)), source))[
        :1
    ]
    found: list[Found] = []
    for period in periods:
        cells = [(cell, line) for line in lines for cell in line.at_period(period)]
        if not cells or len({cell.value for cell, _ in cells}) > 1:
            return []
        found.append(cells[0])
    return found


def _side_by_side(found: Sequence[Found]) -> bool:
    """In one table, in the same column or row."""
    cells = [cell for cell, _ in found]
    one_table = len({id(line.table) for _, line in found}) == 1
    return one_table and (len({c.column for c in cells}) == 1 or len({c.row for c in cells}) == 1)


def _periods(clause: Clause) -> list[Period | None]:
    """All of a row's where only its ends are named."""
    named = list(clause.now)
    if clause.verb is Verb.AVERAGE and clause.base is not None and len(named) == 1:
        return _row(clause.base, named[0])
    if clause.is_range and len(named) == 2:
        return _row(named[0], named[1])
    return list(named)


def _row(first: Period, last: Period) -> list[Period | None]:
    if not 0 < last.year - first.year < 12:
        return [first, last]
    return [replace(last, year=year) for year in range(first.year, last.year + 1)]
