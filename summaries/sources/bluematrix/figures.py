"""Numbers, tickers and security numbers as research notes print them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from summaries.sources.bluematrix.notes import SecurityId

_NUMBER = re.compile(r"(\()?([+\-−–])?(?:[A-Z]{0,3}[$€£¥]|[A-Z]{3}(?=[\s\d]))?\s*([+\-−–])?(\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE]([+-]?\d{1,2}))?\s*([A-Za-z$€£¥]{0,3})(\))?")  # fmt: skip
_LONGEST = 40
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_NOTHING = frozenset({"", "-", "–", "—", "na", "n/a", "n.a.", "nm", "n.m.", "none", "nr", "tbd"})
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")
_CUSIP = re.compile(r"[A-Z0-9*@#]{8}[0-9]")
_TICKER = re.compile(r"[A-Z0-9]{1,10}(?:[.\-/][A-Z0-9]{1,3})?")
_CURRENCIES = {"US$": "USD", "C$": "CAD", "A$": "AUD", "HK$": "HKD", "€": "EUR", "£": "GBP"}


def is_absent(said: str) -> bool:
    """Whether this is a way to print that there is no number."""
    return said.strip().lower() in _NOTHING


def number(said: str) -> Decimal | None:
    """ "$1,250.50", "(0.12)", "45.00 USD" as printed; None where it is no number, or two."""
    found = _NUMBER.fullmatch(said.strip()) if len(said) <= _LONGEST else None
    if not found:
        return None
    opened, sign, inner, digits, exponent, _, closed = found.groups()
    if bool(opened) != bool(closed) or ("," in digits and not _THOUSANDS.fullmatch(digits)):
        return None
    try:
        value = Decimal(digits.replace(",", "")).scaleb(int(exponent or 0))
    except InvalidOperation:
        return None
    is_negative = bool(opened) != any(s is not None and s != "+" for s in (sign, inner))
    return -value if is_negative else value


def currency_of(said: str) -> str:
    """The ISO code that a printed price makes sure; a bare "$" is the dollar of many countries."""
    said = said.strip()
    for sign, code in _CURRENCIES.items():
        if said.startswith(sign):
            return code
    found = re.match(r"([A-Z]{3})[\s\d]|.*\d\s*([A-Z]{3})$", said)
    return next((code for code in found.groups() if code), "") if found else ""


def plain_ticker(identifiers: tuple[SecurityId, ...]) -> tuple[str, str]:
    """Ticker as the SEC writes it (a class after a dash) and exchange code, "" where unknown."""
    for kind in ("bloomberg", "ric", "bluematrixsymbol", "exchangeticker", "ticker", "symbol"):
        for one in identifiers:
            if one.kind.lower() == kind and (found := _split(kind, one.value.strip())):
                return found
    return "", ""


def _split(kind: str, value: str) -> tuple[str, str] | None:
    if kind == "bloomberg":
        words = value.upper().replace(":", " ").split()
        ticker, exchange = [*words, "", ""][:2]
        exchange = "" if exchange in {"EQUITY", "EQ"} else exchange
    elif kind == "ric":
        ticker, exchange = _ric(value)
    else:
        before, _, after = value.upper().partition(":")
        ticker, exchange = (after.strip(), before.strip()) if after else (before, "")
    if not _TICKER.fullmatch(ticker):
        return None
    return re.sub(r"[./]", "-", ticker), exchange


def _ric(value: str) -> tuple[str, str]:
    """A RIC has its class in lower case, BRKb.N, and its exchange after the last point."""
    root, point, exchange = value.rpartition(".")
    root = root if point else value
    shares = re.fullmatch(r"([A-Z0-9]+)_?([a-z])", root)
    ticker = f"{shares.group(1)}-{shares.group(2).upper()}" if shares else root.upper()
    return ticker, exchange.upper() if point else ""


def isin(identifiers: tuple[SecurityId, ...]) -> str:
    return _shaped(identifiers, "isin", _ISIN)


def cusip(identifiers: tuple[SecurityId, ...]) -> str:
    return _shaped(identifiers, "cusip", _CUSIP)


def _shaped(identifiers: tuple[SecurityId, ...], kind: str, shape: re.Pattern[str]) -> str:
    values = (one.value.upper() for one in identifiers if one.kind.lower() == kind)
    return next((value for value in values if shape.fullmatch(value)), "")
