"""What workers do for experiments: write down what a process told and then could not write."""

from __future__ import annotations

import dramatiq
from django.db import InterfaceError, OperationalError

from experiments.recording import Away, flush

QUEUE = "models"


@dramatiq.actor(
    queue_name=QUEUE,
    max_retries=0,
    time_limit=5 * 60 * 1000,
    max_age=60_000,
    throws=(OperationalError, InterfaceError, Away),
)
def write_experiments() -> None:
    """Two at once do no harm: each line is one row."""
    flush()
