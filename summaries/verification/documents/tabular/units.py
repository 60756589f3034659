"""What a table is printed in, where it doesn't say so itself: its currency and its scale."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import lru_cache

from summaries.verification.documents.figures import Figure, Unit, figures_of
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.table_units import currency_of, scale_of
from summaries.verification.documents.tables import Table

_SYMBOLS = re.compile(r"US\$|A\$|C\$|S\$|HK\$|NT\$|R\$|[$€£¥₹₩]|\b(?:RMB|CHF|USD|EUR|GBP)\b")
_ASIDES = re.compile(
    r"\([^()]{4,60}\)|\bin (?:millions|thousands|billions)\b"
    r"|\b(?:expressed|stated|presented|shown|reported) in (?:[A-Z][\w.]{0,9} )?[$€£]?\s?['’]?"
    r"(?:000['’]?s?|thousands|millions|billions)\b",
    re.IGNORECASE,
)
_LONGEST = 20_000  # of a text whose figures are compared with a table's
_MOST_CELLS = 400
_MANY = 2  # amounts of money that a text tells
_MANY_CELLS = 4
_TENTH, _TEN, _MILLION = Decimal("0.1"), Decimal(10), Decimal(10) ** 6
_MOST_PERCENT = 200
_ENOUGH = 4  # digits that are no chance


@kept_with
def currencies_of(table: Table) -> frozenset[str]:
    heads = [column.head for column in table.columns]
    labels = [row.label for row in table.rows]
    said = {currency_of(text) for text in (table.caption, *heads)}
    said |= {cell.figure.currency for cell in table.cells()}
    if not said - {""}:
        said |= {currency_of(text) for text in labels}
    return frozenset(said - {""})


@kept_with
def text_currencies(source: Source) -> frozenset[str]:
    return frozenset(currency_of(one) for one in set(_SYMBOLS.findall(source.text))) - {""}


@kept_with
def is_all_rates(table: Table) -> bool:
    """A table with percentages, and nothing that can't be one: no money, no scale, no figure of
    hundreds. A figure without a sign is a percentage too."""
    figures = [cell.figure for cell in table.cells() if not table.columns[cell.column].is_change]
    if not any(one.unit is Unit.PERCENT for one in figures):
        return False
    return not any(
        one.unit is Unit.MONEY
        or one.is_scaled
        or (one.unit is Unit.PLAIN and abs(one.value) > _MOST_PERCENT)
        for one in figures
    )


@lru_cache(maxsize=64)
def text_scales(table: Table, source: Source) -> tuple[Decimal, ...]:
    """The scales that the text gives its tables: "(in millions)", or by quoting a cell with its
    scale ("$1,234 million" of the cell 1,234)."""
    stated = {scale for one in _ASIDES.findall(source.text) if (scale := scale_of(one)) is not None}
    return tuple(stated if len(stated) == 1 else _quoted(table, source))


def _quoted(table: Table, source: Source) -> set[Decimal]:
    if len(source.text) > _LONGEST:
        return set()
    cells = [abs(cell.value) for cell in table.cells() if cell.figure.unit is not Unit.PERCENT]
    votes: Counter[Decimal] = Counter()
    for figure in figures_of(source.text):
        if figure.is_scaled and figure.unit in (Unit.MONEY, Unit.PLAIN) and _digits(figure) > 2:
            for scale in (Decimal(10) ** power for power in (3, 6, 9)):
                if any(figure.shows(value * scale) for value in cells[:_MOST_CELLS]):
                    votes[scale] += 2 if _digits(figure) >= _ENOUGH else 1
    found = {scale for scale, count in votes.items() if count > 1}
    return found or _told_throughout(table, source) or _printed(table)


def _told_throughout(table: Table, source: Source) -> set[Decimal]:
    """The one scale of a text's many amounts of money, where the table's are as long."""
    amounts = [one for one in figures_of(source.text) if one.unit is Unit.MONEY and one.is_scaled]
    scales = {one.scale for one in amounts}
    if len(amounts) < _MANY or len(scales) != 1:
        return set()
    largest = max((abs(cell.value) for cell in table.cells()), default=Decimal(0))
    told = max(abs(one.value / one.scale) for one in amounts)
    return scales if told <= largest * 10 and largest <= told * 10 else set()


def _printed(table: Table) -> set[Decimal]:
    """Money printed to one decimal place throughout is in millions: thousands have no decimals."""
    figures = [
        cell.figure for cell in table.cells() if cell.figure.unit in (Unit.MONEY, Unit.PLAIN)
    ]
    is_money = any(one.unit is Unit.MONEY for one in figures)
    large = sum(abs(one.value) >= _TEN for one in figures)
    if not is_money or large < _MANY_CELLS or large * 2 < len(figures):
        return set()
    return {_MILLION} if all(one.place == _TENTH for one in figures) else set()


def _digits(figure: Figure) -> int:
    return len(re.sub(r"\D", "", figure.text).strip("0"))
