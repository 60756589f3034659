"""How far an ingest is, in figures and in one line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.db.models import Count, Sum

from summaries.batches.progress import Counted
from summaries.models import IngestItem, IngestRun


@dataclass(frozen=True)
class IngestProgress(Counted):
    """``stored``, ``unchanged``, ``failed`` count documents, notes and files of figures."""

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
    def well(self) -> bool:
        return not self.failed and not self.counts.get(IngestItem.State.FAILED)

    @property
    def documents_a_minute(self) -> float:
        """Stored a minute since this driver began."""
        if self.since is None or self.moment <= self.since.moment:
            return 0.0
        return (self.stored - self.since.stored) * 60 / (self.moment - self.since.moment)

    def line(self) -> str:
        return (
            f"{super().line()}, {self.stored} stored, {self.unchanged} unchanged, "
            f"{self.failed} failed, {self.documents_a_minute:.0f} stored a minute"
        )
