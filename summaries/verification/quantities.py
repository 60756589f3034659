"""Printed numbers: what they are worth and how precisely they were printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    MONEY = "money"
    PER_SHARE = "per_share"
    SHARES = "shares"
    PERCENT = "percent"
    POINTS = "points"
    TIMES = "times"
    CENTS = "cents"  # of a dollar of something
    COUNT = "count"


class Hedge(StrEnum):
    NONE = ""
    BELOW = "below"  # "nearly": the true value is a little less
    ABOVE = "above"  # "more than": the true value is a little more
    ABOUT = "about"


@dataclass(frozen=True)
class Quantity:
    """``value`` in whole units; percent, points and cents as fractions (6.4% is 0.064).

    ``place`` is the worth of one unit in the last printed place, ``coarse`` of
    one in the last place that is not a zero (the 10 of 420).
    """

    kind: Kind
    value: Decimal
    place: Decimal
    coarse: Decimal
    currency: str = ""
    hedge: Hedge = Hedge.NONE

    def agrees(self, actual: Decimal) -> bool:
        """Whether ``actual`` may be printed so. Half a unit in the last place is a tie."""
        gap = actual - self.value
        if self.value < 0:
            # "nearly -5%" and "more than -5%" speak of the size.
            gap = -gap
        if self.hedge is Hedge.BELOW:
            return -self.coarse <= gap < 0
        if self.hedge is Hedge.ABOVE:
            return 0 < gap <= self.coarse
        if self.hedge is Hedge.ABOUT:
            near = max(self.place / 2, abs(self.value) / 20)
            return abs(gap) <= min(self.coarse / 2, near)
        return abs(gap) <= self.place / 2

    def as_kind(self, kind: Kind) -> Quantity:
        return replace(self, kind=kind)


_SCALES = {
    "tn": 12,
    "trillion": 12,
    "trn": 12,
    "t": 12,
    "bn": 9,
    "billion": 9,
    "b": 9,
    "m": 6,
    "mn": 6,
    "million": 6,
    "mm": 6,
    "k": 3,
    "thousand": 3,
}
_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_UNITS = (
    (r"\s?%|\s+(?:percent|per\s+cent)\b(?!age)", Kind.PERCENT, -2),
    (r"[\s-]+percentage[\s-]points?\b|\s?pp\b|\s+(?:full\s+)?points?\b", Kind.POINTS, -2),
    (r"\s?bps?\b|[\s-]+basis[\s-]points?\b", Kind.POINTS, -4),
    (r"\s?[x×](?!\w)|\s+times\b|\s+fold\b|-fold\b", Kind.TIMES, 0),
    (r"\s?¢|\s+cents?\b", Kind.CENTS, -2),
    (r"(?:\s+(?:fully\s+)?diluted)?\s+shares(?:\s+outstanding)?\b", Kind.SHARES, 0),
)
_PER_SHARE = re.compile(
    r"\s+(?:a|per|for\s+each|for\s+every|on\s+each)\s+(?:fully\s+)?(?:diluted\s+)?"
    r"(?:common\s+|ordinary\s+)?share\b(?!\s+count)",
    re.IGNORECASE,
)
_HEDGES = {
    "just under": Hedge.BELOW,
    "a little under": Hedge.BELOW,
    "slightly under": Hedge.BELOW,
    "slightly less than": Hedge.BELOW,
    "just below": Hedge.BELOW,
    "close to": Hedge.BELOW,
    "nearly": Hedge.BELOW,
    "almost": Hedge.BELOW,
    "less than": Hedge.BELOW,
    "under": Hedge.BELOW,
    "just over": Hedge.ABOVE,
    "a little over": Hedge.ABOVE,
    "slightly over": Hedge.ABOVE,
    "slightly more than": Hedge.ABOVE,
    "just above": Hedge.ABOVE,
    "a little more than": Hedge.ABOVE,
    "more than": Hedge.ABOVE,
    "over": Hedge.ABOVE,
    "upwards of": Hedge.ABOVE,
    "about": Hedge.ABOUT,
    "roughly": Hedge.ABOUT,
    "around": Hedge.ABOUT,
    "approximately": Hedge.ABOUT,
    "some": Hedge.ABOUT,
    "an estimated": Hedge.ABOUT,
}
_HEDGE = re.compile(
    r"(?:"
    + "|".join(sorted((w.replace(" ", r"\s+") for w in _HEDGES), key=len, reverse=True))
    + r")\s+",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<minus>[-−]\s?|(?:minus|negative)\s+)?"
    r"(?P<cur>US\$|[$€£¥₹]|(?-i:[A-Z]{3})\s?(?=[-−(]?\d))?"
    r"(?P<inner>[-−])?(?P<open>\()?"
    r"(?P<num>\d{1,3}(?:,\d{3})+|\d+)(?P<dec>\.\d+)?(?P<close>\))?"
    r"(?:[\s-]?(?P<scale>trillion|billion|million|thousand|trn|tn|bn|mn|mm|m|k|b|t)(?![A-Za-z]))?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    "|".join(f"(?P<u{i}>{shape})" for i, (shape, _, _) in enumerate(_UNITS)), re.IGNORECASE
)
_THIRD = Decimal(1) / 3
# Fractions in words, as good as a whole percent: "a third" is 32.3% to 34.3%.
_FRACTIONS = {
    "half": Decimal("0.5"),
    "a half": Decimal("0.5"),
    "one half": Decimal("0.5"),
    "a third": _THIRD,
    "one third": _THIRD,
    "two thirds": 2 * _THIRD,
    "a quarter": Decimal("0.25"),
    "one quarter": Decimal("0.25"),
    "three quarters": Decimal("0.75"),
    "a fifth": Decimal("0.2"),
    "one fifth": Decimal("0.2"),
    "two fifths": Decimal("0.4"),
    "three fifths": Decimal("0.6"),
    "four fifths": Decimal("0.8"),
    "a tenth": Decimal("0.1"),
    "one tenth": Decimal("0.1"),
}
_FRACTION = re.compile(
    r"(?P<word>"
    + "|".join(sorted((w.replace(" ", r"[\s-]+") for w in _FRACTIONS), key=len, reverse=True))
    + r")(?=\s+(?:of|as|from|in|to|over|since|on|more|less)\b|\s*[,.;)]|\s*$)",
    re.IGNORECASE,
)
_MULTIPLES = {"twice": Decimal(2), "double": Decimal(2), "triple": Decimal(3)}
_MULTIPLE = re.compile(r"(?:twice|double|triple)\b", re.IGNORECASE)


def multiple(factor: Decimal) -> Quantity:
    """A multiple said in a word: "doubled" is 1.95 to 2.05 times, "halved" 0.475 to 0.525."""
    place = factor / 20
    return Quantity(Kind.TIMES, factor, place, factor / 5)


def hedge_at(text: str, at: int) -> tuple[Hedge, int]:
    """The approximator that starts at ``at``, and where the number after it starts."""
    found = _HEDGE.match(text, at)
    if found is None:
        return Hedge.NONE, at
    return _HEDGES[" ".join(found.group().lower().split())], found.end()


def quantity_at(text: str, at: int, *, hedged: bool = True) -> tuple[Quantity, int] | None:
    """The number printed at ``at`` and where it ends, if one is.

    ``hedged``: whether an approximator may precede it; after another number
    "more than" compares.
    """
    hedge, start = hedge_at(text, at) if hedged else (Hedge.NONE, at)
    read = _number_at(text, start) or _word_at(text, start)
    if read is None:
        return None
    quantity, end = read
    return replace(quantity, hedge=hedge), end


def _word_at(text: str, at: int) -> tuple[Quantity, int] | None:
    if found := _FRACTION.match(text, at):
        value = _FRACTIONS[" ".join(found["word"].lower().replace("-", " ").split())]
        return Quantity(Kind.PERCENT, value, Decimal("0.02"), Decimal("0.05")), found.end("word")
    if found := _MULTIPLE.match(text, at):
        return multiple(_MULTIPLES[found.group().lower()]), found.end()
    return None


def _number_at(text: str, at: int) -> tuple[Quantity, int] | None:
    found = _NUMBER.match(text, at)
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    end = found.end()
    power = _SCALES[found["scale"].lower()] if found["scale"] else 0
    currency = (found["cur"] or "").strip()
    kind = Kind.MONEY if currency else Kind.COUNT
    unit = None if currency else _UNIT.match(text, end)
    if unit is not None:
        _, kind, shift = _UNITS[int((unit.lastgroup or "u0")[1:])]
        power, end = power + shift, unit.end()
    elif currency and (share := _PER_SHARE.match(text, end)):
        kind, end = Kind.PER_SHARE, share.end()
    if end < len(text) and text[end].isalnum():
        return None
    negative = any(found[part] for part in ("minus", "inner", "open"))
    return _scaled(found, kind, power, currency, negative), end


def _scaled(
    found: re.Match[str], kind: Kind, power: int, currency: str, negative: bool
) -> Quantity:
    digits = found["num"].replace(",", "") + (found["dec"] or "")
    decimals = len(found["dec"]) - 1 if found["dec"] else 0
    place = Decimal(1).scaleb(power - decimals)
    value = Decimal(digits).scaleb(power)
    # A zero after the decimal point was printed on purpose.
    zeros = 0 if decimals or not value else len(digits) - len(digits.rstrip("0"))
    return Quantity(
        kind=kind,
        value=-value if negative else value,
        place=place,
        coarse=place.scaleb(zeros),
        currency=_SYMBOLS.get(currency, currency),
    )
