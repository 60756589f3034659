"""How far a run is, in figures and in one line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Sum

from summaries.models import BatchItem, BatchRun

State = BatchItem.State
OPEN = (State.PENDING, State.CLAIMED, State.WAITING)
# Ended well: nothing for anybody to do.
WELL = (State.PUBLISHED, State.UNCHANGED, State.NOT_ENOUGH)


@dataclass(frozen=True)
class Counted:
    """Items of a run by their state, of which some are done."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100

    def line(self) -> str:
        return f"{self.done}/{self.total} ({self.percent}%)"

    def bar(self, width: int = 24) -> str:
        full = width * self.done // self.total if self.total else width
        return f"[{'#' * full}{'.' * (width - full)}] {self.line()}"


@dataclass(frozen=True)
class Progress(Counted):
    cost_usd: Decimal
    moment: float = field(default_factory=time.monotonic)
    since: Progress | None = None

    @classmethod
    def of(cls, run: BatchRun, since: Progress | None = None) -> Progress:
        rows = run.items.order_by().values("state").annotate(n=Count("pk"), cost=Sum("cost_usd"))
        counts = {row["state"]: row["n"] for row in rows}
        return cls(counts, sum((row["cost"] for row in rows), Decimal(0)), since=since)

    @property
    def troubled(self) -> int:
        return self.done - sum(self.counts.get(state, 0) for state in WELL)

    @property
    def a_minute(self) -> float:
        """Stocks a minute since this driver began."""
        if self.since is None or self.moment <= self.since.moment:
            return 0.0
        return (self.done - self.since.done) * 60 / (self.moment - self.since.moment)

    @property
    def seconds_left(self) -> float | None:
        return (self.total - self.done) * 60 / self.a_minute if self.a_minute else None

    def line(self) -> str:
        waiting = self.counts.get(State.WAITING, 0)
        left = "" if self.seconds_left is None else f", {_clock(self.seconds_left)} left"
        return (
            f"{super().line()}, {self.a_minute:.0f} stocks a minute{left}, "
            f"USD {self.cost_usd:.2f}"
            + (f", {waiting} wait for the models" if waiting else "")
            + (f", {self.troubled} to look at" if self.troubled else "")
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
