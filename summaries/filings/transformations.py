"""Printed numbers to values, by the transformation registries of inline XBRL.

Registries 1 to 5 (http://www.xbrl.org/inlineXBRL/transformation/…) and the SEC's own
(http://www.sec.gov/inlineXBRL/transformation/2015-08-31); names are compared without hyphens, which
registry 4 introduced.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_DOT = re.compile(r"[\d, ]*\d[\d, ]*(\.\d*)?|\.\d+")
_COMMA = re.compile(r"[\d. ]*\d[\d. ]*(,\d*)?|,\d+")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_NO_VALUE = {"no", "none", "nil", "zero"}

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(),
        1,
    )
}


class UnknownTransformation(Exception):
    """No rule here reads this format."""


def number(printed: str, transformation: str | None) -> Decimal:
    """The number that was printed, unscaled and without its sign.

    Raises UnknownTransformation for a format we have no rule for, ValueError for text it doesn't fit.
    """
    text = " ".join(printed.split())
    if transformation is None:
        return _decimal(text, _PLAIN)
    name = transformation.rpartition(":")[2].replace("-", "").lower()
    if name in {"fixedzero", "zerodash", "numdash", "fixedempty"}:
        return Decimal(0)
    if name in {"numdotdecimal", "numcommadot", "numspacedot", "numdotdecimalin"}:
        return _decimal(text.replace(",", "").replace(" ", ""), _PLAIN, of=_DOT, whole=text)
    if name == "numdotdecimalapos":
        return _decimal(re.sub(r"[', ’]", "", text), _PLAIN)
    if name in {"numcommadecimal", "numdotcomma", "numspacecomma", "numcomma"}:
        swapped = text.replace(".", "").replace(" ", "").replace(",", ".")
        return _decimal(swapped, _PLAIN, of=_COMMA, whole=text)
    if name == "numcommadecimalapos":
        return _decimal(re.sub(r"[' .’]", "", text).replace(",", "."), _PLAIN)
    if name == "numunitdecimal":
        return _with_units(text)
    if name in {"numwordsen", "numwordsin"}:
        return Decimal(in_words(text))
    raise UnknownTransformation(transformation)


def _decimal(
    text: str, form: re.Pattern[str], *, of: re.Pattern[str] | None = None, whole: str = ""
) -> Decimal:
    if not form.fullmatch(text) or (of is not None and not of.fullmatch(whole)):
        raise ValueError(f"{whole or text!r} is no number of this format")
    return Decimal(text)


def _with_units(text: str) -> Decimal:
    """ "12 dollars 5 cents" as 12.05."""
    parts = re.findall(r"\d[\d,.]*", text)
    if not parts or len(parts) > 2:
        raise ValueError(f"{text!r} is no number with units")
    whole = re.sub(r"\D", "", parts[0])
    return Decimal(f"{whole}.{parts[1].zfill(2)}" if len(parts) == 2 else whole)


def in_words(text: str) -> int:
    """ "One hundred and twenty-five thousand" as 125000. Raises ValueError."""
    words = re.findall(r"[a-z]+", text.lower())
    if len(words) == 1 and words[0] in _NO_VALUE:
        return 0
    total = current = 0
    for word in words:
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
        elif word not in {"and", "a"}:
            raise ValueError(f"{text!r} is no number in words")
    if not words or not set(words) - {"and", "a"}:
        raise ValueError(f"{text!r} is no number in words")
    return total + current


def cover_value(printed: str, transformation: str | None) -> str:
    """A cover fact in its canonical form: dates in ISO, a month's day as --MM-DD, booleans as words.

    What no rule reads is given as it is printed.
    """
    text = " ".join(printed.split())
    name = (transformation or "").rpartition(":")[2].replace("-", "").lower()
    if name in {"fixedtrue", "booleantrue"}:
        return "true"
    if name in {"fixedfalse", "booleanfalse"}:
        return "false"
    if name == "boolballotbox":
        return "false" if text.startswith("☐") else "true"
    if name.startswith("date"):
        return _dated(text, name) or text
    if name.startswith(("num", "zero")) or name == "fixedzero":
        try:
            return str(number(text, transformation))
        except (UnknownTransformation, ValueError):
            return text
    return text


def _dated(text: str, name: str) -> str | None:
    """ISO date of a printed one: month by name, or by number in the order that the format says."""
    words = re.findall(r"[A-Za-z]+|\d+", text)
    months = [_MONTHS[word[:3].lower()] for word in words if word[:3].lower() in _MONTHS]
    figures = [int(word) for word in words if word.isdigit()]
    if not months and figures:
        order = re.findall(r"day|month|year", name.replace("monthname", "month"))
        if len(order) != len(figures):
            return None
        by_part = dict(zip(order, figures, strict=True))
    else:
        years = [value for value in figures if value > 31]
        days = [value for value in figures if value <= 31]
        by_part = {"month": months[0]} if months else {}
        by_part |= {"year": years[0]} if years else {}
        by_part |= {"day": days[0]} if days else {}
    return _iso(by_part)


def _iso(part: dict[str, int]) -> str | None:
    year, month, day = part.get("year"), part.get("month"), part.get("day")
    if month is None or not 1 <= month <= 12:
        return None
    if year is not None and year < 100:
        year += 2000
    try:
        if year and day:
            return date(year, month, day).isoformat()
    except ValueError:
        return None
    if year:
        return f"{year:04d}-{month:02d}"
    return f"--{month:02d}-{day:02d}" if day and day <= 31 else None
