"""How far an ingest is, in figures and in one line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db.models import Count, Sum

from summaries.models import IngestItem, IngestRun

State = IngestItem.State
OPEN = (State.PENDING, State.CLAIMED)


@dataclass(frozen=True)
class IngestProgress:
    """``stored``, ``unchanged``, ``failed`` count documents, notes and files of figures."""

    counts: dict[str, int]
    stored: int
    unchanged: int
    failed: int
    moment: float = field(default_factory=time.monotonic)
    since: IngestProgress | None = None

    @classmethod
    def of(cls, run: IngestRun, since: IngestProgress | None = None) -> IngestProgress:
        rows = run.items.order_by().values("state")
        rows = rows.annotate(
            n=Count("pk"), s=Sum("stored"), u=Sum("unchanged"), f=Sum("failed")
        )  # fmt: skip
        counts = {row["state"]: row["n"] for row in rows}
        return cls(
            counts,
            stored=sum(row["s"] for row in rows),
            unchanged=sum(row["u"] for row in rows),
            failed=sum(row["f"] for row in rows),
            since=since,
        )

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def well(self) -> bool:
        return not self.failed and not self.counts.get(State.FAILED)

    @property
    def documents_a_minute(self) -> float:
        """Stored a minute since this driver began."""
        if self.since is None or self.moment <= self.since.moment:
            return 0.0
        return (self.stored - self.since.stored) * 60 / (self.moment - self.since.moment)

    def line(self) -> str:
        percent = 100 * self.done // self.total if self.total else 100
        return (
            f"{self.done}/{self.total} ({percent}%), {self.stored} stored, "
            f"{self.unchanged} unchanged, {self.failed} failed, "
            f"{self.documents_a_minute:.0f} stored a minute"
        )

    def bar(self, width: int = 24) -> str:
        full = width * self.done // self.total if self.total else width
        return f"[{'#' * full}{'.' * (width - full)}] {self.line()}"
