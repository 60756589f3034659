"""Shares of a whole that a source tells in its prose.

"In 2019, 12% of our revenue came from leases" is what "leases accounted for 12% of total revenue in
2019" says, and so is "leases represented 12% of our revenue in 2019".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from summaries.verification.documents.figures import Figure, Unit, figures_of
from summaries.verification.documents.sources import Sentence, Source, without
from summaries.verification.documents.spells import spells_of
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.lines import terms_of
from summaries.verification.documents.tabular.periods import period_of
from summaries.verification.documents.tabular.tokens import tokens_of
from summaries.verification.documents.tabular.told import Told, names_of, plain, sentences_with

_ABOUT = r"(?:(?:about|approximately|nearly|roughly|a\s+total\s+of)\s+)?"
_WHOLE = r"(?P<whole>(?:[\w'’-]+\s+){0,6}?[\w'’-]+)"
_FROM = re.compile(
    rf"\s+of\s+{_WHOLE}\s+(?:was|were|is|are)?\s*(?:earned|derived|generated|received|attributable|came"
    r"|made|due)?\s*(?:pursuant\s+to|under|from|by|to)\s+(?P<part>[^,;:.()]{2,80}?)"
    r"(?=[,;:.()]|\s+(?:in|for|during|as|which|that|and)\b|$)",
    re.IGNORECASE,
)
_OF = re.compile(rf"\s+of\s+{_WHOLE}\s*(?=[,;:.()]|\s+(?:in|for|during|as)\b|$)", re.IGNORECASE)
_MADE_UP = re.compile(
    rf"(?:^|[,;.]\s+|\bsales\s+to\s+)(?P<part>[^,;:.()]{{2,80}}?)\s+(?:accounted\s+for|represented"
    rf"|comprised|constituted|made\s+up)\s+{_ABOUT}$",
    re.IGNORECASE,
)
# What a customer's business with the company is called.
_BUSINESS = frozenset(terms_of("contracts customers sales business clients"))


def told_share(clause: Clause, source: Source) -> Cell | None:
    """The figure that tells it; None where the prose doesn't."""
    if len(clause.shares) != 1 or len(clause.now) > 1:
        return None
    share = clause.shares[0]
    if share.unit is not Unit.PERCENT:
        return None
    part, whole = (_names(names_of(one)) for one in (clause.item, clause.whole))
    if not part or not whole:
        return None
    year = clause.now[0].year if clause.now else 0
    for said, of, when, cell in _shares(tuple(sorted(whole)), source):
        fits = part <= said <= part | _BUSINESS and of == whole
        if fits and (not year or when == year) and share.shows(cell.figure.value):
            return cell
    return None


def _names(found: Counter[str]) -> frozenset[str]:
    return frozenset(found)


_Share = tuple[frozenset[str], frozenset[str], int, Cell]


@lru_cache(maxsize=256)
def _shares(whole: Sequence[str], source: Source) -> tuple[_Share, ...]:
    return tuple(
        share for sentence in sentences_with(whole, source) for share in _of_sentence(sentence)
    )


def _of_sentence(sentence: Sentence) -> Iterator[_Share]:
    """Of a sentence with one percentage and one period."""
    text = plain(sentence.text)
    spells = spells_of(text)
    figures = without(figures_of(text), spells)
    period = period_of(spells)
    if len(figures) != 1 or figures[0].unit is not Unit.PERCENT or (spells and period is None):
        return
    figure = figures[0]
    for part, whole in _parts(text, figure):
        cell = Told(-1, -1, figure.text, figure, (), sentence)
        yield _said(part), _said(whole), period.year if period else 0, cell


def _parts(text: str, figure: Figure) -> Iterator[tuple[str, str]]:
    after = _FROM.match(text, figure.end)
    if after:
        yield after["part"], after["whole"]
    before = _MADE_UP.search(text[max(0, figure.start - 160) : figure.start])
    of = _OF.match(text, figure.end)
    if before and of:
        yield before["part"], of["whole"]


def _said(text: str) -> frozenset[str]:
    return _names(names_of(tokens_of(Sentence(0, text))))
