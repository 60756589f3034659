"""One item of an ingest, from its claim to its end."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from summaries.batches.leases import MOST_ATTEMPTS, ClaimLost, take
from summaries.ingest import connections
from summaries.ingest.edgar import ingest_company
from summaries.ingest.market import ingest_market
from summaries.ingest.research import ingest_notes
from summaries.ingest.work import LEASE_SECONDS, Work, rest_after
from summaries.models import IngestItem, Source, Stock
from summaries.sources.errors import SourceError

log = structlog.get_logger(__name__)

State = IngestItem.State

# A source that blocks us for longer is for people to look at.
LONGEST_RUN = timedelta(days=1)


def do_item(item_id: int) -> bool:
    """Do an item of a run; False where it is done already or somebody else is at it."""
    lease = take(IngestItem, item_id, seconds=LEASE_SECONDS)
    if lease is None:
        return False
    item = IngestItem.objects.select_related("run", "stock").get(pk=item_id)
    work = Work(lease, item.stored, item.unchanged, item.failed if item.attempts > 1 else 0)
    try:
        _ingest(item, work)
        lease.close(state=State.DONE, finished_at=timezone.now(), **work.counts)
    except ClaimLost:
        log.info("ingest.claim_lost", item=item_id)
    except SourceError as error:
        _put_off(item, work, error)
    except (OperationalError, InterfaceError) as error:
        log.warning("ingest.passing_error", item=item_id, error=str(error))
        raise
    return True


def _ingest(item: IngestItem, work: Work) -> None:
    source, since = item.run.source, item.run.started_at
    if source == Source.EDGAR and item.stock:
        ingest_company(item.stock, connections.edgar(), work, since=first_day())
    elif source == Source.BLUEMATRIX:
        for name, feed in connections.feeds().items():
            ingest_notes(name, feed, work)
    elif source == Source.FACTSET:
        ingest_market(connections.factset(), Stock.objects.covered(), work, since=since)


def first_day() -> date:
    """Filings from this day on are ingested."""
    return timezone.localdate() - timedelta(days=round(365.25 * settings.EDGAR_YEARS))


def _put_off(item: IngestItem, work: Work, error: SourceError) -> None:
    """Tried again when the source may be back; a block is nobody's fault and costs no attempt."""
    words = " ".join(str(error).split())
    is_late = timezone.now() - item.run.started_at > LONGEST_RUN
    if error.permanent or is_late or item.attempts >= MOST_ATTEMPTS:
        ending = "" if error.permanent else f" Given up after {item.attempts} attempts."
        work.lease.fail(f"{words}{ending}", **work.counts)
        return
    rest = rest_after(error, item.attempts)
    log.warning("ingest.put_off", item=item.pk, seconds=rest.total_seconds(), error=words)
    work.lease.release(
        f"Waiting {rest.total_seconds():.0f} s: {words}",
        not_before=timezone.now() + rest,
        attempts=item.attempts - 1 if error.retry_after else item.attempts,
        **work.counts,
    )
