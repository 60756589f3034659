"""The lines of a usage export as plain values, whatever their file looked like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from costs.errors import CostError
from costs.tokens import Tokens


class Malformed(CostError):
    """An export that can't be read. ``number``: of the line, or of the result in a JSON report."""

    def __init__(self, number: int | None, why: str) -> None:
        where = "The export" if number is None else f"Line {number} of the export"
        super().__init__(f"{where} can't be read: {why} Nothing was imported.")
        self.number = number


@dataclass(frozen=True)
class BilledRequest:
    """One request. ``billed_usd``: None where the export says only the tokens."""

    number: int
    provider: str
    model: str
    is_batch: bool
    at: datetime
    tokens: Tokens
    billed_usd: Decimal | None
    request_id: str = ""
    response_id: str = ""


@dataclass(frozen=True)
class BilledSum:
    """All requests of a model from ``at`` up to ``until``. ``band``: the prompts' length above
    which its price applies, None for all bands together. ``tokens`` is None where the export says
    only the amount, ``billed_usd`` where it says only the tokens."""

    number: int
    provider: str
    model: str
    is_batch: bool
    at: datetime
    until: datetime
    band: int | None
    tokens: Tokens | None
    billed_usd: Decimal | None


# From the sending of a call to the last moment at which its line can be dated.
LATEST = {False: timedelta(minutes=10), True: timedelta(hours=25)}
# Exports date lines by whole seconds.
EARLIEST = timedelta(seconds=1)


@dataclass(frozen=True)
class Cover:
    """The stretch of time whose calls an export has, all of them. ``is_said``: by whom imports
    it or by the export itself, not read off the first and the last line."""

    from_at: datetime
    until_at: datetime
    is_said: bool

    def holds(self, sent_at: datetime, *, is_batch: bool) -> bool:
        """Whether a call sent then must be in the export, if it was billed."""
        last = self.until_at if self.is_said else self.until_at - LATEST[is_batch]
        return self.from_at <= sent_at < last


@dataclass(frozen=True)
class Export:
    """Either requests or sums."""

    requests: tuple[BilledRequest, ...]
    sums: tuple[BilledSum, ...]

    @property
    def providers(self) -> list[str]:
        named = {line.provider for line in self.requests} | {line.provider for line in self.sums}
        return sorted(named)

    def cover(self, from_at: datetime | None, until_at: datetime | None) -> Cover:
        if self.sums:
            return Cover(
                from_at or min(line.at for line in self.sums),
                until_at or max(line.until for line in self.sums),
                is_said=True,
            )
        return Cover(
            from_at or min(line.at for line in self.requests),
            until_at or max(line.at for line in self.requests),
            is_said=until_at is not None,
        )
