"""What a phrase of a question is worth: a figure of a line, or one worked out of several.

The readings are the verifier's own. Where a reading leaves open what is meant, as a change from a
loss to a gain in percent does, there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tabular.asking import (
    AVERAGES,
    DIFFERENCES,
    Spans,
    impersonal,
    moved,
    parts_and_wholes,
    past,
    spans_of,
)
from summaries.verification.documents.tabular.checking import loses
from summaries.verification.documents.tabular.clauses import Clause, Unread
from summaries.verification.documents.tabular.items import item_terms, matches_of
from summaries.verification.documents.tabular.lexicon import Verb
from summaries.verification.documents.tabular.locating import cells_at
from summaries.verification.documents.tabular.modifiers import ranges, split
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.subjects import worths_of
from summaries.verification.documents.tabular.tokens import Token, tokens_of
from summaries.verification.documents.tabular.worths import Worth, named
from summaries.verification.documents.tabular.years import uncounted

_MOST = 12
_MOST_ENDS = 2
_SHARES = frozenset("percentage percent % proportion ratio divided".split())


@dataclass(frozen=True)
class Phrase:
    """What is asked for, taken apart. ``words``: with their periods among them."""

    words: tuple[Token, ...]
    item: tuple[Token, ...]
    spans: Spans

    @property
    def norms(self) -> frozenset[str]:
        return frozenset(one.norm for one in self.words)


def phrase_of(subject: str) -> Phrase | None:
    """None where a period has no year: whose year is meant isn't said."""
    words = tuple(impersonal(uncounted(tokens_of(Sentence(0, subject)))))
    try:
        item, _ = split(words)
    except Unread:
        return None
    spans = spans_of(words)
    return Phrase(words, item, Spans(spans.periods, ranges(words))) if item else None


@dataclass(frozen=True)
class Worked:
    """``way``: "printed", "change", "rate", "share", "average", "difference" or "sum"."""

    worth: Worth
    way: str

    @property
    def formula(self) -> str:
        """With the figures in it; "" of one that is printed."""
        printed = [cell.text.strip() for cell, _ in self.worth.found]
        match self.way:
            case "change" | "difference":
                return " - ".join(printed)
            case "rate":
                return f"({printed[-1]} - {printed[0]}) / {printed[0]}"
            case "share":
                return f"({' + '.join(printed[:-1])}) / {printed[-1]}"
            case "average":
                return f"({' + '.join(printed)}) / {len(printed)}"
            case "sum":
                return " + ".join(printed)
        return ""


def worked(phrase: Phrase, source: Source) -> Iterator[Worked]:
    """Likelier ones first."""
    way = way_of(phrase)
    yield from _exactly(phrase, source) if way else printed(phrase, source, phrase.spans.only)
    if not way:
        yield from _computed(phrase, "sum", source)
        return
    for one in _computed(phrase, way, source):
        if _is_clear(one, phrase):
            yield one


def way_of(phrase: Phrase) -> str:
    """How it has to be worked out; "" of what is printed, or a sum."""
    words = phrase.words
    change = moved(words)
    if change is not None:
        return "rate" if change.is_rate else "change"
    if past(words, AVERAGES) is not None:
        return "average"
    if past(words, DIFFERENCES) is not None:
        return "difference"
    if "cagr" in phrase.norms:
        return "rate"
    if "per" in phrase.norms and phrase.norms.isdisjoint(_SHARES):
        return ""  # "earnings per share" is a line's name
    return "share" if next(parts_and_wholes(words), None) is not None else ""


def _exactly(phrase: Phrase, source: Source) -> Iterator[Worked]:
    """Where the whole phrase is a line's own label: "net change in cash"."""
    if len(phrase.spans.periods) > 1:
        return
    matches = [one for one in matches_of(item_terms(phrase.item), source) if not one.rank]
    found = cells_at([one.line for one in matches], phrase.spans.only)
    if found and not matches[0].sign:
        yield Worked(Worth(found[0][0].value, (found[0],)), "printed")


def printed(phrase: Phrase, source: Source, period: Period | None) -> Iterator[Worked]:
    """The line's own figure of that period."""
    if len(phrase.spans.periods) > 1:
        return
    for reading in named(phrase.item, source):
        worth = reading.at(period)
        if worth is not None:
            yield Worked(_sized(worth), "printed")


def _sized(worth: Worth) -> Worth:
    """Of what is spent or owed its amount, whichever way it is printed."""
    _, line = worth.found[0]
    return replace(worth, value=abs(worth.value)) if loses(line) else worth


def _computed(phrase: Phrase, way: str, source: Source) -> Iterator[Worked]:
    clause = Clause(Verb.LEVEL, phrase.item, now=phrase.spans.periods, said=phrase.words,
                    is_range=phrase.spans.is_range)  # fmt: skip
    for worth in islice(worths_of(clause, source), _MOST):
        if _is_of(worth, way):
            yield Worked(worth, way)


def _is_of(worth: Worth, way: str) -> bool:
    match way:
        case "change" | "difference":
            return worth.is_gap
        case "rate":
            return worth.is_rate
        case "share":
            return worth.is_ratio
        case "sum":
            is_one = worth.is_gap or worth.is_rate or worth.is_ratio
            return not is_one and len(worth.found) > 1
    return True


def _is_clear(one: Worked, phrase: Phrase) -> bool:
    """Whether all readers would work it out alike."""
    worth = one.worth
    if len(phrase.spans.periods) > _MOST_ENDS and "between" in phrase.norms:
        return False
    if worth.is_ratio and worth.value == 1:
        return False  # of a line and itself, under two names
    values = [cell.value for cell, _ in worth.found]
    has_losses = any(value < 0 for value in values)
    if one.way == "rate" and (has_losses or any(line.is_percent for _, line in worth.found)):
        return False  # of a percentage: in points, or in percent of it?
    if one.way in ("difference", "share") and not _are_beside(worth):
        return False
    if one.way == "change" and _is_told_otherwise(worth):
        return False
    if one.way in ("change", "difference", "average") and has_losses:
        return not any(loses(line) for _, line in worth.found)
    if one.way == "difference" and "net" in phrase.norms:
        return False  # with which sign?
    if one.way == "share" and has_losses:
        return all(value <= 0 for value in values)
    return True


def _is_told_otherwise(worth: Worth) -> bool:
    """Whether the table's own column of changes has it with another sign: "better" and "worse"."""
    cell, line = worth.found[0]
    row = next((one for one in line.table.rows if one.at == cell.row), None)
    return row is not None and any(
        other.value * worth.value < 0
        for at, other in row.cells.items()
        if line.table.columns[at].is_change and not line.table.columns[at].spells
    )


def _are_beside(worth: Worth) -> bool:
    """Figures of one table stand in one row or one column."""
    if len({id(line.table) for _, line in worth.found}) > 1:
        return True
    cells = [cell for cell, _ in worth.found]
    return len({one.row for one in cells}) == 1 or len({one.column for one in cells}) == 1
