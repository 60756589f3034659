"""Waiting entries become batches: with the ledger's rows, in one transaction.

What is in a batch has its money reserved. An entry that no budget has room for fails with the
reason; what its batch holds already stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.db.models import Count, TextField
from django.db.models.functions import Cast, Length

from costs.budgets.stopping import batch_may_run
from costs.errors import OverBudget, Unpriced
from costs.models import UsageRecord
from llm.models import BatchEntry, MessageBatch
from llm.outbox import booking, following

log = structlog.get_logger(__name__)

State = BatchEntry.State

# Providers take 100,000 entries and 256 MB (OpenAI 50,000 and 200 MB). Ours are smaller: the
# budgets are locked while the rows of a batch are opened, and its body is in memory as a whole.
MOST_ENTRIES = 10_000
MOST_CHARACTERS = 64_000_000
# One statement for thousands: a bulk_update of them takes seconds to write and to read.
_PUT = """
UPDATE llm_batchentry entry
SET state = %s, batch_id = %s, record_id = held.record, attempts = entry.attempts + 1
FROM unnest(%s::bigint[], %s::bigint[]) AS held (entry, record)
WHERE entry.id = held.entry
"""
# Rows opened in one go; halved where the budget has no room for so many.
PORTION = 100


def collect(*, run: str, least: int, now: datetime) -> int:
    """Put waiting entries into batches; how many batches. ``run``: of that run alone, "" of all.

    A model with fewer than ``least`` waiting entries has to wait for more.
    """
    waiting = BatchEntry.objects.filter(state=State.WAITING, **({"run": run} if run else {}))
    if not waiting.exists():
        return 0
    if not batch_may_run():
        refused = waiting.update(state=State.FAILED, error=following.SWITCHED_OFF, ended_at=now)
        log.warning("llm.outbox.switched_off", entries=refused)
        return 0
    groups = waiting.order_by().values_list("provider", "model").annotate(n=Count("pk"))
    made = 0
    for provider, model, number in groups:
        while number >= max(1, least):
            taken = _collect(provider, model, run, now)
            made += taken > 0
            number = number - taken if taken else 0
    return made


@transaction.atomic
def _collect(provider: str, model: str, run: str, now: datetime) -> int:
    """One batch of them; how many entries were seen to. Who comes second passes over the locked."""
    which = {"state": State.WAITING, "provider": provider, "model": model}
    waiting = (
        BatchEntry.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(**which, **({"run": run} if run else {}))
        .annotate(size=Length(Cast("request", TextField())))
        .defer("request")
        .order_by("pk")[:MOST_ENTRIES]
    )
    entries = _fitting(list(waiting))
    if not entries:
        return 0
    try:
        opened = _opened(entries)
    except Unpriced as error:
        log.error("llm.outbox.unpriced", error=str(error))
        _move_on(entries, now)
        return len(entries)
    if refused := len(entries) - len(opened):
        BatchEntry.objects.filter(pk__in=[entry.pk for entry in entries[len(opened) :]]).update(
            state=State.FAILED, error=following.OVER_BUDGET, ended_at=now
        )
        log.warning("llm.outbox.over_budget", provider=provider, model=model, entries=refused)
    if opened:
        _batch(provider, model, entries, opened)
    return len(entries)


def _fitting(entries: list[BatchEntry]) -> list[BatchEntry]:
    """The first, as many as one body holds; at least one."""
    size = 0
    fitting: list[BatchEntry] = []
    for entry in entries:
        size += entry.size  # type: ignore[attr-defined]
        if fitting and size > MOST_CHARACTERS:
            break
        fitting.append(entry)
    return fitting


def _opened(entries: Sequence[BatchEntry]) -> list[UsageRecord]:
    """Rows for the first of them, as many as the budgets have room for. Raises Unpriced."""
    rows: list[UsageRecord] = []
    for start in range(0, len(entries), PORTION):
        portion = entries[start : start + PORTION]
        opened = _first_of(portion)
        rows += opened
        if len(opened) < len(portion):
            break
    return rows


def _first_of(entries: Sequence[BatchEntry]) -> list[UsageRecord]:
    try:
        with transaction.atomic():
            return booking.open_rows(entries)
    except OverBudget as error:
        if len(entries) == 1:
            log.warning("llm.outbox.refused", error=str(error))
            return []
    half = len(entries) // 2
    rows = _first_of(entries[:half])
    return rows + _first_of(entries[half:]) if len(rows) == half else rows


def _batch(
    provider: str, model: str, entries: Sequence[BatchEntry], rows: Sequence[UsageRecord]
) -> None:
    batch = MessageBatch.objects.create(provider=provider, model=model)
    held = [entry.pk for entry in entries[: len(rows)]]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [State.IN_BATCH, batch.pk, held, [row.pk for row in rows]])


def _move_on(entries: Sequence[BatchEntry], now: datetime) -> None:
    """To the next model, because this one has no price."""
    whole = list(BatchEntry.objects.filter(pk__in=[entry.pk for entry in entries]))
    following_ones = [following.on_next_model(entry) for entry in whole]
    BatchEntry.objects.filter(pk__in=[entry.pk for entry in whole]).update(
        state=State.FAILED, error=following.UNPRICED, ended_at=now
    )
    BatchEntry.objects.bulk_create([entry for entry in following_ones if entry is not None])
