"""The one door for the product: which variant, that it was seen, what came of it.

Nothing here raises on account of the database, Valkey or a test that isn't there: whoever serves an
advisor must not fail because of an experiment. An unknown test is the product as it is.

    assigned = experiments.variant_of("summary_tone", Subject(stock="AAPL"))
    tone = assigned.parameters.get("tone", "neutral")
    experiments.expose(assigned)                    # when the variant makes a difference, not before
    experiments.record("review_rate", subject, 0.0, key=f"summary-{pk}")
"""

from __future__ import annotations

import time
from datetime import datetime

import structlog

from experiments.assigning import Assigned, Subject, Unit, assign, without_test
from experiments.assigning.definitions import name_of
from experiments.flags import is_on
from experiments.recording import Measurement, Seen, tell
from experiments.running import definition

__all__ = ["expose", "is_on", "record", "variant_of"]

log = structlog.get_logger(__name__)

LONGEST_KEY = 120
# Units that this process has told of: most are seen again and again.
MOST_REMEMBERED = 100_000
_told: set[tuple[int, str]] = set()


def variant_of(test: str, subject: Subject) -> Assigned:
    """What the subject gets. Looking exposes nobody."""
    found = definition(test)
    return assign(found, subject) if found else without_test(test)


def expose(assigned: Assigned) -> None:
    """The variant is about to make a difference to its unit. Of each unit the first time counts, in
    whatever process; who isn't in the test isn't counted."""
    seen = (assigned.phase, assigned.unit)
    if not assigned.is_in or seen in _told:
        return
    tell(Seen(assigned.phase, assigned.variant_id, assigned.unit, time.time()))
    if len(_told) >= MOST_REMEMBERED:
        _told.clear()
    _told.add(seen)


def record(
    metric: str,
    subject: Subject,
    value: float,
    *,
    key: str,
    denominator: float = 1.0,
    at: datetime | None = None,
) -> None:
    """Something was measured of all the subject's units. ``key`` names the measurement: told again,
    it stays one. A proportion's ``value`` is between 0 and 1; a ratio's is counted by
    ``denominator``. What no metric of that key takes is dropped when it is written."""
    measurement = Measurement(
        metric,
        subject.unit(Unit.USER) or "",
        subject.unit(Unit.FIRM) or "",
        subject.unit(Unit.STOCK) or "",
        float(value),
        float(denominator),
        at.timestamp() if at else time.time(),
        name_of(key, LONGEST_KEY),
    )
    if not measurement.is_usable:
        log.warning(
            "experiments.unusable", metric=metric, why="not finite, of no unit or without key"
        )
        return
    tell(measurement)


def forget_told() -> None:
    """As after a restart."""
    _told.clear()
