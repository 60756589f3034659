"""Starting a go over a source, or going on with the one that isn't finished."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from summaries.models import AuditEvent, IngestItem, IngestRun, Source, Stock

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = IngestRun.State


class NothingToIngest(Exception):
    """There is nothing to run over; the message says what to do."""


@transaction.atomic
def start_ingest(
    *, source: str, stocks: Iterable[Stock], trigger: str, slot: datetime | None = None,
    requested_by: User | None = None,
) -> tuple[IngestRun, bool]:  # fmt: skip
    """A run over the stocks, and whether it is new: a source has one running at a time, and what
    is asked for meanwhile joins it. BlueMatrix and FactSet are asked once for all stocks.

    With a ``slot``, the run that the slot has already, finished or not. Raises NothingToIngest.
    """
    if slot and (same := IngestRun.objects.filter(source=source, slot=slot).first()):
        return same, False
    ids: set[int | None] = {stock.pk for stock in stocks} if source == Source.EDGAR else {None}
    if not ids:
        raise NothingToIngest(
            "No stocks are listed. Run manage.py load_bundle, then start the ingest again."
        )
    run = IngestRun(source=source, trigger=trigger, slot=slot, requested_by=requested_by)
    # Of two that start at once, one inserts and the other finds it.
    IngestRun.objects.bulk_create([run], ignore_conflicts=True)
    found = IngestRun.objects.select_for_update().filter(source=source, state=State.RUNNING).get()
    made = not found.items.exists()
    items = [IngestItem(run=found, stock_id=pk) for pk in sorted(ids, key=lambda pk: pk or 0)]
    IngestItem.objects.bulk_create(items, batch_size=1000, ignore_conflicts=True)
    # Who is asked for again while the run still lasts, is done again.
    if not made and trigger == IngestRun.Trigger.ADMIN:
        ended = [item.pk for item in found.items.filter(state__in=_ENDED) if item.stock_id in ids]
        found.items.filter(pk__in=ended).update(
            state=IngestItem.State.PENDING, attempts=0, finished_at=None, message=""
        )
    if made:
        AuditEvent.objects.create(
            actor=requested_by, action="ingest", subject_type="ingest", subject_id=str(found.pk),
            from_state="", to_state=State.RUNNING,
        )  # fmt: skip
    return found, made


_ENDED = (IngestItem.State.DONE, IngestItem.State.FAILED)
