"""What workers do: thin, given ids, safe to run twice.

No retries by Dramatiq: an item that could not be done goes back to its run,
which sends it again a bounded number of times.
"""

from __future__ import annotations

import time

import dramatiq
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from dramatiq.middleware import TimeLimitExceeded

import llm
from costs.errors import CostError
from costs.tasks import keep_accounts
from experiments.tasks import write_experiments
from llm import outbox
from llm.errors import Waiting
from llm.tasks import cancel_batches, carry_batches, forget_replies
from summaries.actions import InputsChanged, Outcome, summarise
from summaries.authoring import spent
from summaries.batches.claims import ClaimedItem, ClaimLost, claim, fail, put_aside, release
from summaries.ingest import do_item
from summaries.models import BatchItem
from summaries.passages import index_statements
from summaries.passages.background import embed_passages

__all__ = [
    "cancel_batches",
    "carry_batches",
    "embed_passages",
    "forget_replies",
    "ingest_item",
    "keep_accounts",
    "summarise_item",
    "write_experiments",
]

log = structlog.get_logger(__name__)

# They pass: the same item may go well the next time.
PASSING = (OperationalError, InterfaceError, InputsChanged, TimeLimitExceeded)
QUEUE = "batch"
# Nine questions to models that take their whole time, and the work between them. The lease is
# renewed before each question.
WRITING_LIMIT_MS = 20 * 60 * 1000
INGEST_QUEUE = "ingest"


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=0,
    time_limit=WRITING_LIMIT_MS,
    max_age=3_600_000,
    throws=PASSING,
)
def summarise_item(item_id: int) -> None:
    """Do one item of a run; nothing where it is done already or somebody else is at it."""
    claimed = claim(item_id)
    if claimed is None:
        return
    try:
        outcome = _summarised(claimed)
    except ClaimLost:
        log.info("batch.claim_lost", item=item_id, stock=claimed.stock.ticker)
    except Waiting as waiting:
        _put_aside(claimed, waiting.key)
    except PASSING as error:
        log.warning("batch.passing_error", stock=claimed.stock.ticker, error=_words(error))
        _give_back(claimed, error)
    except CostError as error:
        log.warning("batch.not_paid_for", stock=claimed.stock.ticker, error=_words(error))
        _fail(claimed, f"{error} Its summary stays as it was.")
    except Exception as error:
        log.exception("batch.failed", stock=claimed.stock.ticker)
        _fail(claimed, _advice(claimed, error))
    else:
        log.info("batch.done", stock=claimed.stock.ticker, state=str(outcome.state))
        _make_findable(claimed)


def _summarised(claimed: ClaimedItem) -> Outcome:
    """By whoever writes; a question to a model holds the item for as long as it may take."""
    item = BatchItem.objects.select_related("run").get(pk=claimed.lease.item_id)

    def close(outcome: Outcome) -> None:
        claimed.close(outcome)
        _note_cost(claimed)

    def keep_alive(seconds: float) -> None:
        claimed.lease.renew(seconds + settings.BATCH_LEASE_SECONDS)

    ask = outbox.ask if item.run.at_half_price else llm.write
    return summarise(
        stock=claimed.stock, close=close, ask=ask, run=str(item.run_id), keep_alive=keep_alive
    )


def _note_cost(claimed: ClaimedItem) -> None:
    """What its questions cost in this run, by the ledger: also where nothing came of them."""
    items = BatchItem.objects.filter(pk=claimed.lease.item_id)
    run = items.values_list("run_id", flat=True).get()
    items.update(cost_usd=spent(run=str(run), ticker=claimed.stock.ticker))


def _put_aside(claimed: ClaimedItem, key: str) -> None:
    try:
        put_aside(claimed, key)
    except ClaimLost:
        return
    log.info("batch.waits", stock=claimed.stock.ticker)


def _make_findable(claimed: ClaimedItem) -> None:
    """The summary is published whatever becomes of this; what is left here, the next batch does."""
    try:
        index_statements(claimed.stock)
    except Exception:
        log.exception("batch.not_indexed", stock=claimed.stock.ticker)


# Sources are waited for, documents read: minutes for a company's first time. The lease is
# renewed on the way, so that a killed worker's item is free long before this limit.
INGEST_LIMIT_MS = 30 * 60 * 1000


@dramatiq.actor(
    queue_name=INGEST_QUEUE,
    max_retries=0,
    time_limit=INGEST_LIMIT_MS,
    max_age=3_600_000,
    throws=PASSING,
)
def ingest_item(item_id: int) -> None:
    """Do one item of an ingest; what is lost on the way is free again when its lease ends."""
    do_item(item_id)


def _give_back(claimed: ClaimedItem, error: BaseException) -> None:
    """Within the lease, as soon as the database is back; after it the item is free anyway."""
    until = time.monotonic() + settings.BATCH_LEASE_SECONDS
    while time.monotonic() < until:
        try:
            release(claimed, f"Tried again after: {_words(error)}")
        except (OperationalError, InterfaceError):
            connections.close_all()
            time.sleep(0.5)
        except ClaimLost:
            return
        else:
            return


def _advice(claimed: ClaimedItem, error: Exception) -> str:
    return (
        f"{_words(error)} Look at the stock's facts and at the workers' log, "
        f"then run manage.py run_batch --tickers {claimed.stock.ticker}."
    )


def _fail(claimed: ClaimedItem, message: str) -> None:
    try:
        fail(claimed, message[:300])
        _note_cost(claimed)
    except ClaimLost:
        return


def _words(error: BaseException) -> str:
    told = " ".join(str(error).split())[:150]
    return f"{type(error).__name__}: {told or 'no message'}."
