"""What a question took and cost, whatever came of it: told, refused, failed, or its reader gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import structlog
from django.db import Error as DatabaseError
from django.db.models import Sum

from costs.models import UsageRecord
from llm.errors import DoorError
from queries.chain.counters import COST, FIRST_SECONDS, QUERIES, SECONDS
from queries.chain.opening import opened
from queries.chain.tracing import traced
from queries.values import Asked, Event, Finished, Handler, Refused, Spent, Text

log = structlog.get_logger(__name__)

UNAVAILABLE_SECONDS = 30


@traced
def metering(asked: Asked, handler: Handler) -> Iterator[Event]:
    """Fills in what was spent; an error that nobody foresaw becomes a Refused, and is logged."""
    meter = _Meter(asked, time.monotonic())
    try:
        with opened(handler, asked) as events:
            for event in events:
                yield meter.read(event)
    except DoorError as error:
        log.warning("query.unavailable", query=asked.id, error=type(error).__name__)
        yield meter.read(_unavailable())
    except Exception:
        log.exception("query.failed", query=asked.id)
        yield meter.read(_failed())
    finally:
        meter.count()


def cost_usd(query: str) -> Decimal:
    """Of all calls to models for the query, as the ledger has it now; failed ones are free."""
    records = UsageRecord.objects.filter(query=query).order_by()
    return records.aggregate(usd=Sum("cost_usd"))["usd"] or Decimal(0)


@dataclass
class _Meter:
    asked: Asked
    began: float
    first_ms: int | None = None
    depth: str = ""
    outcome: str = "stopped"  # unless it comes to an end
    is_cached: bool = False
    usd: Decimal | None = None  # known when it is finished

    def read(self, event: Event) -> Event:
        match event:
            case Text() if self.first_ms is None:
                self.first_ms = self._ms()
            case Refused(code):
                self.outcome = code
            case Finished(answer, spent):
                self.outcome, self.depth = answer.kind, answer.depth
                self.is_cached = spent is not None and spent.is_cached
                return replace(event, spent=self._spent())
        return event

    def count(self) -> None:
        """To Prometheus, once. The ledger has what a reader who left has cost."""
        depth = self.depth or self.asked.depth or "unknown"
        QUERIES.labels(depth, self.outcome, "yes" if self.is_cached else "no").inc()
        SECONDS.labels(depth).observe(self._ms() / 1000)
        if self.first_ms is not None:
            FIRST_SECONDS.labels(depth).observe(self.first_ms / 1000)
        try:
            usd = cost_usd(self.asked.id) if self.usd is None else self.usd
        except DatabaseError as error:
            log.warning("query.cost_not_counted", error=type(error).__name__)
            return
        COST.labels(depth).inc(float(usd))

    def _spent(self) -> Spent:
        self.usd = Decimal(0) if self.is_cached else cost_usd(self.asked.id)
        return Spent(self.usd, self._ms(), self.first_ms, self.is_cached)

    def _ms(self) -> int:
        return int((time.monotonic() - self.began) * 1000)


def _unavailable() -> Refused:
    return Refused(
        "unavailable",
        f"No model can answer just now. Ask again in {UNAVAILABLE_SECONDS} s, or ask for a quick "
        "answer, which needs none.",
        retry_after=UNAVAILABLE_SECONDS,
    )


def _failed() -> Refused:
    return Refused(
        "failed",
        "Something went wrong and is on record. Ask again; if it happens again, tell whoever "
        "runs the system.",
    )
