"""The quarter or year that a statement is of, beside the period its document reports."""

from __future__ import annotations

from dataclasses import dataclass

from summaries.verification.documents.prose import lexicon
from summaries.verification.documents.prose.reading import read
from summaries.verification.documents.sources import Source
from summaries.verification.documents.spells import Kind, Spell

_LOOK_BACK = 3
_LOOK_BACK_OUTLOOK = 15


@dataclass(frozen=True)
class Period:
    """``kind``: quarter, year or other. ``number``: of the quarter. ``year``: 0 where unsaid."""

    kind: str
    number: int = 0
    year: int = 0

    def __str__(self) -> str:
        name = f"Q{self.number}" if self.kind == "quarter" and self.number else self.kind
        return f"{name} {self.year}" if self.year else name


def period_of(spell: Spell, source: Source, *, is_outlook: bool = False) -> Period:
    """An outlook's "the quarter" is whichever its number is."""
    match spell.kind:
        case Kind.QUARTER:
            return Period("quarter", spell.number, spell.year)
        case Kind.THIS_QUARTER if is_outlook:
            return Period("quarter")
        case Kind.THIS_QUARTER:
            return Period("quarter", source.quarter, source.year)
        case Kind.NEXT_QUARTER:
            return Period("quarter", source.quarter % 4 + 1)
        case Kind.YEAR:
            return Period("year", 0, spell.year)
        case Kind.NEXT_YEAR:
            return Period("year", 0, source.year + 1 if source.year else 0)
        case Kind.FULL_YEAR:
            return Period("year")
        case Kind.THIS_YEAR:
            return Period("other" if "date" in spell.text.lower() else "year")
        case Kind.MONTHS if spell.count == 3:
            return Period("quarter", source.quarter, source.year)
        case Kind.MONTHS if spell.count == 12:
            return Period("year")
    return Period("other", spell.number or spell.count, spell.year)


def agree(claimed: Period, said: Period, source: Source, *, is_outlook: bool) -> bool:
    """Whether both may be one period. An unsaid year is the document's, or the next in outlook."""
    if claimed.kind != said.kind:
        return False
    if claimed.number != said.number and claimed.number and (said.number or not is_outlook):
        return False
    if claimed.year and said.year:
        return claimed.year == said.year
    if not claimed.year and not said.year:
        return True
    named = claimed.year or said.year
    if not source.year:
        return not claimed.year
    if said.year and is_outlook:
        return said.year >= source.year
    return named == _unsaid_year(claimed, source, is_outlook=is_outlook)


def _unsaid_year(period: Period, source: Source, *, is_outlook: bool) -> int:
    if not is_outlook or not source.quarter:
        return source.year
    if period.kind == "quarter":
        return source.year + (period.number < source.quarter)
    return source.year + (source.quarter == 4)


def around(source: Source, at: int, *, is_outlook: bool) -> Period | None:
    """The period that the sentences before one speak of; None where they name none."""
    back = _LOOK_BACK_OUTLOOK if is_outlook else _LOOK_BACK
    for one in reversed(source.sentences[max(0, at - back) : at]):
        if (lexicon.OUTLOOK.search(one.lowered) is not None) != is_outlook:
            continue
        said = [fact.spell for fact in read(one.text).facts if fact.spell]
        spells = said or [
            spell
            for spell in read(one.text).spells
            if spell.kind in (Kind.QUARTER, Kind.FULL_YEAR, Kind.YEAR, Kind.THIS_QUARTER)
            and not lexicon.COMPARED_BEFORE.search(one.lowered[: spell.start])
        ]
        for spell in reversed(spells):
            found = period_of(spell, source, is_outlook=is_outlook)
            if not _is_over(found, source, is_outlook=is_outlook):
                return found
    return None


def _is_over(period: Period, source: Source, *, is_outlook: bool) -> bool:
    """A past year is compared with; so is the reported quarter by an outlook. No quarter but the
    fourth reports on its year."""
    if period.year and period.year < source.year:
        return True
    if not is_outlook:
        return period.kind == "year" and source.quarter in (1, 2, 3)
    if period.kind == "quarter" and not period.number:
        return True
    return is_outlook and period.kind == "quarter" and period.number == source.quarter
