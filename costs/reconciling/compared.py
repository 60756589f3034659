"""What the comparison of an export's lines gives, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costs.models import ExportLine, UsageRecord
from costs.reconciling.lines import BilledRequest, BilledSum
from costs.reconciling.outcome import Difference
from costs.tokens import Tokens


@dataclass(frozen=True)
class Compared:
    """``extra``: what the ledger has in the covered time and the export doesn't."""

    lines: list[ExportLine]
    extra: list[Difference]
    written_off: int = 0


def stored(
    line: BilledRequest | BilledSum, *, match: str, billed_usd: Decimal, ledger_usd: Decimal,
    record: UsageRecord | None = None, request_id: str = "",
) -> ExportLine:  # fmt: skip
    tokens = line.tokens or Tokens()
    return ExportLine(
        number=line.number, record=record, request_id=request_id[:80], model=line.model,
        is_batch=line.is_batch, at=line.at, billed_usd=billed_usd, ledger_usd=ledger_usd,
        match=match, input_tokens=tokens.input, cache_write_tokens=tokens.cache_write,
        cache_write_1h_tokens=tokens.cache_write_1h, cache_read_tokens=tokens.cache_read,
        output_tokens=tokens.output,
    )  # fmt: skip
