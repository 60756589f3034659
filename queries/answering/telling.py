"""Figures that sentences tell: "There was $1.1 billion of unrecognized cost as of 2019."

A figure is of the words that stand in its clause, and of the period that stands there; where a list
of figures stands beside a list of periods, each is of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queries.answering.working import Phrase
from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tabular.items import VAGUE_TERMS, item_terms
from summaries.verification.documents.tabular.lines import terms_of
from summaries.verification.documents.tabular.periods import Period, closeness
from summaries.verification.documents.tabular.tokens import Token, tokens_of

_PARTS = re.compile(
    r"[,;:](?=\s)|\s\((?=\d{4}:)|\b(?:which|whereas|while|as well as|compared (?:to|with)|of which"
    r"|partially offset|offset by|primarily due)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no|never|neither|would|could|might|if|unless|assuming|pro\s+forma|expect\w*|up to"
    r"|at least|less than|more than|excess of|maximum|minimum|range)\b|n['’]t\b",
    re.IGNORECASE,
)
_LEAST_TERMS, _LONGEST, _LONGEST_TEXT = 2, 700, 60_000
_IDLE = VAGUE_TERMS | frozenset(
    terms_of(
        "total amount aggregate approximate approximately year fiscal end ended there much many"
    )
)
_PERCENTS = frozenset("percentage percent % rate".split())


@dataclass(frozen=True)
class ToldFigure:
    figure: Figure
    sentence: Sentence


def told_of(phrase: Phrase, source: Source, *, as_count: bool = False) -> ToldFigure | None:
    """The one figure that the text tells of the phrase; None where it tells none, or several.
    ``as_count``: of things and people, no money."""
    asked = frozenset(item_terms(phrase.item)) - _IDLE
    if len(asked) < _LEAST_TERMS or len(phrase.spans.periods) > 1:
        return None
    kind = _kind(phrase, as_count)
    found = [one for sentence, said in _sentences(source) if asked <= said
             for one in _figures(sentence, asked, phrase.spans.only, kind)]  # fmt: skip
    return found[0] if len({one.figure.value for one in found}) == 1 else None


def _kind(phrase: Phrase, as_count: bool) -> frozenset[Unit]:
    if not phrase.norms.isdisjoint(_PERCENTS):
        return frozenset((Unit.PERCENT,))
    return frozenset((Unit.PLAIN, Unit.SHARES)) if as_count else frozenset((Unit.MONEY,))


@kept_with
def _sentences(source: Source) -> tuple[tuple[Sentence, frozenset[str]], ...]:
    if len(source.text) > _LONGEST_TEXT:
        return ()
    return tuple(
        (one, frozenset(terms_of(one.text)))
        for one in source.sentences
        if len(one.text) <= _LONGEST and one.figures and not _DENIED.search(one.text)
    )


def _figures(
    sentence: Sentence, asked: frozenset[str], period: Period | None, kind: frozenset[Unit]
) -> Iterator[ToldFigure]:
    tokens = tokens_of(sentence)
    told = [one for one in tokens if one.figure is not None and _is_told(one.figure, kind)]
    listed = _listed(sentence, tokens, told, period)
    if listed is not None:
        yield ToldFigure(listed, sentence)
        return
    parts = [part for part in _parts(sentence.text) if asked <= _terms(sentence.text, part)]
    for start, end in parts[:1] or [(0, len(sentence.text))]:
        inside = [one for one in told if start <= one.start < end]
        dates = [one for one in tokens if one.period is not None and one.period.year > 0]
        near = [one for one in dates if start <= one.start < end] or dates
        if len(inside) == 1 and _is_of(near, period) and inside[0].figure is not None:
            yield ToldFigure(inside[0].figure, sentence)


def _is_told(figure: Figure, kind: frozenset[Unit]) -> bool:
    return figure.unit in kind and not (figure.is_whole and figure.is_word)


def _is_of(dates: Sequence[Token], period: Period | None) -> bool:
    """Whether the one period there is the one asked for."""
    named = {one.period for one in dates if one.period is not None}
    if period is None:
        return len({one.year for one in named}) <= 1
    return len({one.year for one in named}) == 1 and all(closeness(period, one) for one in named)


def _listed(
    sentence: Sentence, tokens: Sequence[Token], told: Sequence[Token], period: Period | None
) -> Figure | None:
    """ "$5 million and $6 million in 2019 and 2018, respectively"."""
    if period is None or "respectively" not in sentence.text.lower():
        return None
    dates = [one for one in tokens if one.period is not None and one.period.year > 0]
    if len(dates) != len(told) or len(dates) < _LEAST_TERMS:
        return None
    if not (_in_a_row(tokens, dates) and _in_a_row(tokens, told)):
        return None
    for date, figure in zip(dates, told, strict=True):
        if date.period is not None and closeness(period, date.period):
            return figure.figure
    return None


def _in_a_row(tokens: Sequence[Token], some: Sequence[Token]) -> bool:
    places = [at for at, one in enumerate(tokens) if one in some]
    between = tokens[places[0] : places[-1] + 1]
    return all(one in some or one.norm in (",", "and") for one in between)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _PARTS.finditer(text):
        yield at, match.start()
        at = match.end()
    yield at, len(text)


def _terms(text: str, part: tuple[int, int]) -> frozenset[str]:
    return frozenset(terms_of(text[part[0] : part[1]]))
