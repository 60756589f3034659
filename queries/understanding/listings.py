"""Which companies a question names, by ticker, name or short name.

Many tickers and names are words of their own: "ALL", "Target", "Strategy". Such a word names a
company only where its capitals, a "$" or a possessive say so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property

from queries.understanding.common_words import ABBREVIATIONS, COMMON, NICKNAMES
from queries.understanding.words import Hit, Phrases, Said
from summaries.names import aliases

MOST_NEAR = 5
_LEAST_ALIKE = 0.75
_CONNECTED = frozenset("vs versus or".split())


@dataclass(frozen=True)
class Listing:
    ticker: str
    name: str


class Register:
    """The companies that can be named. Of several with one name the first listed is meant."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self.listings = tuple(listings)
        self._tickers = {one.ticker: one for one in self.listings}

    def __contains__(self, ticker: str) -> bool:
        return ticker in self._tickers

    def name(self, ticker: str) -> str:
        return self._tickers[ticker].name

    @cached_property
    def _names(self) -> Phrases[str]:
        entries: dict[str, str] = {}
        for one in self.listings:
            for alias in aliases(one.name):
                entries.setdefault(alias, one.ticker)
        for name, ticker in NICKNAMES.items():
            if ticker in self._tickers:
                entries.setdefault(name, ticker)
        return Phrases(entries.items())

    def named(self, said: Said, figures: Collection[int]) -> list[Hit[str]]:
        """In the order said. A name is read before a ticker, the longest first. ``figures``: the
        words at which a figure's name begins."""
        found: list[Hit[str]] = []
        free = 0
        for at in range(len(said.words)):
            if at >= free and (hit := self._at(said, at, figures)):
                found.append(hit)
                free = hit.last
        return found

    def _at(self, said: Said, at: int, figures: Collection[int]) -> Hit[str] | None:
        named = (hit for hit in self._names.at(said, at) if _is_name(said, hit, figures))
        return next(named, None) or self._ticker_at(said, at)

    def _ticker_at(self, said: Said, at: int) -> Hit[str] | None:
        word = said.words[at]
        ticker = word.low.upper()
        if ticker not in self._tickers:
            return None
        if word.start and said.text[word.start - 1] == "$":
            return Hit(at, at + 1, ticker)
        is_capital = word.text.isupper() and not said.is_shouted
        if is_capital and ticker not in ABBREVIATIONS and not _is_within_code(said, at):
            return Hit(at, at + 1, ticker)
        is_plain = len(ticker) >= 3 and word.low not in COMMON
        return Hit(at, at + 1, ticker) if is_plain else None

    # -- names that are none ------------------------------------------------------

    def near(self, name: str, *, most: int = MOST_NEAR) -> list[Listing]:
        """The companies whose ticker or name is most like ``name``, the likest first."""
        wanted = name.strip().lower()[:60]
        if not wanted:
            return []
        tickers = get_close_matches(wanted.upper(), self._tickers, n=2, cutoff=0.7)
        alike = sorted(
            ((_alike(wanted, short), one.ticker) for short, one in self._shorts), reverse=True
        )
        found = [*tickers, *(ticker for score, ticker in alike[:most] if score >= _LEAST_ALIKE)]
        return [self._tickers[ticker] for ticker in dict.fromkeys(found)][:most]

    @cached_property
    def _shorts(self) -> tuple[tuple[str, Listing], ...]:
        return tuple((aliases(one.name)[-1].lower(), one) for one in self.listings)


def _alike(wanted: str, name: str) -> float:
    """0 to 1; a name that begins so is more than alike."""
    if name.startswith(wanted) and len(wanted) >= 3:
        return 1.0
    match = SequenceMatcher(None, wanted, name)
    if match.real_quick_ratio() < _LEAST_ALIKE or match.quick_ratio() < _LEAST_ALIKE:
        return 0.0
    return match.ratio()


def _is_within_code(said: Said, at: int) -> bool:
    """Part of "10-K", "R&D", "Q4-A"; a slash holds two apart."""
    word = said.words[at]
    around = said.text[word.start - 1 : word.start] + said.text[word.end : word.end + 1]
    is_joined = any(mark in "-&" for mark in around)
    return is_joined and len(word.text) < 3


def _is_name(said: Said, hit: Hit[str], figures: Collection[int]) -> bool:
    words = said.words[hit.first : hit.last]
    raw = said.text[words[0].start : words[-1].end]
    if len(words) > 1:
        # "AT&T" is one word, "at t" two.
        is_short = all(len(one.text) < 3 for one in words)
        return not is_short or " " not in raw
    if words[0].low not in COMMON:
        return len(raw) > 2 or raw.isupper()
    if said.is_shouted or not raw[0].isupper():
        return False
    if not said.opens(hit.first) or _is_owned(said, words[0].end):
        return True
    return hit.last in figures or _is_set_beside(said, hit)


def _is_owned(said: Said, end: int) -> bool:
    return said.text[end : end + 2] in ("'s", "’s", "s'", "s’")


def _is_set_beside(said: Said, hit: Hit[str]) -> bool:
    after = said.words[hit.last].low if hit.last < len(said.words) else ""
    return after in _CONNECTED


_CAPITALISED = re.compile(r"\$?\b[A-Z][\w&.'’-]*[A-Za-z](?:\s+(?:of\s+)?[A-Z][\w&.'’-]*[A-Za-z])*")
_TICKER = re.compile(r"(?<![\w-])\$?[A-Z]{2,5}(?![\w-])")


def unknown_names(
    said: Said, taken: set[int], figures: Collection[int], plain: Collection[str]
) -> Iterator[str]:
    """What is written as a company's name or ticker, and was read as nothing else. ``plain``:
    words that are no part of a name."""
    if said.is_shouted:
        return
    places = {one.start: at for at, one in enumerate(said.words)}
    for found in _CAPITALISED.finditer(said.text[:2000]):
        start = found.start() + found[0].startswith("$")
        at = places.get(start, -1)
        if at < 0:
            continue
        words = _within(said, at, found.end())
        if len(words) > 1 and said.opens(at) and said.words[at].low in plain:
            at, *_ = words = words[1:]
        if taken.intersection(words):
            continue
        first = said.words[at]
        is_opening = said.opens(at) and not found[0].startswith("$")
        is_beside = words[-1] + 1 in figures or _is_owned(said, found.end() - 2)
        if is_opening and len(words) == 1 and not is_beside and not _TICKER.fullmatch(found[0]):
            continue
        if first.low not in COMMON and first.text not in ABBREVIATIONS:
            yield said.text[first.start : found.end()].removesuffix("'s").removesuffix("’s")


def _within(said: Said, at: int, end: int) -> list[int]:
    """The words from number ``at`` up to a place of the text."""
    found = []
    while at < len(said.words) and said.words[at].start < end:
        found.append(at)
        at += 1
    return found
