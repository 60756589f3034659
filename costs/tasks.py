"""What workers do for the ledger: sweep what died, send the alerts that are due."""

from __future__ import annotations

from datetime import timedelta

import dramatiq
from django.db import InterfaceError, OperationalError

from costs import ledger

QUEUE = "models"
# Longer than any call may take: who hasn't told by then is dead.
DEAD_AFTER = timedelta(minutes=30)


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=0,
    time_limit=5 * 60 * 1000,
    max_age=60_000,
    throws=(OperationalError, InterfaceError),
)
def keep_accounts() -> None:
    """Two at once do no harm: each row is claimed before it is touched."""
    from costs.alerts import deliver_due

    ledger.sweep(DEAD_AFTER)
    deliver_due()
