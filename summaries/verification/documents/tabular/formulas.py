"""Measures that finance works out of statements: margins, turnover, days outstanding, EBITDA.

Each formula is tried in its usual variants: a turnover on the average or on the closing balance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache

from summaries.verification.documents.figures import Unit
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.concepts import LABELS, is_called
from summaries.verification.documents.tabular.items import matches_of
from summaries.verification.documents.tabular.lines import Line, lines_of, terms_of
from summaries.verification.documents.tabular.periods import Period

_STAGE = re.compile(r"\s*(?:raw materials|work[\s-]in[\s-]pro|finished (?:goods|products))", re.I)


@dataclass(frozen=True)
class _Books:
    """A source's statements. Money spent is positive."""

    source: Source

    def cell(self, concept: str, period: Period) -> Cell | None:
        found = self.found(concept, period)
        return found[0] if found else None

    def found(self, concept: str, period: Period) -> tuple[Cell, Line] | None:
        for name in filter(None, LABELS.get(concept, "").split("|")):
            for match in _exactly(terms_of(name), self.source):
                cells = match.at_period(period)
                if cells:
                    return cells[0], match
        found = [
            (cells[0], line)
            for line in _called(concept, self.source)
            if (cells := line.at_period(period))
        ]
        return found[0] if found and len({cell.value for cell, _ in found}) == 1 else None

    def revenue(self, period: Period) -> Decimal:
        """The total that stands without a label under the heading of revenue."""
        found = {
            cell.value
            for line in lines_of(self.source)
            if not line.label.strip() and line.sections and is_called("revenue", line.sections[-1])
            for cell in line.at_period(period)
        }
        if len(found) != 1:
            raise KeyError("revenue")
        return found.pop()

    def unlabelled(self, period: Period) -> set[Decimal]:
        return {
            cell.value
            for line in lines_of(self.source)
            if not line.label.strip()
            for cell in line.at_period(period)
        }

    def stages(self, period: Period) -> Decimal:
        """Inventory by its stages: raw materials, work in process, finished goods."""
        found = {
            line.label: cells[0].value
            for line in lines_of(self.source)
            if _STAGE.match(line.label) and (cells := line.at_period(period))
        }
        if len(found) < 2:
            raise KeyError("inventory")
        return sum(found.values(), Decimal(0))

    def value(self, concept: str, period: Period) -> Decimal:
        cell = self.cell(concept, period)
        if cell is None and concept == "inventory":
            return self.stages(period)
        if cell is None and concept == "revenue":
            return self.revenue(period)
        if cell is None:
            raise KeyError(concept)
        return abs(cell.value) if concept in _SPENT else cell.value

    def average(self, concept: str, period: Period) -> Decimal:
        return (self.value(concept, period) + self.value(concept, period.before())) / 2

    def change(self, concept: str, period: Period) -> Decimal:
        return self.value(concept, period) - self.value(concept, period.before())


_SPENT = frozenset("cogs capex da interest dividends tax".split())
Formula = Callable[[_Books, Period], Decimal]
_YEAR = Decimal(365)


def _gross(books: _Books, at: Period) -> Decimal:
    for way in (_of("gross"), _minus(_of("revenue"), "cogs"), _subtotal):
        with suppress(KeyError):
            return way(books, at)
    raise KeyError("gross")


def _subtotal(books: _Books, at: Period) -> Decimal:
    """Revenue less the total of costs, where it stands below them without a label, and the
    operating result is another: overheads come after it."""
    gross = books.value("revenue", at) - abs(books.value("all_costs", at))
    if books.value("operating", at) == gross or gross not in books.unlabelled(at):
        raise KeyError("gross")
    return gross


def _retained(books: _Books, at: Period) -> Decimal:
    return 1 - books.value("dividends", at) / books.value("net", at)


def _debt(books: _Books, at: Period) -> Decimal:
    return books.value("current_debt", at) + books.value("long_debt", at)


def _growth(books: _Books, at: Period) -> Decimal:
    return books.change("revenue", at) / books.value("revenue", at.before()) * 100


def _all_expenses(books: _Books, at: Period) -> Decimal:
    return books.value("revenue", at) - books.value("operating", at)


def _ebitda(books: _Books, at: Period) -> Decimal:
    return books.value("operating", at) + books.value("da", at)


def _over(one: Formula, concept: str, *, scale: int = 1) -> Formula:
    return lambda books, at: scale * one(books, at) / books.value(concept, at)


def _of(concept: str) -> Formula:
    return lambda books, at: books.value(concept, at)


def _minus(one: Formula, concept: str) -> Formula:
    return lambda books, at: one(books, at) - books.value(concept, at)


