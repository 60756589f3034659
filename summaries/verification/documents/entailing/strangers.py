"""What a claim speaks of and its source knows nothing of: another company, another year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summaries.verification.documents.entailing.features import names_year
from summaries.verification.documents.entailing.passages import Index
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Sentence, Source

_OWNER = re.compile(r"((?:[A-Z][\w&.-]*\s)*[A-Z][\w&.-]*)(?:['’]s|(?<=s)['’])(?!\w)")
_SHORTEST = 3


def strangers(claim: Sentence, index: Index) -> tuple[Reason, ...]:
    """Owners whose name the source doesn't have, where it's known whose it is; years that it
    doesn't name."""
    return (*_owners(claim, index.source), *_years(claim, index))


def _owners(claim: Sentence, source: Source) -> Iterator[Reason]:
    if not source.company:
        return
    for owner in _OWNER.finditer(claim.text):
        last = owner[1].split()[-1].strip(".").casefold()
        if len(last) >= _SHORTEST and not _is_named(last, source):
            text = f"The source is of {source.company[0]} and doesn't name {owner[1]}."
            yield Reason("entity", text, owner.start(1), owner.end(1))


def _is_named(name: str, source: Source) -> bool:
    return (
        name in source.flat
        or any(name in one.casefold() for one in source.company)
        or any(
            name in said.casefold()
            for table in source.tables
            for said in (table.caption, *(row.path for row in table.rows))
        )
    )


def _years(claim: Sentence, index: Index) -> Iterator[Reason]:
    for spell in claim.spells:
        if spell.year and not names_year(spell.year, index):
            text = f"The source names no {spell.year}."
            yield Reason("period", text, spell.start, spell.end)
