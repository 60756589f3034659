"""Whether the lines of a reading are plainly what a question means.

The verifier takes any reading that proves a claim. An answer has to be the reading that every reader
would have: each word of the question is said of the lines, and no other line has more of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from queries.answering.working import Phrase, Worked
from summaries.verification.documents.figures import Unit
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.items import item_terms
from summaries.verification.documents.tabular.lines import Line, lines_of, terms_of
from summaries.verification.documents.tabular.locating import around
from summaries.verification.documents.tabular.told import Told
from summaries.verification.documents.tabular.units import is_all_rates

# Said of how a figure is worked out or given, and of no line.
_ASKED = frozenset(
    terms_of(
        "amount value figure number total sum average mean change increase decrease difference"
        " percentage percent proportion ratio share growth rate net annual annually year years both"
        " each across respective respectively between compared over out company firm group"
        " expense expenses cost costs balance reported recorded recognized recognised incurred"
        " generated derived approximate approximately overall combined period fiscal financial end"
        " ended what how much many was were earned received made annum relation value altogether"
        " fluctuation variance variation reduction decline rise all any have has had there been"
        " per during among within than against when absolute expressed term terms which that who"
    )
)
# What a total of the table may be called, and each of its lines.
_KINDS = frozenset(
    terms_of("revenue revenues sales income profit earnings assets liabilities fees taxes tax")
)
_COSTS = frozenset(terms_of("cost costs expense expenses"))
_GAINS = frozenset(terms_of("revenue revenues sales income profit earnings"))
_TOO_MANY = 2  # words of a label that are left out
_LEAST_TO_MEND, _ALIKE = 6, 0.88  # letters; of them
_RANGE = re.compile(r"\d\s*%?\s*(?:[-–—]|to)\s*[$€£]?\d")
_WHOLE = re.compile(r"100(?:\.0+)?\s?%?")
_NARROWS = re.compile(r"\s*(?:includ|of which|thereof|excluding)", re.IGNORECASE)


def is_plainly_meant(one: Worked, phrase: Phrase, source: Source) -> bool:
    lines = _lines(one)
    if any(_RANGE.search(cell.text) for cell, _ in one.worth.found):
        return False
    if any(isinstance(cell, Told) or line.at < 0 for cell, line in one.worth.found):
        return True  # prose and formulas are found under their very names
    said = frozenset(item_terms(phrase.item))
    asked = said - _ASKED
    told = frozenset(term for line in lines for term in line.all_terms | around(line, source))
    if any(not _is_said(term, told) for term in asked):
        return False
    if any(_narrowed(line, said) or _unsaid(line, said) >= _TOO_MANY for line in lines):
        return False
    if any(_is_the_cost(line, said) or _is_the_whole(one) for line in lines):
        return False
    if _per(phrase) and not all(_per_share(line) for line in lines):
        return len(lines) > 1 and one.way != "share"
    if len(lines) > 1:
        return True
    return not any(_is_meant_more(other, lines[0], asked) for other in lines_of(source))


def _lines(one: Worked) -> Sequence[Line]:
    return tuple(dict.fromkeys(line for _, line in one.worth.found))


def _is_said(term: str, told: frozenset[str]) -> bool:
    """Misspelt, too."""
    return term in told or (
        len(term) >= _LEAST_TO_MEND and bool(get_close_matches(term, told, n=1, cutoff=_ALIKE))
    )


def _narrowed(line: Line, said: frozenset[str]) -> bool:
    """Whether it stands under "Including …", which the question doesn't say."""
    return any(
        _NARROWS.match(one) and not frozenset(terms_of(one)) <= said for one in line.sections
    )


def _unsaid(line: Line, said: frozenset[str]) -> int:
    """How many words of its label the question leaves out, that tell it from others."""
    labels = ({term.partition("#")[0] for term in label.must} for label in line.labels)
    return min(len(label - said - _ASKED - _KINDS) for label in labels)


def _is_the_cost(line: Line, said: frozenset[str]) -> bool:
    """ "Cost of revenue" where revenue is asked for."""
    return bool(line.all_terms & _COSTS) and bool(said & _GAINS) and not said & _COSTS


def _is_the_whole(one: Worked) -> bool:
    """The 100 % at the end of a column of shares, which says nothing of the amount."""
    cell, line = one.worth.found[0]
    is_rate = cell.figure.unit is Unit.PERCENT or is_all_rates(line.table)
    return one.way == "printed" and is_rate and _WHOLE.fullmatch(cell.text.strip()) is not None


def _per(phrase: Phrase) -> bool:
    return "per" in {one.norm for one in phrase.item}


def _per_share(line: Line) -> bool:
    path = " ".join((*line.sections, line.label, line.head, line.table.caption)).lower()
    return bool(re.search(r"\bper\b|\bprice\b|\bvalue\b|\beps\b", path))


def _is_meant_more(other: Line, line: Line, asked: frozenset[str]) -> bool:
    """Whether another line of the table has a word of the question that this one hasn't, and as
    many of them."""
    if other.table is not line.table or other.all_terms == line.all_terms:
        return False
    own, others = (one.all_terms | one.head_terms for one in (line, other))
    around = own | line.section_terms | frozenset(terms_of(line.table.caption)) | _KINDS
    return bool((asked - around) & others) and len(asked & others) >= len(asked & own)