def _on(top: str, base: str, *, days: bool = False, scale: int = 1) -> tuple[Formula, ...]:
    """Of a flow and a balance: on the average balance, and on the closing one."""
    if days:
        return (
            lambda books, at: _YEAR * books.average(base, at) / books.value(top, at),
            lambda books, at: _YEAR * books.value(base, at) / books.value(top, at),
        )
    return (
        lambda books, at: scale * books.value(top, at) / books.average(base, at),
        lambda books, at: scale * books.value(top, at) / books.value(base, at),
    )


def _payable_days(books: _Books, at: Period) -> Decimal:
    """On what was bought: the cost of sales and what the stock grew by."""
    bought = books.value("cogs", at) + books.change("inventory", at)
    return _YEAR * books.average("payables", at) / bought


def _cycle(books: _Books, at: Period) -> Decimal:
    stock = _on("cogs", "inventory", days=True)[0](books, at)
    return stock + _on("revenue", "receivables", days=True)[0](books, at) - _payable_days(books, at)


def _quick(books: _Books, at: Period) -> Decimal:
    held = books.value("cash", at) + books.value("receivables", at)
    with suppress(KeyError):
        held += books.value("short_investments", at)
    return held / books.value("current_liabilities", at)


def _acid(books: _Books, at: Period) -> Decimal:
    liquid = books.value("current_assets", at) - books.value("inventory", at)
    return liquid / books.value("current_liabilities", at)


_FORMULAS: tuple[tuple[str, Unit, tuple[Formula, ...]], ...] = (
    ("revenue|total revenue|net revenue|net sales|sales", Unit.MONEY, (_of("revenue"),)),
    ("cost of goods sold|cogs|cost of sales|cost of revenue", Unit.MONEY, (_of("cogs"),)),
    ("gross profit", Unit.MONEY, (_gross,)),
    ("total expenses", Unit.MONEY, (_all_expenses,)),
    ("operating expenses|total operating expenses", Unit.MONEY, (_minus(_gross, "operating"),)),
    ("gross margin|gross profit margin", Unit.PERCENT, (_over(_gross, "revenue", scale=100),)),
    ("operating margin|operating income margin|operating profit margin", Unit.PERCENT,
     (_over(_of("operating"), "revenue", scale=100),)),
    ("net margin|net profit margin|net income margin", Unit.PERCENT,
     (_over(_of("net"), "revenue", scale=100),)),
    ("ebitda|operating income plus depreciation and amortization|unadjusted ebitda", Unit.MONEY,
     (_ebitda,)),
    ("ebitda margin|unadjusted ebitda margin", Unit.PERCENT,
     (_over(_ebitda, "revenue", scale=100),)),
    ("ebitda less capital spending|ebitda less capital expenditures|ebitda less capex"
     "|ebitda minus capital expenditures|ebitda minus capex|unadjusted ebitda less capex",
     Unit.MONEY, (_minus(_ebitda, "capex"),)),
    ("capital spending|capital expenditures|capex|capital expenditure", Unit.MONEY,
     (_of("capex"),)),
    ("free cash flow", Unit.MONEY, (_minus(_of("ocf"), "capex"),)),
    ("operating cash flow|cash flow from operations|cash from operations|cash flow from operating"
     " activities|cash flows from operating activities|cash from operating activities"
     "|cash generated from operations", Unit.MONEY, (_of("ocf"),)),
    ("working capital|net working capital", Unit.MONEY,
     (_minus(_of("current_assets"), "current_liabilities"),)),
    ("current ratio|working capital ratio", Unit.PLAIN,
     (_over(_of("current_assets"), "current_liabilities"),)),
    ("quick ratio|acid test ratio", Unit.PLAIN, (_quick, _acid)),
    ("days payable outstanding|dpo|days payables outstanding", Unit.PLAIN,
     (_payable_days, *_on("cogs", "payables", days=True))),
    ("days sales outstanding|dso", Unit.PLAIN, _on("revenue", "receivables", days=True)),
    ("days inventory outstanding|dio", Unit.PLAIN, _on("cogs", "inventory", days=True)),
    ("cash conversion cycle", Unit.PLAIN, (_cycle,)),
    ("asset turnover|total asset turnover|asset turnover ratio", Unit.PLAIN,
     _on("revenue", "assets")),
    ("fixed asset turnover|fixed asset turnover ratio", Unit.PLAIN, _on("revenue", "fixed")),
    ("inventory turnover|inventory turnover ratio", Unit.PLAIN, _on("cogs", "inventory")),
    ("return on assets|roa", Unit.PLAIN, _on("net", "assets")),
    ("return on assets|roa", Unit.PERCENT, _on("net", "assets", scale=100)),
    ("return on equity|roe", Unit.PERCENT, _on("net", "equity", scale=100)),
    ("effective tax rate|effective income tax rate", Unit.PERCENT,
     (_over(_of("tax"), "pretax", scale=100),)),
    ("interest coverage|interest coverage ratio", Unit.PLAIN,
     (_over(_of("operating"), "interest"),)),
    ("dividend payout ratio|payout ratio", Unit.PLAIN, (_over(_of("dividends"), "net"),)),
    ("net accounts receivable|net receivables|net trade receivables|accounts receivable",
     Unit.MONEY, (_of("receivables"),)),
    ("net property plant and equipment|net pp e|net ppe|net ppne|property plant and equipment net"
     "|net property and equipment", Unit.MONEY, (_of("fixed"),)),
    ("retention ratio", Unit.PLAIN, (_retained,)),
    ("operating cash flow ratio", Unit.PLAIN, (_over(_of("ocf"), "current_liabilities"),)),
    ("cogs margin|cost of goods sold margin", Unit.PERCENT,
     (_over(_of("cogs"), "revenue", scale=100),)),
    ("capital intensity", Unit.PERCENT, (_over(_of("capex"), "revenue", scale=100),)),
    ("d a|da|total d a", Unit.MONEY, (_of("da"),)),
    ("d a margin|depreciation and amortization margin", Unit.PERCENT,
     (_over(_of("da"), "revenue", scale=100),)),
    ("ebit", Unit.MONEY, (_of("operating"),)),
    ("sg a|sg a expense|sga", Unit.MONEY, (_of("sga"),)),
    ("r d|r d expense|r d spending", Unit.MONEY, (_of("rnd"),)),
    ("net income attributable to shareholders|net income attributable to stockholders"
     "|net earnings attributable to shareholders", Unit.MONEY, (_of("owned"),)),
    ("diluted eps|diluted earnings per share", Unit.MONEY, (_of("diluted"),)),
    ("inventory|total inventory|net inventory", Unit.MONEY, (_of("inventory"),)),
    ("total debt", Unit.MONEY, (_of("debt"), _debt)),
    ("debt to equity ratio|debt equity ratio", Unit.PLAIN, (_over(_debt, "equity"),)),
    ("total equity|equity|net assets", Unit.MONEY,
     (_of("equity"), _minus(_of("assets"), "liabilities"))),
    ("shareholders equity|stockholders equity|total shareholders equity"
     "|total stockholders equity", Unit.MONEY, (_of("equity"),)),
    ("total net revenue|total net sales|total sales", Unit.MONEY, (_of("revenue"),)),
    ("revenue growth|revenue growth rate|sales growth|year over year revenue growth",
     Unit.PERCENT, (_growth,)),
    ("cash dividends|dividends paid", Unit.MONEY, (_of("dividends"),)),
)  # fmt: skip
_BY_NAME: dict[frozenset[str], list[tuple[str, Unit, Formula]]] = {}
for _names, _unit, _variants in _FORMULAS:
    for _name in _names.split("|"):
        _BY_NAME.setdefault(frozenset(terms_of(_name)), []).extend(
            (_name, _unit, variant) for variant in _variants
        )


