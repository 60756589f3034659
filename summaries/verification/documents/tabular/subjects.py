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
from summaries.verification.documents.tabular.lines import Line, terms_of
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.tokens import Token
from summaries.verification.documents.tabular.told import told_line

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
_COUNTED = frozenset(terms_of("number employees headcount stores customers units"))
_BEFORE_CHANGE = ("percentage", "percent", "%", "net", "year", "-", "on", "over", "to", "annual")
_FALLS = ("decrease", "decline", "drop", "reduction")


def check_computed(clause: Clause, source: Source) -> Checked | None:
    """None where the subject isn't one that is worked out."""
    if len(clause.levels) != 1 or clause.start is not None or clause.changes:
        return None
    for rule in (_average, _total, _proportion, _difference, _change, _per):
        made = rule(clause, source)
        if made is not None:
            return made
    return None


def _average(clause: Clause, source: Source) -> Checked | None:
    words: Words = clause.item
    if clause.verb is not Verb.AVERAGE:
        rest = _past(_unnumbered(words), _AVERAGES)
        if rest is None:
            return None
        words = rest
    periods = _periods(clause)
    found = _of_each(words, periods, source)
    if len(found) < 2 and len(periods) < 2:
        found = _side_by_side_parts(words, periods or [None], source) or found
    if len(found) == 1 and periods[:1] != [None] and periods[0]:  # "the 2019 average": of its ends
        found = _of_each(words, [periods[0].before(), periods[0]], source)
    if len(found) < 2:
        return _average_share(clause, words, periods, source)
    mean = sum((cell.value for cell, _ in found), Decimal(0)) / len(found)
    return _shown(clause.levels[0], found, mean, "on average", source)


def _unnumbered(words: Words) -> Words:
    """Without "three-year" before "average"."""
    for at, one in enumerate(words[:4]):
        if one.norm in _AVERAGES and at and words[at - 1].norm == "year":
            return words[at:]
    return words


def _side_by_side_parts(
    words: Words, periods: Sequence[Period | None], source: Source
) -> list[Found]:
    """ "The average of rent and parking in 2019"."""
    for parts in _lists(words)[1:]:
        found = [one for part in parts for one in _of_each(part, periods, source)]
        if len(found) == len(parts):
            return found
    return []


def _average_share(
    clause: Clause, words: Words, periods: Sequence[Period | None], source: Source
) -> Checked | None:
    """ "The average of rent as a percentage of revenue from 2017 to 2019"."""
    figure = clause.levels[0]
    if figure.unit is not Unit.PERCENT or len(periods) < 2:
        return None
    for part, whole in _part_and_whole(words) or []:
        ones, wholes = (_of_each(one, periods, source) for one in (part, whole))
        if len(ones) == len(wholes) == len(periods) and all(cell.value for cell, _ in wholes):
            shares = [one.value / of.value for (one, _), (of, _) in zip(ones, wholes, strict=True)]
            mean = sum(map(abs, shares), Decimal(0)) / len(shares) * _HUNDRED
            cells = tuple(cell for cell, _ in (*ones, *wholes))
            if figure.shows(mean, slack=SLACK):
                return Checked((), cells)
            told = f"It is {mean:.2f} % on average."
            return Checked((Reason("value", told, figure.start, figure.end),), cells)
    return None


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
        return _less(clause, source)
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


def _less(clause: Clause, source: Source) -> Checked | None:
    """ "Rent less repairs in 2019"."""
    periods = _periods(clause) or [None]
    for at, one in enumerate(clause.item[1:-1], start=1):
        if one.norm not in ("less", "minus") or len(periods) != 1:
            continue
        sides = clause.item[:at], clause.item[at + 1 :]
        found = [cell for side in sides for cell in _of_each(side, periods, source)]
        if len(found) == 2:
            gap = found[0][0].value - abs(found[1][0].value)
            return _shown(clause.levels[0], found, gap, "after that", source)
    return None


def _per(clause: Clause, source: Source) -> Checked | None:
    """ "Rent per employee in 2019", where no line has that itself."""
    figure, periods = clause.levels[0], _periods(clause) or [None]
    at = next((at for at, one in enumerate(clause.item) if one.norm == "per"), 0)
    if not at or len(periods) != 1 or figure.unit not in (Unit.MONEY, Unit.PLAIN):
        return None
    ones, others = (
        _of_each(side, periods, source) for side in (clause.item[:at], clause.item[at + 1 :])
    )
    if len(ones) != 1 or len(others) != 1 or not others[0][0].value:
        return None
    count = others[0][0].figure
    whole = count.value / count.scale if _counts(others[0][1]) else count.value
    return _shown(figure, [ones[0], others[0]], ones[0][0].value / whole, "each", source)


def _counts(line: Line) -> bool:
    """Of people and things, which a table in thousands of dollars doesn't scale."""
    return not line.all_terms.isdisjoint(_COUNTED)


def _moved(words: Words) -> tuple[Words, bool] | None:
    """What moved, and whether it is told as a fall: "the percentage decrease in rent", "the growth
    rate of rent", "rent growth rate", "year-on-year change in rent"."""
    named = [one.norm for one in words]
    if len(named) > 2 and named[-2:] == ["growth", "rate"]:
        return words[:-2], False
    at = 0
    while named[at : at + 1] and named[at] in _BEFORE_CHANGE:
        at += 1
    if not named[at : at + 1] or named[at] not in _CHANGES:
        return None
    falls = named[at] in _FALLS
    at += 1
    if tuple(named[at : at + 4]) in (("/", "(", "decrease", ")"), ("(", "decrease", ")", "in")):
        falls = False
        at += 4 if named[at] == "/" else 3
    if named[at : at + 3] == ["(", "decrease", ")"]:
        at += 3
    at += named[at : at + 1] == ["rate"]
    if named[at : at + 1] not in (["in"], ["of"]) or len(named) < at + 2:
        return None
    return words[at + 1 :], falls


def _change(clause: Clause, source: Source) -> Checked | None:
    moved = _moved(clause.item)
    if moved is None:
        return None
    words, falls = moved
    periods = sorted(clause.now)
    if clause.base is not None and len(periods) == 1:
        periods = sorted([clause.base, *periods])
    elif len(periods) == 1:
        periods = [periods[0].before(), periods[0]]
    found = _of_each(words, periods, source)
    if len(periods) != 2 or len(found) != 2:
        return None
    first, last = found[0][0].value, found[1][0].value
    gap = first - last if falls else last - first
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
    lines = [one.line for one in matches]
    lines = lines or list(worked_out(frozenset(item_terms(words)), source))[:1]
    if not lines and (told := told_line(words, source)):
        lines = [told]
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
