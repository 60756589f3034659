"""What a table's figures are counted in: scale, currency, percent, a share.

"(In millions, except per share data)", "$'000", "% of revenue": said in a caption, above a column
or beside a row; the nearest says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.seeds import LABEL, kept_up_to

_SCALE = re.compile(
    r"(?:\bin|\(|[$€£¥]|\bRMB|^|'s|,)\s*(?:\w+\s+)?(?:of\s+)?(?P<word>thousand|million|billion|mln|bln)s?\b"
    r"|(?P<short>(?:[$€£¥₹]|\b(?:RMB|RM|Rs\.?|USD|EUR|GBP|CHF))\s?(?:['’]?000s?|['’]?m|mn|bn|k)\b"
    r"|['’]000s?\b|\(\s?000s|\bin\s+000s)"
    r"|\b(?:dollars|euros?|usd|eur|gbp|rmb|amounts?|shares|tabular)\b[^)]{0,30}?\b(?P<later>thousand|million|billion)s?\b",
    re.IGNORECASE,
)
_POWERS = {"thousand": 3, "million": 6, "mln": 6, "billion": 9, "bln": 9}
_CURRENCY = re.compile(
    r"(US\$|A\$|C\$|S\$|HK\$|NT\$|R\$|[$€£¥₹₩])|\b(USD|EUR|GBP|JPY|CHF|CAD|AUD|CNY|RMB|RM|Rs|INR|SEK|NOK|DKK"
    r"|dollars|euros?|pounds? sterling|yen|rupees)\b",
    re.IGNORECASE,
)
_CODES = {
    "us$": "USD", "$": "USD", "a$": "AUD", "c$": "CAD", "s$": "SGD", "hk$": "HKD", "nt$": "TWD",
    "r$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "dollars": "USD",
    "euro": "EUR", "euros": "EUR", "rmb": "CNY", "yen": "JPY", "rupees": "INR", "rs": "INR",
    "rm": "MYR",
}  # fmt: skip
# "4.5% notes" names a rate; it doesn't make the line one.
_PERCENT = re.compile(
    r"(?<![\d.])(?<!\d\s)%|(?<!\d\s)\bper\s?cent(?:age)?s?\b|\bpct\b", re.IGNORECASE
)
_PER_SHARE = re.compile(r"per[\s-](?:\w+\s+)?share|per\s+ads|\beps\b", re.IGNORECASE)


@kept_up_to(LABEL)
def scale_of(text: str) -> Decimal | None:
    """Of a caption or head: "(In millions, except per share data)" is a million."""
    match = _SCALE.search(text)
    if match is None:
        return None
    word = match["word"] or match["later"]
    if word:
        return Decimal(10) ** _POWERS[word.lower()]
    short = match["short"].lower()
    if "000" in short or short.endswith("k"):
        return Decimal(1000)
    return Decimal(10) ** (9 if short.endswith("bn") else 6)


@kept_up_to(LABEL)
def currency_of(text: str) -> str:
    match = _CURRENCY.search(text)
    if match is None:
        return ""
    said = (match[1] or match[2]).lower()
    return _CODES.get(said, said.upper())


@kept_up_to(LABEL)
def names_scale(text: str) -> bool:
    return _SCALE.search(text) is not None


@kept_up_to(LABEL)
def is_percent(text: str) -> bool:
    return _PERCENT.search(text) is not None


@kept_up_to(LABEL)
def _is_per_share(text: str) -> bool:
    return _PER_SHARE.search(text) is not None


@dataclass(frozen=True)
class RowUnits:
    """What a row's label and the headings above it say of its figures' units."""

    is_rate: bool
    has_rates: bool  # said above: of figures with decimals only
    is_per_share: bool
    scale: Decimal | None

    @classmethod
    def of(cls, label: str, sections: tuple[str, ...]) -> RowUnits:
        return cls(
            is_percent(label),
            any(map(is_percent, sections)),
            _is_per_share(label) or any(map(_is_per_share, sections)),
            scale_of(label) or next(filter(None, map(scale_of, sections[::-1])), None),
        )


@dataclass(frozen=True)
class _HeadUnits:
    is_rate: bool
    scale: Decimal | None
    currency: str


@lru_cache(maxsize=1024)
def _head_units(head: str) -> _HeadUnits:
    is_rate = is_percent(head) and "except" not in head.lower()
    return _HeadUnits(is_rate, scale_of(head), currency_of(head))


def _is_rate(figure: Figure, units: RowUnits, head: _HeadUnits) -> bool:
    return units.is_rate or head.is_rate or (units.has_rates and figure.place < 1)


def with_units(figure: Figure, units: RowUnits, head: str, caption: str) -> Figure:
    """The figure with the unit, currency and scale that its row, column or table gives it."""
    unit, currency = figure.unit, figure.currency
    above = _head_units(head)
    if unit is Unit.PLAIN and _is_rate(figure, units, above):
        unit = Unit.PERCENT
    if figure.is_scaled or unit in (Unit.PERCENT, Unit.POINTS, Unit.TIMES):
        if unit is figure.unit:
            return figure
        return figure.valued(figure.value, figure.place, figure.scale, unit)
    scale = units.scale or above.scale or scale_of(caption)
    if units.is_per_share and units.scale is None and figure.place < 1:
        scale = None
    currency = currency or above.currency
    if scale:
        return figure.valued(figure.value * scale, figure.place * scale, scale, unit, currency)
    if unit is figure.unit and currency == figure.currency:
        return figure
    return figure.valued(figure.value, figure.place, figure.scale, unit, currency)
