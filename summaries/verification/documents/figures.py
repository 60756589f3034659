"""Figures as finance prints them: what each is worth, in which unit, and how precisely.

"$1.2 billion", "RMB16 million", "(45)", "€5,417 thousand", "12.3 %", "35 bps", "3 percentage
points", "4.5x", "four percent", "$535 to $620 million".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from summaries.verification.documents.seeds import SHORT, kept_up_to
from summaries.verification.documents.wording import lower


class Unit(StrEnum):
    MONEY = "money"
    PERCENT = "percent"
    POINTS = "points"  # percentage points; basis points as hundredths of them
    TIMES = "times"
    SHARES = "shares"
    PLAIN = "plain"


class Figure(NamedTuple):
    """A printed number.

    ``value``: in whole units, scale applied; percent and points as printed (12.3 % is 12.3).
    ``place``: the worth of one unit in its last printed place. ``scale``: what its scale word
    multiplied by, 1 where none was printed. ``is_basis_points``: printed so.
    """

    start: int
    end: int
    text: str
    value: Decimal
    place: Decimal
    unit: Unit
    currency: str = ""
    scale: Decimal = Decimal(1)
    is_basis_points: bool = False
    is_word: bool = False  # "four"
    is_bracketed: bool = False  # "(45)": negative in a table, an aside in prose

    @property
    def is_scaled(self) -> bool:
        return self.scale != 1

    @property
    def is_whole(self) -> bool:
        """A bare count, which may be part of a name."""
        return self.unit is Unit.PLAIN and not self.is_scaled and self.place == 1

    def scaled(self, scale: Decimal) -> Figure:
        return self.valued(self.value * scale, self.place * scale, scale)

    def valued(
        self, value: Decimal, place: Decimal, scale: Decimal, unit: Unit | None = None,
        currency: str | None = None,
    ) -> Figure:  # fmt: skip
        """The same figure, worth something else."""
        return Figure(
            self.start, self.end, self.text, value, place, unit or self.unit,
            self.currency if currency is None else currency, scale, self.is_basis_points,
            self.is_word, self.is_bracketed,
        )  # fmt: skip

    def shows(self, actual: Decimal, *, slack: Decimal = Decimal("0.5")) -> bool:
        """Whether ``actual`` may be printed so: at most ``slack`` of its last place off."""
        return abs(actual - self.value) <= self.place * slack


_SCALES = {
    "trillion": 12, "trn": 12, "tn": 12, "billion": 9, "bln": 9, "bn": 9,
    "million": 6, "mln": 6, "mn": 6, "mm": 6, "thousand": 3,
}  # fmt: skip
_LETTERS = {"b": 9, "m": 6, "k": 3}
_CURRENCIES = {
    "$": "USD", "US$": "USD", "U.S.$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "S$": "SGD", "HK$": "HKD", "NT$": "TWD", "NZ$": "NZD", "R$": "BRL",
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "RMB": "CNY", "RM": "MYR",
    "RS": "INR", "RS.": "INR",
    **{code: code for code in (
        "USD EUR GBP JPY CHF CAD AUD CNY INR KRW SEK NOK DKK BRL MXN SGD HKD TWD ZAR NZD PLN"
    ).split()},
}  # fmt: skip
# Every expression from here on is of a text in lower case.
_SYMBOL = "|".join(re.escape(one.lower()) for one in sorted(_CURRENCIES, key=len, reverse=True))
# A dollar sign may stand right after a word: "eps$0.61".
_MARK = rf"(?:(?<![a-z])(?:{_SYMBOL})|(?<=[a-z]{{3}})(?<!d)\$)"
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_ONES = {
    word: at
    for at, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * at
    for at, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SPELLED = rf"(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(list(_ONES)[1:10])}))?|{'|'.join(_ONES)}"
_PERCENT = r"\s?%|[\s-]+per\s?cent\b|\s+pct\b"
_POINTS = r"[\s-]+percentage[\s-]+points?\b|[\s-]+per\s?cent[\s-]+points?\b|\s?p\.?p\.?t?s?\b(?!\w)|\s+points?\b|\s+pts\b\.?"
_BPS = r"[\s-]+basis[\s-]+points?\b|\s?bps?\b"
_TIMES = r"\s?[x×](?![\w-])|\s+times\b|[\s-]?fold\b"
_SHARES = r"\s+(?:common\s+|ordinary\s+|diluted\s+|basic\s+)*shares\b"
_UNIT = (
    rf"(?:(?P<points>{_POINTS})|(?P<percent>{_PERCENT})|(?P<bps>{_BPS})|(?P<times>{_TIMES})"
    rf"|(?P<shares>{_SHARES}))"
)
_FIGURE = re.compile(
    rf"(?P<lead>[-−–]\s?|(?:minus|negative)\s+)?"
    rf"(?P<open>\(\s?)?(?P<cur>{_MARK}(?![a-z])\s?(?=[-−(]?\s?[\d.]))?(?P<inner>[-−])?"
    rf"(?P<open2>\(\s?)?"
    rf"(?:(?P<num>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)"
    rf"(?P<glued>(?:st|nd|rd|th)\b)?|(?P<word>\b(?:{_SPELLED})\b))"
    rf"(?:\s?\))?"
    rf"(?:(?:(?:\s{{0,2}}|-)(?P<scale>{_SCALE})s?|\s?(?P<letter>[bmk]))(?![a-z]))?"
    rf"(?:{_UNIT})?"
    rf"(?P<after>\s(?:usd|eur|gbp|dollars|euros|pounds)\b)?",
)
# A digit, or a word for a number, begins what the long expression above has to look at. As one set
# of characters first, which is what makes it fast on a long text.
_WORDS = sorted((*_ONES, *_TENS), key=len, reverse=True)
_SPELLED_ON = "|".join(
    rf"{first}(?:{'|'.join(one[1:] for one in _WORDS if one[0] == first)})\b" for first in "efnostz"
)
_SEED = re.compile(rf"[\d\W](?:(?<=\d)|(?<=\.)\d|(?<=\W)(?P<next>(?={_SPELLED_ON})))")
_FIRST_WORD = re.compile(_SPELLED_ON)
_LATER_WORD = re.compile(rf"\W(?:{_SPELLED_ON})")
_DIGITS = re.compile(r"[\d.](?:(?<=\d)\d*|(?<=\.)\d+)")
_LEAD = re.compile(
    rf"(?:[-−–]\s?|(?:minus|negative)\s+)?(?:\(\s?)?(?:{_MARK}\s?)?[-−]?(?:\(\s?)?\Z"
)
_LONGEST_LEAD = 20
_LEAD_ENDS = frozenset(one[-2:].lower() for one in (*_CURRENCIES, "minus", "negative"))
_LEAD_MARKS = frozenset("-−–($€£¥₹₩.")
_UNIT_GROUPS = ("scale", "letter", "points", "percent", "bps", "times", "shares")
_AFTER = {"usd": "USD", "dollars": "USD", "eur": "EUR", "euros": "EUR", "gbp": "GBP",
          "pounds": "GBP"}  # fmt: skip
_BARE = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_CLOSED = re.compile(r"[\s%]*\)")
_PER_POINT = Decimal("0.01")
_POWERS = {power: Decimal(10) ** power for power in (0, 3, 6, 9, 12)}


def figures_of(text: str) -> list[Figure]:
    """Every figure of a text, by place. Years and dates among them: who reads periods first
    leaves those out. Ordinals, and digits inside a word ("10-K", "4.5G"), are not figures."""
    return list(_figures(text))


@kept_up_to(SHORT)
def _figures(text: str) -> tuple[Figure, ...]:
    if _BARE.fullmatch(text):  # as most cells of tables
        value, place = _worth(text, 0)
        return (Figure(0, len(text), text, value, place, Unit.PLAIN),)
    found = [one for match in _matches(lower(text)) if (one := _read(text, match)) is not None]
    return tuple(_ranged(text, found) if len(found) > 1 else found)


def spells_a_number(text: str) -> bool:
    """Whether it has a number in words, "four"."""
    return _has_number_word(lower(text))


def _has_number_word(lowered: str) -> bool:
    return bool(_FIRST_WORD.match(lowered) or _LATER_WORD.search(lowered))


def figure_of(cell: str) -> Figure | None:
    """The figure of a table's cell, the first where there are more; None for words and dashes."""
    found = figures_of(cell)
    return found[0] if found else None


