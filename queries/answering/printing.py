"""A worked-out worth as it is printed: in the unit and scale of the figures it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from queries.answering.measuring import Measured
from queries.answering.working import Worked
from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.lines import Line
from summaries.verification.documents.tabular.locating import Found
from summaries.verification.documents.tabular.told import Told
from summaries.verification.documents.tabular.units import currencies_of, is_all_rates, text_scales

_NAMES = {Decimal(1000): "thousand", Decimal(10) ** 6: "million", Decimal(10) ** 9: "billion"}
_POWERS = {name: power for power, name in _NAMES.items()}
_ENOUGH = 2  # decimals
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_HUNDRED = Decimal(100)
# What a table in thousands of dollars doesn't count in thousands.
_UNSCALED = re.compile(
    r"\bper\b|\bemployees\b|\bheadcount\b|\bratio\b|\b(?:exercise|market|closing) prices?\b"
    r"|\bremaining (?:contractual )?(?:term|life)\b|\bgrant[\s-]date fair value|\brates?\b"
    r"|\bweighted[\s-]average (?:\w+ )?fair value|\bvolatility\b|\byield\b|\bin years\b|\byears\)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:shares?|units?|options?|awards?|rsus?|psus?|warrants|number|nonvested|granted|vested"
    r"|forfeited|exercised|customers?|stores?|mwh|tonnes?|square)\b",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"\d\s(?:million|billion|thousand)|\bin (?:thousands|millions)", re.IGNORECASE
)
_RATE = re.compile(r"\b(?:rate|margin|yield|volatility|percent|percentage)s?\b", re.IGNORECASE)
_SMALL = Decimal(100)


@dataclass(frozen=True)
class Amount:
    """``value``: in units of ``scale``, a power of ten; "percent" and "" have none. ``places``:
    of decimals as printed; ``is_points``: a change of percentages."""

    value: Decimal
    unit: str
    scale: str = ""
    places: int = 0
    is_points: bool = False

    @property
    def bare(self) -> str:
        """Without unit and scale, but the percent sign."""
        percent = "%" if self.unit == "%" else ""
        return f"{'-' if self.value < 0 else ''}{abs(self.value):,.{self.places}f}{percent}"

    @property
    def text(self) -> str:
        """As it stands in a sentence: "$4,055 thousand", "-2.4%", "1.49"."""
        printed = f"{abs(self.value):,.{self.places}f}"
        sign = "-" if self.value < 0 else ""
        if self.unit == "%":
            return f"{sign}{printed}{' percentage points' if self.is_points else '%'}"
        symbol = _SIGNS.get(self.unit, "")
        lead = f"{self.unit} " if self.unit.isupper() and not symbol else symbol
        trail = f" {self.scale}" if self.scale else ""
        return f"{sign}{lead}{printed}{trail}{' shares' if self.unit == 'shares' else ''}"


def amount_of(one: Worked, source: Source, *, as_percent: bool) -> Amount | None:
    """``as_percent``: of a ratio. None where its figures are counted in different ways,
    or nothing says how."""
    worth = one.worth
    if worth.is_rate and any(
        counted_in(cell, line, source)[0] == "%" for cell, line in worth.found
    ):
        return None  # of a percentage: in points, or in percent of it?
    if worth.is_rate:
        return _amount(worth.value, "%", "percent")
    if worth.is_ratio:
        return (
            _amount(worth.value * _HUNDRED, "%", "percent")
            if as_percent
            else _amount(worth.value, "")
        )
    common = _common(worth.found, source)
    if common is None:
        return None
    unit, printed, scale = common
    places = max(_places(cell.figure) for cell, _ in worth.found)
    if unit == "%":
        made = _amount(worth.value, "%", "percent", least=places)
        return replace(made, is_points=worth.is_gap)
    return _amount(worth.value / printed, unit, _NAMES.get(scale, ""), least=places)


def rescaled(amount: Amount, scale: str, places: int | None) -> Amount:
    """In the scale and to the decimals that were asked for; "" and None leave them."""
    value, unit = amount.value, amount.unit
    if scale in _POWERS and unit != "%":
        value = value * _POWERS.get(amount.scale, Decimal(1)) / _POWERS[scale]
        amount = _amount(value, unit, scale)
    if places is None:
        return amount
    value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return replace(amount, value=value, places=places)


def told_amount(figure: Figure) -> Amount:
    """Of a figure of a sentence, as it is printed there."""
    if figure.unit in (Unit.PERCENT, Unit.POINTS):
        return _amount(figure.value, "%", "percent", least=_places(figure))
    unit = "shares" if figure.unit is Unit.SHARES else figure.currency
    scale = _NAMES.get(figure.scale, "")
    value = figure.value / figure.scale if scale else figure.value
    return _amount(value, unit, scale, least=_places(figure))


def measured_amount(one: Measured, source: Source) -> Amount | None:
    """None where its figures are counted in different ways."""
    if one.is_percent:
        return Amount(one.value, "%", "percent", _ENOUGH)
    if not one.power:
        return Amount(one.value, "", "", _ENOUGH)
    common = _common(one.found, source) if one.power == 1 else None
    if common is None:
        return None
    unit, printed, scale = common
    places = max(_places(cell.figure) for cell, _ in one.found)
    return _amount(one.value / printed, unit, _NAMES.get(scale, ""), least=places)


def _common(found: Sequence[Found], source: Source) -> tuple[str, Decimal, Decimal] | None:
    """How all of the figures are counted. A currency's sign may stand beside the first alone."""
    counted = [counted_in(cell, line, source) for cell, line in found]
    units = {unit for unit, _, _ in counted}
    named = units - {""}
    scales = {(printed, scale) for _, printed, scale in counted}
    if len(scales) != 1 or len(named) > 1 or (named & {"%", "shares"} and len(units) > 1):
        return None
    printed, scale = scales.pop()
    unit = next(iter(named), "")
    if (
        scale == 1
        and unit not in ("%", "shares")
        and any(_is_uncounted(cell, line, source) for cell, line in found)
    ):
        return None
    return unit, printed, scale


