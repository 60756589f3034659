"""What the comparison of an export's lines gives, before it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from costs.errors import Unpriced
from costs.models import ExportLine, UsageRecord
from costs.price_list import price_for
from costs.pricing import cost
from costs.reconciling.lines import BilledRequest, BilledSum, Malformed
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


def value(line: BilledRequest | BilledSum, tokens: Tokens, *, prompt: int) -> Decimal:
    """USD of tokens at the line's time, by our own price for that length of prompt."""
    try:
        price = price_for(line.provider, line.model, line.at, prompt)
    except Unpriced as error:
        raise Malformed(
            line.number,
            f"it gives no amount, and {line.provider} {line.model} has no price: add one under "
            "Prices in the admin.",
        ) from error
    return cost(tokens, price, is_batch=line.is_batch)
