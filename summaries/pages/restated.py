"""What was known when: one figure as each filing that reports it says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from summaries.models import Fact


@dataclass(frozen=True)
class Said:
    """One filing's word. ``change``: against the word before it; None of the first."""

    fact: Fact
    change: Decimal | None

    @property
    def is_changed(self) -> bool:
        return bool(self.change)

    @property
    def is_amendment(self) -> bool:
        return self.fact.filing.is_amendment


def versions(fact: Fact) -> list[Said]:
    """The same concept, unit and period of the same stock, the newest filing first."""
    same = Fact.objects.filter(
        stock=fact.stock_id, concept=fact.concept, unit=fact.unit, start=fact.start, end=fact.end
    ).select_related("filing__stock")
    return compared(sorted(same, key=_when, reverse=True))


def compared(newest_first: Iterable[Fact]) -> list[Said]:
    facts = list(newest_first)
    before = [*facts[1:], None]
    return [
        Said(one, one.value - old.value if old else None)
        for one, old in zip(facts, before, strict=True)
    ]


def _when(fact: Fact) -> tuple[str, str, int]:
    """A filing whose date the source lacks is as old as the period it reports on."""
    filing = fact.filing
    public = filing.public_at
    return str(public.date() if public else filing.period_end), str(public or ""), fact.pk
