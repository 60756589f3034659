"""What an import found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from costs.models import ExportLine, UsageExport

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Difference:
    """``number``: of the line; None for what only the ledger has. USD, exact."""

    number: int | None
    what: str
    model: str
    is_batch: bool
    at: datetime
    billed_usd: Decimal
    ledger_usd: Decimal


@dataclass(frozen=True)
class Outcome:
    """``differences``: what doesn't agree beyond what providers round. ``written_off``: unknown
    calls that the export doesn't have, and so weren't billed. USD, exact."""

    export: UsageExport
    matches: Counter[str]
    differences: tuple[Difference, ...]
    written_off: int

    @property
    def apart_usd(self) -> Decimal:
        """All differences, none set off against another."""
        return sum((abs(one.billed_usd - one.ledger_usd) for one in self.differences), Decimal(0))

    @property
    def is_same(self) -> bool:
        """Whether less than a cent differs, in total and in all differences together."""
        total = abs(self.export.billed_usd - self.export.ledger_usd)
        return max(total, self.apart_usd) < CENT


def difference(line: ExportLine) -> Difference:
    return Difference(
        line.number, line.get_match_display(), line.model, line.is_batch, line.at,
        line.billed_usd, line.ledger_usd,
    )  # fmt: skip
