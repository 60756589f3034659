"""Formulas in words, as questions define ratios: "365 * (average payables between FY2018 and FY2019)
/ (FY2019 COGS + change in inventory between FY2018 and FY2019)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Named:
    """A thing in words, its periods among them."""

    text: str


@dataclass(frozen=True)
class Joined:
    """``sign``: "+", "-", "*" or "/"."""

    sign: str
    left: Expression
    right: Expression


Expression = Number | Named | Joined


class Unreadable(ValueError):
    """It is no formula."""


_SIGNS = (
    (r"\bas\s+an?\s+(?:%|percent(?:age)?|share|proportion)\s+of\b", "/"),
    (r"\bdivided\s+by\b", "/"), (r"\bmultiplied\s+by\b", "*"), (r"\btimes\b", "*"),
    (r"\bplus\b", "+"), (r"\bminus\b", "-"), (r"\bless\b", "-"),
    (r"(?<=[\s)])\+(?=[\s(]|$)", "+"), (r"\*|×", "*"), (r"(?<=[\s)])/(?=[\s(])|÷", "/"),
    (r"(?<=[\s)])[-–−](?=[\s(])", "-"),
)  # fmt: skip
_TOKEN = re.compile(
    "|".join(f"(?P<s{at}>{pattern})" for at, (pattern, _) in enumerate(_SIGNS))
    + r"|(?P<open>\()|(?P<close>\))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"((?:FY\s?)?(?:19|20)\d\d)\s+[-–−]\s+((?:FY\s?)?(?:19|20)\d\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_LONGEST = 600


def parsed(text: str) -> Expression:
    """Raises Unreadable."""
    if len(text) > _LONGEST:
        raise Unreadable(f"It is longer than {_LONGEST} characters.")
    reader = _Reader(_tokens(_YEARS.sub(r"\1 to \2", text)))
    made = reader.sum()
    if reader.rest:
        raise Unreadable("Its brackets don't match.")
    return made


def is_formula(text: str) -> bool:
    return any(one in "+-*/" for one in _tokens(_YEARS.sub(r"\1 to \2", text)))


def _tokens(text: str) -> list[str]:
    """Signs, brackets, and the words between; what is in brackets after words is an aside."""
    made: list[str] = []
    at = depth = 0
    for match in _TOKEN.finditer(text):
        words = text[at : match.start()].strip(" ,;:")
        if depth:
            depth += bool(match["open"]) - bool(match["close"])
            at = match.end()
            continue
        if words:
            made.append(words)
        at = match.end()
        if match["open"] and made and made[-1] not in ("(", "+", "-", "*", "/"):
            depth = 1
            continue
        made.append(_sign(match))
    rest = text[at:].strip(" ,;:")
    return [*made, rest] if rest and not depth else made


def _sign(match: re.Match[str]) -> str:
    if match["open"] or match["close"]:
        return match.group()
    return next(sign for at, (_, sign) in enumerate(_SIGNS) if match[f"s{at}"])


class _Reader:
    def __init__(self, tokens: Sequence[str]) -> None:
        self.rest = list(tokens)

    def sum(self) -> Expression:
        made = self._product()
        while self.rest and self.rest[0] in ("+", "-"):
            made = Joined(self.rest.pop(0), made, self._product())
        return made

    def _product(self) -> Expression:
        made = self._one()
        while self.rest and self.rest[0] in ("*", "/"):
            made = Joined(self.rest.pop(0), made, self._one())
        return made

    def _one(self) -> Expression:
        if not self.rest:
            raise Unreadable("It ends too early.")
        said = self.rest.pop(0)
        if said == "(":
            made = self.sum()
            if not self.rest or self.rest.pop(0) != ")":
                raise Unreadable("Its brackets don't match.")
            return made
        if said in ("+", "-", "*", "/", ")"):
            raise Unreadable(f"Nothing stands before {said!r}.")
        if _NUMBER.fullmatch(said):
            return Number(Decimal(said.replace(",", "")))
        return Named(said)
