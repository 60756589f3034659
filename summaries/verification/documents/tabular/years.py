"""Rows of years that a claim counts: "the 3 years from 2017 to 2019", "over the three-year period"."""

from __future__ import annotations

from collections.abc import Sequence

from summaries.verification.documents.tabular.modifiers import ranges
from summaries.verification.documents.tabular.tokens import Sort, Token

_NUMBERS = {
    word: at
    for at, word in enumerate("two three four five six seven eight nine ten".split(), start=2)
}
_LEADS = frozenset("for over in during across throughout within the a past last all these".split())
_NOUNS = frozenset("year years period periods span fiscal".split())
_MOST = 12


def uncounted(tokens: Sequence[Token]) -> list[Token]:
    """Without the count of the years, where as many are named, or none: then all are meant."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        upto = _counted(tokens, at)
        if upto:
            while made and made[-1].norm in _LEADS:
                made.pop()
        else:
            made.append(tokens[at])
        at = upto or at + 1
    return made


def _counted(tokens: Sequence[Token], at: int) -> int:
    """Where "3 years", "three-year period" ends, which begins at ``at``; 0 where it doesn't."""
    number = _number(tokens[at])
    upto = at + 1
    if not number or not at or tokens[at - 1].norm not in _LEADS:
        return 0
    upto += upto < len(tokens) and tokens[upto].norm == "-"
    begin = upto
    while upto < len(tokens) and tokens[upto].norm in _NOUNS:
        upto += 1
    is_absorbed = begin < len(tokens) and tokens[begin].period is not None  # "years ended 2019"
    if not is_absorbed and (upto == begin or tokens[begin].norm not in ("year", "years", "fiscal")):
        return 0
    named = {one.period.year for one in tokens if one.period is not None and one.period.year > 0}
    told = max(named) - min(named) + 1 if ranges(tokens) else len(named)
    return upto if told in (0, number) else 0


def _number(token: Token) -> int:
    if token.figure is not None and token.figure.is_whole:
        return int(token.figure.value) if 1 < token.figure.value < _MOST else 0
    return _NUMBERS.get(token.norm, 0) if token.sort is Sort.WORD else 0