def _matches(lowered: str) -> Iterator[re.Match[str]]:
    """Where figures may be: a digit or a word for a number, and what stands before it."""
    end = 0
    for first in _seeds(lowered):
        if first < end:
            continue
        start = _lead(lowered, max(end, first - _LONGEST_LEAD), first)
        match = _FIGURE.match(lowered, start)
        if match is None and start < first:
            match = _FIGURE.match(lowered, first)
        if match:
            yield match
            end = match.end()


def _seeds(lowered: str) -> Iterator[int]:
    if not _has_number_word(lowered):  # as most texts, and sooner told
        yield from (one.start() for one in _DIGITS.finditer(lowered))
        return
    if _FIRST_WORD.match(lowered):
        yield 0
    for seed in _SEED.finditer(lowered):
        yield seed.start() if seed["next"] is None else seed.end()


def _lead(lowered: str, start: int, end: int) -> int:
    """Where what leads to the number at ``end`` begins: a sign, a bracket, a currency."""
    before = lowered[start:end].rstrip()
    last = before[-1:]
    if last.isalpha():
        may_lead = before[-2:] in _LEAD_ENDS
    else:
        may_lead = last in _LEAD_MARKS and (last != "." or before[-2:-1] == "s")
    if not last or not may_lead:
        return end
    lead = _LEAD.search(lowered, start, end)
    return lead.start() if lead else end


