"""What needs me? The top of the admin: what waits, what failed, what ran, what grew old."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from costs.budgets import Standing, standings
from costs.models import UsageRecord
from costs.reports.burn import firm_budget
from llm.circuits import CircuitState
from llm.panels import states
from summaries.admin.batches import with_counts
from summaries.ingest.coverage import Gap, coverage
from summaries.models import BatchItem, BatchRun, Source, Stock, Summary
from summaries.models.ingests import LICENSED_SOURCES
from summaries.models.licences import holds_every_plan
from summaries.pages.batches import as_read_by
from summaries.pages.notation import STALE_MONTHS
from summaries.writing.numbers import percent

SHOWN = 6
NEARLY = Decimal("0.9")


def needs(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's dashboard callback; empty for who may not read summaries."""
    if not request.user.has_perm("summaries.view_summary"):
        return context
    last_run = with_counts(BatchRun.objects.all()).first()
    readable = Summary.objects.readable_by(request.user)
    held = readable.held().select_related("stock").order_by("created_at")
    failed = BatchItem.objects.filter(run=last_run, state=BatchItem.State.FAILED)
    old = (
        readable.shown()
        .filter(data_through__lte=_stale_before())
        .select_related("stock")
        .order_by("data_through")
    )
    without = Stock.objects.filter(coverage=Stock.Coverage.NOT_ENOUGH)
    return {
        **context,
        "last_run": last_run,
        "held": held[:SHOWN],
        "held_count": held.count(),
        "failed": as_read_by(failed.select_related("stock"), request.user)[:SHOWN],
        "failed_count": failed.count() if last_run else 0,
        "old": old[:SHOWN],
        "old_count": old.count(),
        "not_enough_count": without.count(),
        "published_count": readable.shown().count(),
        **_sources(request),
        "money": _money(request),
        "today": timezone.localdate(),
    }


@dataclass(frozen=True)
class Money:
    """``firm``: its budget, None where none is set. ``unknown``: calls whose outcome nobody knows.
    ``broken``: providers that are left alone; None where nobody can tell."""

    firm: Standing | None
    unknown: int
    broken: list[CircuitState] | None

    @property
    def share(self) -> str:
        return percent(self.firm.share) if self.firm else ""

    @property
    def is_short(self) -> bool:
        """Whether the budget is nearly spent, or won't last."""
        if self.firm is None:
            return False
        forecast = self.firm.forecast_usd
        return self.firm.share >= NEARLY or (forecast or 0) > self.firm.amount_usd


def _money(request: HttpRequest) -> Money | None:
    """None for who may not read the ledger."""
    if not request.user.has_perm("costs.view_usagerecord"):
        return None
    circuits = states()
    return Money(
        firm=firm_budget(standings()),
        unknown=UsageRecord.objects.filter(state=UsageRecord.State.UNKNOWN).count(),
        broken=None if circuits is None else [one for one in circuits if one.state != "closed"],
    )


@dataclass(frozen=True)
class SourceLine:
    """A source that the settings name or that gave us something, as the user may know of it."""

    name: str
    source: str
    share: str
    target: str
    gaps: int
    worst: Gap | None
    failing: int
    needs_me: bool


def _sources(request: HttpRequest) -> dict[str, Any]:
    """Nothing for who may not read source items; of licensed ones nothing without every plan."""
    if not request.user.has_perm("summaries.view_sourceitem"):
        return {"sources": None}
    whole = holds_every_plan(request.user)
    lines = [
        SourceLine(
            name=Source(one.source).label,
            source=one.source,
            share=percent(one.share),
            target=percent(one.target),
            gaps=len(one.gaps),
            worst=one.gaps[0] if one.gaps else None,
            failing=one.failing,
            needs_me=not one.well or bool(one.failing),
        )
        for one in coverage()
        if one.is_configured and (whole or one.source not in LICENSED_SOURCES)
    ]
    return {"sources": lines, "sources_need": sum(line.needs_me for line in lines)}


def _stale_before() -> Any:
    """The latest day that is STALE_MONTHS old; a month's end is a day early at the most."""
    today = timezone.localdate()
    months = today.year * 12 + today.month - 1 - STALE_MONTHS
    return today.replace(year=months // 12, month=months % 12 + 1, day=min(today.day, 28))
