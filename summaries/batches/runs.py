"""The life of a run: started or resumed, finished when nothing is open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from llm.tasks import cancel_batches
from summaries.batches.leases import MOST_ATTEMPTS
from summaries.models import AuditEvent, BatchItem, BatchRun, IngestRun, Stock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Runs of both kinds have the same life and the same words for it.
Run = BatchRun | IngestRun
State = BatchRun.State
ItemState = BatchItem.State


class NoStocks(Exception):
    """There is nothing to run over; the message says what to do."""


def scope_of(stock_ids: Iterable[int]) -> str:
    """Names a set of stocks, whatever their order."""
    return hashlib.sha256(",".join(map(str, sorted(stock_ids))).encode()).hexdigest()


@transaction.atomic
def start_run(
    *,
    stocks: Iterable[Stock],
    trigger: BatchRun.Trigger,
    slot: datetime | None = None,
    concurrency: int = 4,
    requested_by: User | None = None,
    at_half_price: bool = False,
) -> tuple[BatchRun, bool]:
    """A run over the stocks, and whether it is new: an unfinished one is gone on with.

    With a ``slot``, the run that the slot has already, finished or not. Raises NoStocks.
    """
    ids = sorted({stock.pk for stock in stocks})
    if not ids:
        raise NoStocks(
            "No stocks are loaded. Run manage.py load_bundle, then start the batch again."
        )
    scope = scope_of(ids)
    if slot and (same := BatchRun.objects.filter(trigger=trigger, slot=slot).first()):
        return same, False
    run = BatchRun(
        trigger=trigger, slot=slot, scope=scope, concurrency=concurrency, requested_by=requested_by,
        at_half_price=at_half_price,
    )  # fmt: skip
    # Of two that start the same run at once, one inserts and the other finds it.
    BatchRun.objects.bulk_create([run], ignore_conflicts=True)
    found = _running(scope, trigger, slot)
    items = [BatchItem(run=found, stock_id=pk) for pk in ids]
    made = not found.items.exists()
    BatchItem.objects.bulk_create(items, batch_size=1000, ignore_conflicts=True)
    return found, made


def _running(scope: str, trigger: str, slot: datetime | None) -> BatchRun:
    runs = BatchRun.objects.select_for_update()
    found = runs.filter(scope=scope, state=State.RUNNING).first()
    return found or runs.get(trigger=trigger, slot=slot)


def give_up_exhausted(run: Run) -> int:
    """Fail the items that were claimed too often without an end."""
    return (
        run.items.claimable(timezone.now())
        .filter(attempts__gte=MOST_ATTEMPTS)
        .update(
            state=ItemState.FAILED,
            claim_token=None,
            lease_until=None,
            finished_at=timezone.now(),
            message=f"Given up after {MOST_ATTEMPTS} attempts: the workers died or lost their "
            "database each time. See the workers' log, then start the same run again.",
        )
    )


def expire_claims(run: Run) -> int:
    """Let claimed items be taken over at once: the workers that claimed them are dead.

    Should one be alive after all, its token is lost with the take-over and it writes nothing.
    """
    return run.items.filter(state=ItemState.CLAIMED).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


def finish_if_done(run: Run) -> bool:
    """Close the run when nothing is open. True once it is closed."""
    if run.items.open().exists():
        return False
    _end(run, State.FINISHED)
    return True


def _end(run: Run, state: str) -> bool:
    """Whether the run was running, and so was ended by us."""
    runs: Any = type(run)._default_manager
    running = runs.filter(pk=run.pk, state=State.RUNNING)
    return bool(running.update(state=state, finished_at=timezone.now()))


@transaction.atomic
def cancel_run(*, run: Run, by: User | None = None) -> None:
    """Stop a run: what is open is closed as cancelled, what is being written is not stored."""
    if not _end(run, State.CANCELLED):
        return
    if isinstance(run, BatchRun) and run.at_half_price:
        name = str(run.pk)
        transaction.on_commit(lambda: cancel_batches.send(name))
    run.items.open().update(
        state=ItemState.CANCELLED, claim_token=None, lease_until=None, finished_at=timezone.now()
    )
    AuditEvent.objects.create(
        actor=by,
        action="cancel",
        subject_type="batch" if isinstance(run, BatchRun) else "ingest",
        subject_id=str(run.pk),
        from_state=State.RUNNING,
        to_state=State.CANCELLED,
    )
