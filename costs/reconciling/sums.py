"""An export with sums: a model's calls of a stretch of time, live or in batches, by band.

A call belongs to the moment it was sent. Where an export says tokens and no amount, it is taken
to bill what the ledger does, plus the price of the tokens that it has more (the base band's,
so that for a model of several bands the difference is the least it can be).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from costs.models import ExportLine, UsageRecord
from costs.reconciling.compared import Compared, stored, value
from costs.reconciling.lines import BilledSum, Cover, Export
from costs.reconciling.outcome import CENT, Difference
from costs.tokens import Tokens

Match = ExportLine.Match


class Group(NamedTuple):
    at: datetime
    provider: str
    model: str
    is_batch: bool
    band: int | None


@dataclass
class Held:
    """What the ledger holds of a group."""

    usd: Decimal = Decimal(0)
    tokens: Tokens = field(default_factory=Tokens)


def compare_sums(told: Export, cover: Cover) -> Compared:
    """Raises Malformed where the export has no amounts and we have no price."""
    groups = _held(told, cover)
    lines = [_compare(line, groups.pop(_group(line), None)) for line in told.sums]
    extra = [
        Difference(
            None, "not in the export", group.model, group.is_batch, group.at, Decimal(0), held.usd
        )
        for group, held in sorted(groups.items())
        if held.usd
    ]
    return Compared(lines, extra)


def _group(line: BilledSum) -> Group:
    return Group(line.at, line.provider, line.model, line.is_batch, line.band)


def _compare(line: BilledSum, held: Held | None) -> ExportLine:
    there = held or Held()
    billed = line.billed_usd if line.billed_usd is not None else _valued(line, there)
    if held is None:
        match = Match.MISSING
    else:
        match = Match.SAME if abs(billed - there.usd) < CENT / 2 else Match.DIFFERENT
    return stored(line, match=match, billed_usd=billed, ledger_usd=there.usd)


def _valued(line: BilledSum, held: Held) -> Decimal:
    assert line.tokens is not None  # noqa: S101 - an export says one of both
    if line.tokens == _without_thinking(held.tokens):
        return held.usd
    more, less = value(line, line.tokens, prompt=0), value(line, held.tokens, prompt=0)
    return max(held.usd + more - less, Decimal(0))


def _without_thinking(tokens: Tokens) -> Tokens:
    return Tokens(
        tokens.input, tokens.cache_write, tokens.cache_write_1h, tokens.cache_read, tokens.output
    )


def _held(told: Export, cover: Cover) -> dict[Group, Held]:
    has_bands = any(line.band is not None for line in told.sums)
    stretches = sorted({(line.at, line.until) for line in told.sums})
    starts = [start for start, _ in stretches]
    held: dict[Group, Held] = defaultdict(Held)
    for record in _records(told, cover):
        place = bisect_right(starts, record.sent_at) - 1
        if place < 0 or record.sent_at >= stretches[place][1]:
            continue
        band = record.price.above_tokens if has_bands else None
        group = Group(starts[place], record.provider, record.model, record.is_batch, band)
        held[group].usd += record.cost_usd
        held[group].tokens += record.tokens
    return dict(held)


def _records(told: Export, cover: Cover) -> list[UsageRecord]:
    rows = UsageRecord.objects.billed().filter(
        provider__in=told.providers, sent_at__gte=cover.from_at, sent_at__lt=cover.until_at
    )
    return list(rows.select_related("price").iterator())
