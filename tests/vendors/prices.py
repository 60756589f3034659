"""What the providers charge, as their price pages say it: plain rows, known to no product code.

Anthropic's rows as in the field notes. OpenAI's cached input and 30-minute writes as trackers
that cite the official page give them (gpt-6-sol 0.20 and 2.50, gpt-6-luna 0.01 and 0.125,
gpt-6.1-terra 0.05 and 1.25); a 12-hour write is assumed at twice the input, nobody lists it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

MILLION = Decimal(1_000_000)
BATCH = Decimal("0.5")  # on every class of tokens, cache included


@dataclass(frozen=True)
class Price:
    """USD a million tokens. ``over``: for prompts of more tokens than this, cache included.
    ``since``: from that day on, UTC. The latest ``since`` and then the largest ``over`` count."""

    provider: str
    model: str
    since: date
    over: int
    input: Decimal
    write_5m: Decimal
    write_1h: Decimal
    read: Decimal
    output: Decimal


def price(prices: Iterable[Price], provider: str, model: str, at: datetime, prompt: int) -> Price:
    """Raises LookupError where the model has no price: the invoice never guesses."""
    day = at.astimezone(UTC).date()
    fits = [
        row
        for row in prices
        if row.provider == provider
        and row.model == model
        and row.since <= day
        and (row.over == 0 or prompt > row.over)
    ]
    if not fits:
        raise LookupError(f"{provider} has no price for {model} on {day}: add it to the prices.")
    newest = max(row.since for row in fits)
    return max((row for row in fits if row.since == newest), key=lambda row: row.over)


def _row(
    provider: str, model: str, since: str, over: int, rates: str, long: str | None = None
) -> list[Price]:
    """``rates``: input, 5m write, 1h write, read, output; ``long``: the same over ``over``."""
    day = date.fromisoformat(since)
    rows = [Price(provider, model, day, 0, *map(Decimal, rates.split()))]
    if long:
        rows.append(Price(provider, model, day, over, *map(Decimal, long.split())))
    return rows


def _bundled() -> Iterable[list[Price]]:
    start = "2026-01-01"
    a, o = "anthropic", "openai"
    yield _row(
        a,
        "claude-haiku-5-5",
        start,
        100_000,
        "0.10 0.125 0.20 0.01 0.50",
        "0.50 0.625 1.00 0.05 2.50",
    )
    yield _row(a, "claude-sonnet-5-5", start, 0, "2 2.50 4 0.20 10")
    yield _row(a, "claude-sonnet-5-5", "2026-10-07", 0, "2 2.50 4 0.10 10")
    yield _row(a, "claude-opus-5-5", start, 0, "4 5 8 0.20 20")
    for model in ("claude-haiku-4-5", "claude-haiku-4-5-20251001"):
        yield _row(a, model, start, 0, "1 1.25 2 0.10 5")
    yield _row(a, "claude-sonnet-4-6", start, 0, "3 3.75 6 0.30 15")
    yield _row(
        o, "gpt-6-luna", start, 272_000, "0.10 0.125 0.20 0.01 0.50", "0.20 0.25 0.40 0.02 0.75"
    )
    yield _row(o, "gpt-6-sol", start, 272_000, "2 2.50 4 0.20 10", "4 5 8 0.40 15")
    yield _row(o, "gpt-6.1-sol", start, 272_000, "2 2.50 4 0.10 10", "4 5 8 0.20 15")
    yield _row(o, "gpt-6.1-terra", start, 272_000, "1 1.25 2 0.05 5", "2 2.50 4 0.10 7.50")
    yield _row(o, "text-embedding-3-small", start, 0, "0.02 0 0 0 0")
    yield _row(o, "text-embedding-3-large", start, 0, "0.13 0 0 0 0")


PRICES: tuple[Price, ...] = tuple(row for rows in _bundled() for row in rows)
