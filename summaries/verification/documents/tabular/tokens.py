"""A claim as a row of tokens: words, figures, periods and commas.

"In 2019, net sales rose by 5%, from $10 million" is <2019> , net sales rose by <5%> , from <$10m>:
the words that only lead to a period ("in", "for the year ended") belong to it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from summaries.verification.documents.figures import Figure
from summaries.verification.documents.sources import Sentence
from summaries.verification.documents.spells import Kind, Spell
from summaries.verification.documents.tabular.lexicon import VERBS
from summaries.verification.documents.tabular.periods import Period, period_of

_MARK = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?|\d[\d,.]*|[,;%&()]|[-–—]")
_LEADS = frozenset(
    "in at for the period ended ending year years quarter quarters as of end on during fiscal both"
    " date month months calendar financial".split()
)
_RANK = re.compile(r"\b(?:level|tier|stage)\s$", re.IGNORECASE)  # "Level 2" is a name
_ABOUT = frozenset("about approximately around roughly".split())
YEAR_BEFORE = Period(year=-1)  # "the prior year"
_TRAILS = ("year end", "year-end", "fiscal year", "respectively")
_FOLLOWS = frozenset(
    "and or to from compared than versus vs while but whereas over as up down relative against is"
    " are was were stood amounted came year respectively fiscal by in of for at has have when"
    " reported recorded the used".split()
)
_DATED = {Kind.YEAR, Kind.QUARTER, Kind.HALF, Kind.DAY, Kind.MONTH, Kind.MONTHS}


class Sort(StrEnum):
    WORD = "word"
    FIGURE = "figure"
    PERIOD = "period"
    MARK = "mark"


class Token(NamedTuple):
    """``norm``: the word in lower case, or the mark."""

    sort: Sort
    start: int
    end: int
    norm: str
    figure: Figure | None = None
    period: Period | None = None


def tokens_of(claim: Sentence) -> list[Token]:
    """Without the full stop. Relative periods ("last year") stay words."""
    placed = _placed(claim)
    made: list[Token] = []
    at = 0
    for one in (*placed, None):
        upto = one.start if one else len(claim.text)
        made += _plain(claim.text, at, upto)
        if one:
            made.append(one)
            at = one.end
    return _absorbed(_essential(made))


def _essential(tokens: list[Token]) -> list[Token]:
    """Without "respectively", and "about" before a figure."""
    made: list[Token] = []
    for at, one in enumerate(tokens):
        if one.norm == "respectively":
            if made and made[-1].norm == ",":
                made.pop()
            continue
        is_before_figure = at + 1 < len(tokens) and tokens[at + 1].sort is Sort.FIGURE
        if one.norm in _ABOUT and is_before_figure:
            continue
        if one.norm == "days" and made and made[-1].sort is Sort.FIGURE and _counts_days(made):
            continue
        made.append(one)
    return made


def _counts_days(before: list[Token]) -> bool:
    """ "Days sales outstanding was 30 days"."""
    return any(one.norm in ("days", "day", "dso", "dio", "dpo", "cycle") for one in before)


def _placed(claim: Sentence) -> list[Token]:
    dated = [one for one in claim.spells if one.kind in _DATED]
    spells = _merged(claim.text, dated)
    spells += [
        Token(Sort.PERIOD, one.start, one.end, one.text.lower(), period=YEAR_BEFORE)
        for one in claim.spells
        if one.kind is Kind.PRIOR_YEAR
    ]
    made = [
        Token(Sort.FIGURE, one.start, one.end, one.text.lower(), figure=one)
        for one in claim.figures
        if not (one.is_whole and (one.is_word or _RANK.search(claim.text[: one.start])))
    ]
    made += spells
    made.sort(key=lambda one: one.start)
    kept: list[Token] = []
    for one in made:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return [one for one in _lent(kept) if one.period is None or one.period.year]


def _merged(text: str, spells: list[Spell]) -> list[Token]:
    """ "the three months ended March 31, 2019" is one."""
    made: list[Token] = []
    at = 0
    while at < len(spells):
        upto = at + 1
        while (
            upto < len(spells)
            and not spells[upto - 1].year
            and _joins(text[spells[upto - 1].end : spells[upto].start])
        ):
            upto += 1
        group = spells[at:upto]
        period = period_of(group) or _undated(group)
        made.append(
            Token(
                Sort.PERIOD,
                group[0].start,
                group[-1].end,
                text[group[0].start : group[-1].end].lower(),
                period=period,
            )
        )
        at = upto
    return made


def _undated(group: list[Spell]) -> Period:
    first = group[0]
    number = first.number if first.kind is Kind.QUARTER else 0
    half = first.number if first.kind is Kind.HALF else 0
    return Period(0, first.month, first.day, number, half, first.count)


def _joins(between: str) -> bool:
    return re.fullmatch(r"\s*(?:,|of|ended|ending|in)?\s*", between) is not None


def _lent(tokens: list[Token]) -> list[Token]:
    """ "Q4 2019 and 2018": the second is a fourth quarter too; "March 2019 and 2018" a March.
    "December 31, 2018 to 2019" likewise. A day without a year has the next one's."""
    made = list(tokens)
    for at in range(1, len(made)):
        one, other = made[at - 1].period, made[at].period
        if one is None or other is None or made[at].start - made[at - 1].end > 8:
            continue
        if one.year > 0 and other.year > 0 and other == Period(other.year):
            made[at] = made[at]._replace(period=replace(one, year=other.year))
        elif not one.year and other.year > 0:
            made[at - 1] = made[at - 1]._replace(period=replace(one, year=other.year))
    return made


def _plain(text: str, start: int, end: int) -> list[Token]:
    made = []
    for match in _MARK.finditer(text, start, end):
        sort, norm = _read(match.group())
        made.append(Token(sort, match.start(), match.end(), norm))
    return made


@lru_cache(maxsize=16_384)
def _read(said: str) -> tuple[Sort, str]:
    if said == "&":
        return Sort.WORD, "and"
    norm = said.lower().replace("’", "'")
    return Sort.WORD if said[0].isalnum() else Sort.MARK, norm.rstrip(".,") or norm


def _is_attribute(following: Token | None) -> bool:
    """Whether a period stands before the noun it is of: "the 2018 total revenue"."""
    if following is None or following.sort is not Sort.WORD:
        return False
    return (following.norm,) not in VERBS and following.norm not in _FOLLOWS


def _absorbed(tokens: list[Token]) -> list[Token]:
    made: list[Token] = []
    skip = 0
    for at, one in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        if one.sort is Sort.PERIOD:
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            while (
                not _is_attribute(following)
                and made
                and made[-1].sort is Sort.WORD
                and made[-1].norm in _LEADS
            ):
                made.pop()
            rest = " ".join(other.norm for other in tokens[at + 1 : at + 3])
            skip = next((len(t.split()) for t in _TRAILS if rest.startswith(t)), 0)
            if rest.startswith("year - end") or rest == "year -":
                skip = 3
        made.append(one)
    return made
