"""Sums over units from the tables, by day and variant: all that statistics need to know.

A unit counts from its exposure, with what was measured of it since. Several outcomes of one unit
are one value, their mean (of a ratio: its two sums); when another comes, the unit's value changes,
and the day's sums by the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from experiments.models import Metric, Phase
from experiments.statistics import RatioSums, Sample
from experiments.statistics.cuped import PastSums, adjusted

# How far back a unit's past goes.
PAST = "28 days"

_UNIT_DAYS = """
WITH unit_days AS (
    SELECT exposure.variant_id, exposure.unit,
           (outcome.at AT TIME ZONE %(zone)s)::date AS day,
           sum(outcome.value) AS x, {counted} AS y
    FROM experiments_exposure exposure
    JOIN experiments_outcome outcome
        ON outcome.metric_id = %(metric)s AND outcome."{unit}" = exposure.unit
        AND outcome.at >= exposure.at AND outcome.at < coalesce(%(until)s, 'infinity'::timestamptz)
    WHERE exposure.phase_id = %(phase)s
    GROUP BY 1, 2, 3
), so_far AS (
    SELECT variant_id, unit, day, sum(x) OVER own AS x, sum(y) OVER own AS y,
           row_number() OVER own AS number
    FROM unit_days WINDOW own AS (PARTITION BY unit ORDER BY day)
), steps AS (
    SELECT *, coalesce(lag(x) OVER own, 0) AS x_before, coalesce(lag(y) OVER own, 0) AS y_before
    FROM so_far WINDOW own AS (PARTITION BY unit ORDER BY day)
)
"""
_RATIOS = """
SELECT day, variant.key, count(*) FILTER (WHERE number = 1), sum(x - x_before),
       sum(y - y_before), sum(x * x - x_before * x_before), sum(y * y - y_before * y_before),
       sum(x * y - x_before * y_before)
FROM steps JOIN experiments_variant variant ON variant.id = steps.variant_id
GROUP BY 1, 2 ORDER BY 1
"""
_MEANS = """
, pasts AS (
    SELECT exposure.unit, avg(outcome.value) AS past
    FROM experiments_exposure exposure
    JOIN experiments_outcome outcome
        ON outcome.metric_id = %(metric)s AND outcome."{unit}" = exposure.unit
        AND outcome.at < exposure.at AND outcome.at >= exposure.at - %(past)s::interval
    WHERE exposure.phase_id = %(phase)s
    GROUP BY 1
), means AS (
    SELECT variant_id, day, number, past, x / y AS now,
           CASE WHEN number = 1 THEN 0 ELSE x_before / y_before END AS before
    FROM steps LEFT JOIN pasts USING (unit)
)
SELECT day, variant.key, count(*) FILTER (WHERE number = 1), sum(now - before),
       sum(now * now - before * before),
       count(past) FILTER (WHERE number = 1), coalesce(sum(past) FILTER (WHERE number = 1), 0),
       coalesce(sum(past * past) FILTER (WHERE number = 1), 0),
       coalesce(sum(past * (now - before)), 0),
       coalesce(sum(now - before) FILTER (WHERE past IS NOT NULL), 0)
FROM means JOIN experiments_variant variant ON variant.id = means.variant_id
GROUP BY 1, 2 ORDER BY 1
"""
_EXPOSED = """
SELECT (exposure.at AT TIME ZONE %(zone)s)::date, variant.key, count(*)
FROM experiments_exposure exposure
JOIN experiments_variant variant ON variant.id = exposure.variant_id
WHERE exposure.phase_id = %(phase)s
GROUP BY 1, 2 ORDER BY 1
"""


@dataclass(frozen=True)
class _Row:
    day: date
    variant: str
    sums: tuple[float, ...]


def exposed_by_day(phase: Phase) -> list[tuple[date, dict[str, int]]]:
    """How many units each variant met on each day, in the firm's time zone."""
    days: dict[date, dict[str, int]] = {}
    for row in _asked(_EXPOSED, phase):
        days.setdefault(row.day, dict.fromkeys(phase.variants, 0))[row.variant] = int(row.sums[0])
    return list(days.items())


def samples_by_day(
    phase: Phase, metric: Metric, *, before: date | None = None
) -> list[tuple[date, dict[str, Sample]]]:
    """All that was known of each variant by the end of each day ``before`` which the last ends."""
    is_ratio = metric.kind == Metric.Kind.RATIO
    counted = "sum(outcome.denominator)" if is_ratio else "count(*)"
    statement = _UNIT_DAYS + (_RATIOS if is_ratio else _MEANS)
    statement = statement.format(counted=counted, unit=phase.test.unit)
    rows = [row for row in _asked(statement, phase, metric) if not before or row.day < before]
    found = []
    for day, sums in _so_far(rows, list(phase.variants), 6 if is_ratio else 8):
        if is_ratio:
            found.append((day, {key: _ratio(one).sample() for key, one in sums.items()}))
        else:
            found.append((day, adjusted({key: _past(one) for key, one in sums.items()})))
    return found


def _asked(statement: str, phase: Phase, metric: Metric | None = None) -> list[_Row]:
    given: dict[str, int | str | datetime | None] = {
        "phase": phase.pk, "metric": metric.pk if metric else 0, "until": phase.ended_at,
        "zone": settings.TIME_ZONE, "past": PAST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [
            _Row(day, key, tuple(float(one) for one in sums))
            for day, key, *sums in cursor.fetchall()
        ]


def _so_far(
    rows: Sequence[_Row], variants: Sequence[str], width: int
) -> Iterator[tuple[date, dict[str, tuple[float, ...]]]]:
    """Day by day, what has come together of each variant."""
    total = dict.fromkeys(variants, (0.0,) * width)
    for day in sorted({row.day for row in rows}):
        for row in rows:
            if row.day == day:
                added = zip(total[row.variant], row.sums, strict=True)
                total[row.variant] = tuple(a + b for a, b in added)
        yield day, dict(total)


def _ratio(sums: tuple[float, ...]) -> RatioSums:
    return RatioSums(int(sums[0]), *sums[1:])


def _past(sums: tuple[float, ...]) -> PastSums:
    count, y, yy, pasts, x, xx, xy, y_of_pasts = sums
    return PastSums(int(count), y, yy, int(pasts), x, xx, xy, y_of_pasts)