def _read(text: str, match: re.Match[str]) -> Figure | None:
    """``match``: in ``text`` as lowered."""
    start, end = match.span()
    (
        lead, open_before, symbol, inner, open_after, printed, glued, word, scale_word, letter,
        _points, _percent, bps, _times, shares, after,
    ) = match.groups()  # fmt: skip
    first, last = match.span("word" if word else "num")
    if glued or _inside_word(text, first, last, match):
        return None
    if lead and lead.strip() in "-−–" and _is_dash(text, start):
        # A hyphen after a word or a number joins or ranges; it is no sign.
        start, lead = match.end("lead"), None
    opened = open_before or open_after
    closed = opened is not None and _closes(text, match)
    if open_before and not closed:
        start = match.start("cur") if symbol else first
    text_end = end
    power = _SCALES[scale_word] if scale_word else 0
    if letter:
        if word:
            return None
        power = _LETTERS[letter]
    value, place = _worth(printed or str(_spelled(word)), power)
    unit = Unit.PLAIN if match.lastgroup in ("num", "word") else _unit_of(match)
    currency = (symbol or "").strip()
    if currency:
        code = _CURRENCIES[currency.upper()]
        if unit in (Unit.PLAIN, Unit.SHARES):
            unit, text_end = Unit.MONEY, match.start("shares") if shares else end
    else:
        code = ""
    if after:
        if unit is Unit.PLAIN:
            unit, code = Unit.MONEY, _AFTER[after.strip()]
        else:
            text_end = match.start("after")
    if bps:
        value, place = value * _PER_POINT, place * _PER_POINT
    negative = bool(lead or inner or (closed and printed))
    return Figure(
        start, text_end, text[start:text_end], -value if negative else value, place, unit, code,
        _POWERS[power], bool(bps), word is not None, closed,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _worth(digits: str, power: int) -> tuple[Decimal, Decimal]:
    """What digits are worth, and a unit in their last place."""
    scale = _POWERS[power]
    decimals = len(digits.partition(".")[2])
    return Decimal(digits.replace(",", "")) * scale, Decimal(1).scaleb(-decimals) * scale


_UNITS = (
    ("points", Unit.POINTS), ("percent", Unit.PERCENT), ("bps", Unit.POINTS),
    ("times", Unit.TIMES), ("shares", Unit.SHARES),
)  # fmt: skip


def _unit_of(match: re.Match[str]) -> Unit:
    for name, unit in _UNITS:
        if match[name]:
            return unit
    return Unit.PLAIN


def _inside_word(text: str, first: int, last: int, match: re.Match[str]) -> bool:
    """ "10-K", "4.5G", "COVID-19", "A4", "2015-17", "1.2.3"."""
    before, after = text[first - 1 : first], text[last : last + 2]
    if match["num"]:
        if before.isalpha() and not match["cur"]:
            return True
        if before.isdigit():  # ".3" of "1.2.3"
            return True
        if before == "-" and text[first - 2 : first - 1].isalpha() and not match["cur"]:
            return True
        if before and before in "./" and text[first - 2 : first - 1].isdigit():
            return True
    if not after or not (after[0] in "-./" or after[0].isalpha()):
        return False
    has_unit = any(match[name] for name in _UNIT_GROUPS)
    if after[:1].isalpha() and not has_unit:
        return True
    if after[:1] == "-" and after[1:].isalpha() and not has_unit:
        return not re.match(r"-(?:year|month|day|week|quarter|to|for|point)", text[last:], re.I)
    return after[:1] in "./" and after[1:].isdigit()


def _is_dash(text: str, at: int) -> bool:
    before = text[:at].rstrip()[-1:]
    if before.isalpha() and text[at - 1].isspace() and not text[at + 1 : at + 2].isspace():
        return False  # "was -5%"
    return bool(before) and (before.isalnum() or before in "%)$€£")


def _closes(text: str, match: re.Match[str]) -> bool:
    body = text[match.start() : match.end()]
    return ")" in body or _CLOSED.match(text, match.end()) is not None


def _spelled(word: str) -> int:
    parts = re.split(r"[\s-]", word)
    return sum(_TENS.get(part) or _ONES[part] for part in parts)


_TO = re.compile(r"\s*(?:to|through|-|–|—|and|or)\s*$", re.IGNORECASE)


def _ranged(text: str, found: Sequence[Figure]) -> list[Figure]:
    """ "$535 to $620 million", "10 to 12 percent": the first has the second's scale and unit."""
    made = list(found)
    for at in range(len(made) - 1, 0, -1):
        one, other = made[at - 1], made[at]
        between = text[one.end : other.start]
        if len(between) > 9 or not _TO.match(between):
            continue
        if other.is_scaled and not one.is_scaled and one.unit in (other.unit, Unit.PLAIN):
            joined = "and" not in between and "or" not in between
            small = one.value < 1000 and abs(one.value) <= abs(other.value / other.scale) * 10
            if joined or (small and bool(one.currency) == bool(other.currency)):
                one = one.scaled(other.scale)
        is_sum = other.unit is Unit.MONEY and "and" in between
        if one.unit is Unit.PLAIN and other.unit is not Unit.PLAIN and not is_sum:
            if other.is_basis_points:
                one = one._replace(
                    value=one.value * _PER_POINT, place=one.place * _PER_POINT,
                    is_basis_points=True,
                )  # fmt: skip
            one = one._replace(unit=other.unit, currency=other.currency)
        made[at - 1] = one
    return made
