"""What needs me? The top of the admin: what waits, what failed, what ran, what grew old."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from summaries.admin.batches import with_counts
from summaries.models import BatchItem, BatchRun, Stock, Summary
from summaries.pages.notation import STALE_MONTHS

SHOWN = 6


def needs(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's dashboard callback; empty for who may not read summaries."""
    if not request.user.has_perm("summaries.view_summary"):
        return context
    last_run = with_counts(BatchRun.objects.all()).first()
    held = Summary.objects.held().select_related("stock").order_by("created_at")
    failed = BatchItem.objects.filter(run=last_run, state=BatchItem.State.FAILED)
    old = (
        Summary.objects.published()
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
        "failed": failed.select_related("stock")[:SHOWN],
        "failed_count": failed.count() if last_run else 0,
        "old": old[:SHOWN],
        "old_count": old.count(),
        "not_enough_count": without.count(),
        "published_count": Summary.objects.published().count(),
        "today": timezone.localdate(),
    }


def _stale_before() -> Any:
    """The latest day that is STALE_MONTHS old; a month's end is a day early at the most."""
    today = timezone.localdate()
    months = today.year * 12 + today.month - 1 - STALE_MONTHS
    return today.replace(year=months // 12, month=months % 12 + 1, day=min(today.day, 28))
