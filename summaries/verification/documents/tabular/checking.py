"""A clause held against the cells of a line: unit, scale, currency, sign, value, direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell, Table
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.items import Match
from summaries.verification.documents.tabular.lexicon import GAINING, LOSING, Verb
from summaries.verification.documents.tabular.lines import Line
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.units import (
    currencies_of,
    is_all_rates,
    text_currencies,
    text_scales,
)  # fmt: skip
from summaries.verification.documents.words import words_of

SLACK = Decimal("0.5005")
_HUNDRED = Decimal(100)
_NO_RATE = Decimal(1000)  # percent: "interest rate swaps 49,891" are none
_RATE = re.compile(
    r"%|\b(?:rate|rates|margin|yield|ratio|percent|percentage|volatility|return on)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:shares?|stock|units?|options?|awards?|rsus?|psus?|warrants|number|outstanding|nonvested"
    r"|granted|vested|forfeited|exercised)\b",
    re.IGNORECASE,
)
_UNSCALED = re.compile(
    r"\bper\b|\bnumber of\b|\b(?:employees|headcount|ratio|stores)\b|\b(?:exercise|market|closing|average|selling) prices?"
    r"|\bremaining (?:contractual )?(?:term|life)\b|\bfair value of (?:options|awards)"
    r"|\bgrant[\s-]date fair value|\bweighted[\s-]average (?:\w+ )?fair value",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Checked:
    """``against``: empty where all is proven. ``is_read``: whether the line could speak to it."""

    against: tuple[Reason, ...] = ()
    cells: tuple[Cell, ...] = ()
    is_read: bool = True

    @property
    def is_proven(self) -> bool:
        return not self.against and bool(self.cells)


def check(clause: Clause, match: Match, source: Source) -> Checked:
    """The clause on one line; the first thing that fails is told."""
    return _Check(clause, match, source).run()


class _Fails(Exception):
    def __init__(
        self, code: str, text: str, figure: Figure | None = None, *, read: bool = True
    ) -> None:
        super().__init__(text)
        self.reason = Reason(code, text, figure.start if figure else 0, figure.end if figure else 0)
        self.is_read = read


class _Check:
    def __init__(self, clause: Clause, match: Match, source: Source) -> None:
        self._clause, self._line, self._sign, self._source = clause, match.line, match.sign, source
        self._used: list[Cell] = []

    def run(self) -> Checked:
        try:
            if self._clause.moves or self._clause.start is not None:
                self._movement()
            else:
                self._levels()
        except _Fails as failed:
            return Checked((failed.reason,), tuple(self._used), failed.is_read)
        except InvalidOperation:
            return Checked((Reason("unproven", "It can't be worked out."),), (), False)
        return Checked((), tuple(self._used))

    def _levels(self) -> None:
        clause = self._clause
        periods: Sequence[Period | None] = clause.now or (None,)
        if not clause.levels:
            raise _Fails("unproven", "It says no figure.", read=False)
        if clause.is_range and len(periods) == 2 and len(clause.levels) == 1:
            whole = Period(clause.now[0].year, until=clause.now[1].year)
            periods = (whole,) if self._line.at_period(whole) else periods
        if len(clause.levels) == len(periods):
            for level, period in zip(clause.levels, periods, strict=True):
                self._holds(level, self._cell(period))
            return
        if len(periods) == 1:
            for level in clause.levels:
                self._holds(level, self._cell(periods[0]))
            return
        if len(clause.levels) != 1:
            raise _Fails("unproven", "Its figures don't pair with its periods.", read=False)
        self._over_periods(clause.levels[0], [self._cell(one) for one in periods])

    def _over_periods(self, level: Figure, cells: Sequence[Cell]) -> None:
        """ "Capital expenditure in 2018 and 2019 was 222": of both, or of each."""
        if self._line.is_percent:
            for cell in cells:
                self._holds(level, cell)
            return
        total = sum((cell.value for cell in cells), Decimal(0))
        self._holds(level, replace(cells[0], figure=cells[0].figure._replace(value=total)))

    def _movement(self) -> None:
        clause = self._clause
        if len(clause.now) != 1 or len(clause.levels) > 1:
            raise _Fails("unproven", "It names no single period.", read=False)
        now = clause.now[0]
        base = clause.base or (now.before() if clause.start is None or clause.base is None else now)
        last, first = self._cell(now), self._cell(base)
        for level in clause.levels:
            self._holds(level, last)
        if clause.start is not None:
            self._holds(clause.start, first)
        if now == base:
            raise _Fails("period", "Both periods are the same.", read=False)
        if clause.moves:
            self._moved(last, first)
        for change in clause.changes:
            self._changed(change, last, first)

    def _moved(self, last: Cell, first: Cell) -> None:
        gap = self._size(last) - self._size(first)
        rises = self._clause.verb is Verb.UP
        if gap == 0 or (gap > 0) != rises:
            way = "rose" if gap > 0 else "fell" if gap < 0 else "did not change"
            raise _Fails(
                "direction", f"{self._line.name} {way}: {first.text} before, {last.text} after."
            )

    def _changed(self, change: Figure, last: Cell, first: Cell) -> None:
        gap = abs(self._size(last) - self._size(first))
        name = self._line.name
        if change.unit is Unit.PERCENT:
            if self._line.is_percent:
                raise _Fails("unit", f"{name} is a percentage: it moved by {gap} points.", change)
            if self._size(first) == 0:
                raise _Fails("unproven", f"{name} was nil before.", change, read=False)
            rate = gap / abs(self._size(first)) * _HUNDRED
            rate = self._yearly(last, first) if self._clause.is_compound else rate
            self._shows(change, rate, f"{name} moved by {rate:.2f} %")
        elif change.unit is Unit.POINTS:
            if not self._line.is_percent and not _RATE.search(self._line.name):
                raise _Fails("unit", f"{name} is no percentage: it can't move by points.", change)
            self._shows(change, gap, f"{name} moved by {gap} points")
        else:
            cell = replace(last, figure=last.figure._replace(value=gap))
            self._compare(change, cell, gap, f"{name} moved by {gap:,}")

    def _yearly(self, last: Cell, first: Cell) -> Decimal:
        """The percentage that, the same each year, leads from the one to the other."""
        now, base = self._clause.now[0], self._clause.base
        years = now.year - base.year if base else 1
        ratio = last.value / first.value
        if years < 1 or ratio <= 0:
            raise _Fails("unproven", "It has no yearly rate.", read=False)
        return abs(ratio ** (Decimal(1) / years) - 1) * _HUNDRED

    def _cell(self, period: Period | None) -> Cell:
        cells = self._line.at_period(period)
        values = {cell.value for cell in cells}
        if not cells:
            told = period.text if period else "any period"
            raise _Fails("period", f"{self._line.name}: no figure of {told}.", read=False)
        if len(values) > 1:
            raise _Fails("unproven", f"{self._line.name}: more than one figure fits.", read=False)
        self._used.append(cells[0])
        return cells[0]

    def _size(self, cell: Cell) -> Decimal:
        """Of a loss or an outflow its amount, whichever way it is printed."""
        if self._sign < 0:
            return -cell.value
        return abs(cell.value) if self._sign == 0 and loses(self._line) else cell.value

    def _holds(self, figure: Figure, cell: Cell) -> None:
        actual = cell.value
        if self._sign:
            if actual * self._sign <= 0:
                raise _Fails("sign", f"{self._line.name} is {cell.text}.", figure)
            actual = abs(actual)
        elif actual < 0 <= figure.value and loses(self._line):
            actual = abs(actual)
        elif actual > 0 > figure.value and loses(self._line):
            actual = -actual
        if actual * figure.value < 0:
            raise _Fails("sign", f"{self._line.name} is {cell.text}.", figure)
        self._compare(figure, cell, actual, f"{self._line.name} is {cell.text}")

    def _compare(self, figure: Figure, cell: Cell, actual: Decimal, told: str) -> None:
        reason = value_reason(figure, cell, actual, told, self._line, self._source)
        if reason is not None:
            raise _Fails(reason.code, reason.text, figure)

    def _shows(self, figure: Figure, actual: Decimal, told: str) -> None:
        if not figure.shows(actual, slack=SLACK):
            raise _Fails("value", f"{told}.", figure)


def value_reason(
    figure: Figure, cell: Cell, actual: Decimal, told: str, line: Line, source: Source,
    *, is_gap: bool = False,
) -> Reason | None:  # fmt: skip
    """Why a figure doesn't show a worth in the unit of the cell; None where it does. ``is_gap``: a
    difference, which alone is told in percentage points."""
    unit = _unit_reason(figure, cell, line, source)
    if figure.unit is Unit.POINTS and not (is_gap or figure.is_basis_points):
        unit = unit or "a percentage, no points"
    if unit:
        return Reason("unit", f"{told}: {unit}.", figure.start, figure.end)
    worths = _worths(figure, actual, cell, line, source)
    if any(figure.shows(one, slack=SLACK) for one in worths):
        return None
    other_scale = any(
        figure.shows(actual * Decimal(10) ** power, slack=SLACK) for power in (-9, -6, -3, 3, 6, 9)
    )
    return Reason("scale" if other_scale else "value", f"{told}.", figure.start, figure.end)


def _worths(
    figure: Figure, actual: Decimal, cell: Cell, line: Line, source: Source
) -> list[Decimal]:
    """What the cell may be worth: with its table's scale; with the text's where the table has
    none; unscaled where it counts or prices."""
    found = [actual]
    scale = cell.figure.scale
    if scale != 1 and not figure.is_scaled and _UNSCALED.search(line.name):
        found.append(actual / scale)
    if scale != 1 or figure.unit not in (Unit.MONEY, Unit.PLAIN, Unit.SHARES):
        return found
    scales = text_scales(line.table, source)
    if figure.is_scaled:
        return found + [actual * one for one in scales]
    is_bare = figure.unit is Unit.MONEY and cell.figure.place >= 1 and bool(scales)
    if is_bare and not _UNSCALED.search(line.name):
        return [actual * one for one in scales]  # "$45" where the text says "in millions"
    return found


def loses(line: Line) -> bool:
    """Of what is spent or lost: its sign is a matter of print."""
    if line.is_percent:
        return False
    for said in (line.label, " ".join(line.sections)):
        words = {word.norm for word in words_of(said.lower().replace("income tax", "tax"))}
        if words & GAINING:
            return False
        if words & LOSING:
            return True
    return False


def _unit_reason(figure: Figure, cell: Cell, line: Line, source: Source) -> str:
    """Why a figure of that unit can't be this cell's; empty where it can."""
    unit = cell.figure.unit
    is_rate = unit in (Unit.PERCENT, Unit.POINTS) or (
        unit is Unit.PLAIN
        and abs(cell.value) < _NO_RATE
        and (
            bool(_RATE.search(f"{line.name} {' '.join(line.sections)}")) or is_all_rates(line.table)
        )
    )
    match figure.unit:
        case Unit.PERCENT:
            return "" if is_rate else "no percentage"
        case Unit.POINTS:
            return "" if is_rate else "no points"
        case Unit.SHARES:
            counts = unit is Unit.SHARES or _COUNTED.search(
                f"{line.name} {' '.join(line.sections)} {line.table.caption}"
            )
            return "" if counts and unit is not Unit.MONEY else "no number of shares"
        case Unit.TIMES:
            return "" if unit in (Unit.TIMES, Unit.PLAIN) else "no multiple"
        case Unit.MONEY:
            if unit in (Unit.PERCENT, Unit.POINTS, Unit.TIMES, Unit.SHARES):
                return "no amount of money"
            return _currency_reason(figure, cell, line.table, source)
    return "" if unit not in (Unit.PERCENT, Unit.POINTS) or not figure.is_scaled else "a percentage"


def _currency_reason(figure: Figure, cell: Cell, table: Table, source: Source) -> str:
    known = {cell.figure.currency} - {""} or currencies_of(table) or text_currencies(source)
    if not known:
        return "" if figure.currency == "USD" else f"nothing says that it is in {figure.currency}"
    return "" if figure.currency in known else f"in {', '.join(sorted(known))}"
