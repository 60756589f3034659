"""What workers do for the door: carry Message Batches to the providers and their answers back."""

from __future__ import annotations

import dramatiq
from django.db import InterfaceError, OperationalError

from llm import keeping, outbox

QUEUE = "models"
# A batch of 256 MB is uploaded in this; a worker killed on the way loses nothing.
LIMIT_MS = 10 * 60 * 1000


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=0,
    time_limit=LIMIT_MS,
    max_age=30_000,
    throws=(OperationalError, InterfaceError),
)
def carry_batches(run: str = "") -> None:
    """Fetch what has ended, and submit what waits of ``run``, "" for none.

    Two at once do no harm: each batch is claimed before it is touched.
    """
    outbox.poll_due()
    if run:
        outbox.submit_due(run=run)


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=3,
    time_limit=LIMIT_MS,
    throws=(OperationalError, InterfaceError),
)
def cancel_batches(run: str) -> None:
    """Take back what waits of a run that was cancelled; what has ended at the provider is billed."""
    outbox.cancel(run)


@dramatiq.actor(queue_name=QUEUE, max_retries=0, time_limit=LIMIT_MS, max_age=60_000)
def forget_replies() -> None:
    """Drop the kept answers whose time is over."""
    keeping.forget_expired()
