"""Whether a failed call is tried again with the same model, and after how long."""

from __future__ import annotations

import random

from llm.errors import CallFailed, Kind

ATTEMPTS = 3  # with one model
FIRST_SECONDS, LONGEST_SECONDS = 0.5, 8.0
# A provider that says "in 20 seconds" says it to all; they needn't come back in the same instant.
SPREAD = 0.1


def pause(failure: CallFailed, attempt: int, left: float, *, is_last: bool) -> float | None:
    """Seconds until the next attempt; None: no other one with this model.

    ``attempt``: how many there were, from 1. ``left``: seconds that the Ask still has.
    ``is_last``: no other model follows. Exponential back-off with full jitter (AWS
    Architecture Blog, "Exponential Backoff And Jitter"), never sooner than the provider says.
    """
    if failure.kind.is_permanent or attempt >= ATTEMPTS:
        return None
    if failure.kind is Kind.TIMED_OUT and not is_last:
        return None  # it has had its share of the time, and may be billed
    wait = random.uniform(0, min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (attempt - 1)))  # noqa: S311
    if failure.retry_after is not None:
        wait = failure.retry_after + random.uniform(0, SPREAD * (1 + failure.retry_after))  # noqa: S311
    return wait if wait < left else None


def share_of_time(left: float, *, models_after: int) -> float:
    """Seconds that one attempt may take, so that a hanging model leaves time for the next."""
    return left if models_after == 0 else left / 2
