"""Sentences on rows of market data and research, each number and day of them held against the
row before it is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from queries.values import Citation, Claim
from summaries.verification import Verdict
from summaries.verification.documents.figures import figures_of
from summaries.verification.documents.sources import without
from summaries.verification.documents.spells import Kind, Spell, spells_of


def told(
    text: str,
    *,
    values: Iterable[Decimal | int | None],
    days: Collection[date],
    citation: Citation,
    named: Iterable[str] = (),
) -> Claim | None:
    """The sentence, if the row has each number and day that it says; None otherwise.

    ``named``: words of the row itself, whose digits are no figures ("Q2 preview")."""
    said = text
    for name in sorted(filter(None, named), key=len, reverse=True):
        said = said.replace(name, " " * len(name))
    held = [Decimal(value) for value in values if value is not None]
    spells = spells_of(said)
    figures = without(figures_of(said), spells)
    is_held = all(any(one.shows(value) for value in held) for one in figures)
    if not is_held or not all(_is_one_of(spell, days) for spell in spells):
        return None
    return Claim(text, Verdict.SUPPORTED, (citation,))


def _is_one_of(spell: Spell, days: Collection[date]) -> bool:
    if spell.kind is Kind.DAY:
        return any((spell.year, spell.month, spell.day) == (d.year, d.month, d.day) for d in days)
    if spell.year:
        return any(spell.year == day.year for day in days)
    return True
