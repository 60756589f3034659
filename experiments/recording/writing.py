"""From lines to rows: many at once, each of them once, however often it is told."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.db import DataError, IntegrityError, connection, transaction

from experiments.recording.entries import Entry, Measurement, Seen

log = structlog.get_logger(__name__)

# In one order for all: two writers of the same units then wait for each other and can't deadlock.
# What speaks of a phase, variant or metric that is gone says nothing.
_EXPOSURES = """
INSERT INTO experiments_exposure (phase_id, variant_id, unit, at)
SELECT given.phase, given.variant, given.unit, to_timestamp(given.at)
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::float8[]) AS given(phase, variant, unit, at)
JOIN experiments_phase phase ON phase.id = given.phase
JOIN experiments_variant variant ON variant.id = given.variant AND variant.test_id = phase.test_id
ORDER BY given.phase, given.unit, given.at
ON CONFLICT (phase_id, unit) DO NOTHING
"""
_OUTCOMES = """
INSERT INTO experiments_outcome
    (metric_id, "user", firm, stock, value, denominator, at, key)
SELECT metric.id, given."user", given.firm, given.stock, given.value, given.denominator,
       to_timestamp(given.at), given.key
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[],
            %s::float8[], %s::text[])
    AS given(metric, "user", firm, stock, value, denominator, at, key)
JOIN experiments_metric metric ON metric.key = given.metric
WHERE metric.kind <> 'proportion' OR given.value BETWEEN 0 AND 1
ORDER BY metric.id, given.key, given.at
ON CONFLICT (metric_id, key) DO NOTHING
"""


def write(entries: Sequence[Entry]) -> None:
    """In a transaction of its own. Raises django.db.Error where the database is away."""
    _write(_EXPOSURES, [one for one in entries if isinstance(one, Seen)])
    _write(_OUTCOMES, [one for one in entries if isinstance(one, Measurement)])


def _write(statement: str, entries: Sequence[Seen] | Sequence[Measurement]) -> None:
    """One line that no row can be made of must not keep the others from theirs."""
    if not entries:
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, _columns(entries))
    except (DataError, IntegrityError) as error:
        if len(entries) == 1:
            log.warning(
                "experiments.unwritable", entry=repr(entries[0])[:200], why=str(error)[:200]
            )
            return
        middle = len(entries) // 2
        _write(statement, entries[:middle])
        _write(statement, entries[middle:])


def _columns(entries: Sequence[Seen] | Sequence[Measurement]) -> list[list[object]]:
    names = list(entries[0].__dataclass_fields__)
    return [[getattr(one, name) for one in entries] for name in names]
