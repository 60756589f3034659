"""A question taken apart by code: by what it asks, by company, by kind of source. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.evidence.wanted import wanted

MOST_PARTS = 6
MOST_LOOKED_AT = 40  # of a long question
LONGEST_PART = 400
FILINGS, RESEARCH = "filings", "research"
# Where one question ends and another begins.
_NEXT = re.compile(
    r"(?<=[?;])\s+|\n+|[,;]?\s+(?:and|also|then)\s+(?=(?:what|how|why|which|who|when|where|does|did|do|is"
    r"|are|was|were|has|have|tell|list|show|explain)\b)|,\s+(?=(?:what|how|why|which|who|when)\b)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-•*])\s+")


@dataclass(frozen=True)
class Part:
    """``tickers``: whom it is about. ``only``: "filings", "research", or "" for any document."""

    question: str
    tickers: tuple[str, ...]
    only: str = ""

    @property
    def title(self) -> str:
        told = self.question if len(self.question) <= 90 else f"{self.question[:89].rstrip()}…"
        of = f"{', '.join(self.tickers)}: " if self.tickers else ""
        kind = f" (in {self.only})" if self.only else ""
        return f"{of}{told}{kind}"


def taken_apart(question: str, names: Mapping[str, Sequence[str]]) -> tuple[Part, ...]:
    """``names``: of each stock by its ticker. At least one part, at most ``MOST_PARTS``."""
    parts = [
        part
        for asked in _asked(question, names)
        for tickers in _tickers(asked, names)
        for part in _by_source(asked, tickers)
    ]
    return tuple(dict.fromkeys(parts))[:MOST_PARTS]


def is_plain(question: str, names: Mapping[str, Sequence[str]]) -> bool:
    """Whether it asks for figures alone, which code takes apart without a doubt."""
    everybody = [name for one in names.values() for name in one]
    asked_for = wanted(question, everybody)
    return bool(asked_for.measures) and not asked_for.left


def _asked(question: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Its questions; one that names no matter of its own ("and why?") stays with the one before."""
    everybody = [name for one in names.values() for name in one]
    found: list[str] = []
    for piece in _NEXT.split(question)[:MOST_LOOKED_AT]:
        text = _NUMBER.sub("", piece).strip(" ,;")
        asked_for = wanted(text, everybody)
        is_of_its_own = any(_is_named(one, text) for one in everybody)
        if asked_for.measures or asked_for.left or is_of_its_own:
            found.append(text)
        elif text and found:
            found[-1] = f"{found[-1]} {text}"
    return [one[:LONGEST_PART] for one in found] or [question.strip()[:LONGEST_PART]]


def _tickers(asked: str, names: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, ...]]:
    """Each company by itself: those that it names, or all."""
    named = [ticker for ticker, own in names.items() if any(_is_named(one, asked) for one in own)]
    return [(ticker,) for ticker in named or names] or [()]


def _is_named(name: str, asked: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", asked, re.I) is not None


def _by_source(asked: str, tickers: tuple[str, ...]) -> list[Part]:
    asked_for = wanted(asked)
    if asked_for.names_research and asked_for.names_filings:
        return [Part(asked, tickers, FILINGS), Part(asked, tickers, RESEARCH)]
    return [Part(asked, tickers)]
