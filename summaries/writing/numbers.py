"""How a number is printed: one way for each magnitude, half away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_SCALES = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"))
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def _fixed(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):,}"


def money(value: Decimal, currency: str) -> str:
    """$1.2tn, $416.2bn, $36.4m, $950,000; the sign is the sentence's to tell, except before it."""
    sign = "-" if value < 0 else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{_magnitude(abs(value))}"


def _magnitude(size: Decimal) -> str:
    for scale, suffix in _SCALES:
        # 999.96m would print as 1,000.0m: it is written in the next scale up.
        if size >= scale * Decimal("0.99995"):
            scaled = size / scale
            places = 2 if suffix == "tn" else 0 if suffix == "m" and scaled >= 100 else 1
            return f"{_fixed(scaled, places)}{suffix}"
    return _fixed(size, 0)


def count(value: Decimal) -> str:
    """Shares: 15.0bn, 36.4m."""
    return _magnitude(value)


def per_share(value: Decimal, currency: str) -> str:
    """$7.46; four places where the source has them and they matter."""
    sign = "-" if value < 0 else ""
    digits = _fixed(abs(value), 2 if abs(value) >= 1 else 4)
    while digits.endswith("0") and len(digits.partition(".")[2]) > 2:
        digits = digits[:-1]
    return f"{sign}{_SYMBOLS.get(currency, f'{currency} ')}{digits}"


def percent(fraction: Decimal) -> str:
    """0.0643 -> 6.4%, 1.142 -> 114%: a tenth of a percent is noise beyond a doubling."""
    value = abs(fraction) * 100
    sign = "-" if fraction < 0 else ""
    return f"{sign}{_fixed(value, 0 if value >= 100 else 1)}%"


def points(fraction: Decimal) -> str:
    """0.012 -> 1.2 percentage points; below one point in basis points: 0.0035 -> 35 bps."""
    size = abs(fraction) * 100
    if size < Decimal("0.95"):
        return f"{_fixed(size * 100, 0)} bps"
    text = _fixed(size, 1)
    return f"{text} percentage point{'' if text == '1.0' else 's'}"


def word(number: int) -> str:
    """3 -> three; beyond twelve in digits."""
    return _WORDS[number] if number < len(_WORDS) else str(number)