def concept_at(concept: str, period: Period, source: Source) -> tuple[Cell, Line] | None:
    """The figure that the statements have for a part of a formula, by its name in `concepts`."""
    return _Books(source).found(concept, period)


def worked_out(terms: frozenset[str], source: Source) -> Iterator[Line]:
    """Lines of a measure that the source's statements give the parts of."""
    for name, unit, formula in _BY_NAME.get(terms, ()):
        line = _line(name, unit, formula, source)
        if line is not None:
            yield line


def _line(name: str, unit: Unit, formula: Formula, source: Source) -> Line | None:
    books = _Books(source)
    cells: list[tuple[Period | None, Cell]] = []
    table = None
    for period, model in _models(source).items():
        try:
            value = formula(books, period)
        except (KeyError, InvalidOperation, DivisionByZero):
            continue
        line, cell = model
        table = table or line.table
        shown = (
            format(value.quantize(Decimal("0.01")), "f") if unit is not Unit.MONEY else cell.text
        )
        figure = cell.figure._replace(value=value, unit=unit, text=shown)
        cells.append((period, replace(cell, figure=figure, text=f"{value:,.2f}")))
    return Line(table, -1, name, "", (), tuple(cells)) if table else None


@kept_with
def _models(source: Source) -> dict[Period, tuple[Line, Cell]]:
    """The years that the statements have, each with a cell in money to model the result on."""
    found: dict[Period, tuple[Line, Cell]] = {}
    for line in lines_of(source):
        for period, cell in line.cells:
            if period and cell.figure.unit in (Unit.MONEY, Unit.PLAIN) and not period.quarter:
                found.setdefault(Period(period.year), (line, cell))
    return found


@lru_cache(maxsize=128)
def _exactly(terms: tuple[str, ...], source: Source) -> tuple[Line, ...]:
    return tuple(one.line for one in matches_of(terms, source) if one.rank == 0)


@lru_cache(maxsize=128)
def _called(concept: str, source: Source) -> tuple[Line, ...]:
    return tuple(one for one in lines_of(source) if is_called(concept, one.label))
