"""Questions that the evidence at hand can answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from queries.evidence.figures import HEADLINES
from queries.evidence.held import Held
from queries.evidence.pieces import Pack
from summaries.measures import CATALOGUE
from summaries.periods import Span

MOST = 3
_MEASURES = (*HEADLINES, "operating_margin", "free_cash_flow")


def suggestions(pack: Pack) -> tuple[str, ...]:
    """Of the measures that were not asked for, those that the first stock reports, and of what
    the passages are headed."""
    return tuple(islice(_questions(pack), MOST))


def _questions(pack: Pack) -> Iterator[str]:
    for held in list(pack.held.values())[:1]:
        for key in _MEASURES:
            if key not in pack.wanted.measures and _is_reported(held, key):
                yield f"How has {held.sources.company.short}’s {CATALOGUE[key].name} moved over the past five years?"


def _is_reported(held: Held, key: str) -> bool:
    parts = {"operating_margin": ("operating_income", "revenue"),
             "free_cash_flow": ("operating_cash_flow", "capital_expenditure")}.get(key, (key,))  # fmt: skip
    return all(len(held.sources.book.item_series(part, Span.YEAR)) > 1 for part in parts)
