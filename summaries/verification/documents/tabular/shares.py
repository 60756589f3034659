"""Shares of a whole: "X accounted for 12% of Y"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.checking import SLACK, Checked
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.items import Match, item_terms, matches_of
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.told_shares import told_share

_NONE = Checked((Reason("unproven", "No table proves it."),), (), is_read=False)
_MOST = 16


def check_share(clause: Clause, source: Source) -> Checked:
    if told := told_share(clause, source):
        return Checked((), (told,))
    parts = _amounts(matches_of(item_terms(clause.item), source))
    wholes = _amounts(matches_of(item_terms(clause.whole), source))
    periods: Sequence[Period | None] = clause.now or (None,)
    figures = clause.shares
    if not figures or len(figures) != len(periods) or len(parts) * len(wholes) > _MOST:
        return _NONE
    used: list[Cell] = []
    for figure, period in zip(figures, periods, strict=True):
        found = list(_pairs(parts, wholes, period))
        if not found:
            return _NONE
        against = [reason for pair in found if (reason := share_reason(figure, *pair))]
        used += found[0]
        if against:
            return Checked((against[0],), tuple(used), is_read=len(against) == len(found))
    return Checked((), tuple(used))


def _amounts(matches: Sequence[Match]) -> Sequence[Match]:
    return [one for one in matches if not one.line.is_percent]


def _pairs(
    parts: Sequence[Match], wholes: Sequence[Match], period: Period | None
) -> Iterator[tuple[Cell, Cell]]:
    """Part and whole of one table, column and period."""
    for part in parts:
        for whole in wholes:
            if part.line.table is not whole.line.table or part.line is whole.line:
                continue
            ones, others = part.line.at_period(period), whole.line.at_period(period)
            for one in ones:
                yield from (
                    (one, other)
                    for other in others
                    if other.column == one.column or other.row == one.row
                )


def share_reason(figure: Figure, part: Cell, whole: Cell) -> Reason | None:
    if figure.unit is not Unit.PERCENT:
        return Reason("unit", "A share is a percentage.", figure.start, figure.end)
    if not whole.value or (part.figure.unit is not whole.figure.unit and Unit.PERCENT in (
        part.figure.unit, whole.figure.unit
    )):  # fmt: skip
        return Reason("unproven", "The two don't compare.", figure.start, figure.end)
    share = abs(part.value / whole.value) * Decimal(100)
    if figure.shows(share, slack=SLACK):
        return None
    told = f"{part.text} of {whole.text} is {share:.2f} %."
    return Reason("value", told, figure.start, figure.end)