def counted_in(cell: Cell, line: Line, source: Source) -> tuple[str, Decimal, Decimal]:
    """The unit; what its value is multiplied with; the scale it is told in."""
    figure = cell.figure
    if figure.unit in (Unit.PERCENT, Unit.POINTS):
        return "%", Decimal(1), Decimal(1)
    if figure.unit is Unit.PLAIN and _is_rate(cell, line):
        return "%", Decimal(1), Decimal(1)
    unit = "shares" if figure.unit is Unit.SHARES else figure.currency
    if figure.is_scaled or isinstance(cell, Told):
        return unit, figure.scale, figure.scale
    if not unit and figure.unit is Unit.MONEY:
        known = currencies_of(line.table)
        unit = next(iter(known)) if len(known) == 1 else ""
    is_small = figure.place < Decimal("0.1") or figure.unit is Unit.TIMES
    scales = () if is_small or _UNSCALED.search(line.name) else text_scales(line.table, source)
    return unit, Decimal(1), scales[0] if len(scales) == 1 else Decimal(1)


def _is_rate(cell: Cell, line: Line) -> bool:
    """A percentage without its sign: below a head with one, or in a table of nothing else."""
    if line.head.rstrip(" )").endswith("%") or is_all_rates(line.table):
        return True
    name = " ".join((*line.sections, line.label))
    has_rates = any(one.figure.unit is Unit.PERCENT for one in line.table.cells())
    return has_rates and abs(cell.value) < _SMALL and _RATE.search(name) is not None


def _is_uncounted(cell: Cell, line: Line, source: Source) -> bool:
    """Whether it may be in thousands or millions, and nothing says in which: the text counts in
    them, the table doesn't say."""
    if isinstance(cell, Told) or cell.figure.place < 1 or abs(cell.value) < _SMALL:
        return False
    name = " ".join((*line.sections, line.name))
    return not (_UNSCALED.search(name) or _COUNTED.search(name)) and _counts_money(source)


@kept_with
def _counts_money(source: Source) -> bool:
    return _IN_WORDS.search(source.text) is not None


def _places(figure: Figure) -> int:
    return len(re.sub(r"[^\d.]", "", figure.text).partition(".")[2])


def _amount(value: Decimal, unit: str, scale: str = "", *, least: int = 0) -> Amount:
    """To two decimals, or as many as its figures have; ``least`` of them are printed."""
    most = max(_ENOUGH, least)
    rounded = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    needed = len(f"{rounded:f}".partition(".")[2].rstrip("0"))
    return Amount(rounded, unit, scale, max(needed, least))
