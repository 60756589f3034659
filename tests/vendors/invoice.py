"""What the provider would bill: an account of its own, which a ledger is compared with.

A line is a request that costs money, with the tokens the provider counted, whatever its reply said.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.vendors.prices import BATCH, MILLION, PRICES, Price, price

EXPORTED = (
    "request_id",
    "response_id",
    "time",
    "provider",
    "model",
    "batch",
    "input_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "cache_read_tokens",
    "output_tokens",
    "amount_usd",
)
TOKENS = EXPORTED[6:11]
DAILY = ("date", "provider", "model", "batch", "band", *TOKENS, "requests", "amount_usd")


@dataclass(frozen=True)
class Line:
    """One billed request. The five counts exclude each other: ``input_tokens`` are those neither
    written to a cache nor read from one. ``status``: ok, cut, or client_gone. ``reference``: who
    the request said it was for (user id, safety identifier, a batch entry's custom id)."""

    provider: str
    model: str
    request_id: str  # empty for an entry of an Anthropic batch, which has none
    response_id: str
    time: datetime
    batch: bool
    service_tier: str
    input_tokens: int
    output_tokens: int
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    cache_read_tokens: int = 0
    status: str = "ok"
    reference: str = ""

    @property
    def prompt_tokens(self) -> int:
        written = self.cache_write_5m_tokens + self.cache_write_1h_tokens
        return self.input_tokens + written + self.cache_read_tokens


@dataclass
class Invoice:
    """``prices`` are the caller's, or the bundled ones."""

    prices: Sequence[Price] = PRICES
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        self.price(line)  # an unpriced model is a mistake in the test: now, not at the end
        self.lines.append(line)

    def price(self, line: Line) -> Price:
        return price(self.prices, line.provider, line.model, line.time, line.prompt_tokens)

    def amount(self, line: Line) -> Decimal:
        """USD, exact."""
        rates = self.price(line)
        whole = (
            line.input_tokens * rates.input
            + line.cache_write_5m_tokens * rates.write_5m
            + line.cache_write_1h_tokens * rates.write_1h
            + line.cache_read_tokens * rates.read
            + line.output_tokens * rates.output
        ) / MILLION
        return whole * BATCH if line.batch else whole

    def total(self) -> Decimal:
        """USD, exact: never rounded by line or by group."""
        return sum((self.amount(line) for line in list(self.lines)), Decimal(0))

    def by(self, *names: str) -> dict[tuple[Any, ...], Decimal]:
        """USD by fields of a line, or by ``band`` (the price's lower limit of prompt tokens) and
        ``day`` (UTC): ``by("model", "band")[("claude-haiku-5-5", 100000)]``."""
        sums: dict[tuple[Any, ...], Decimal] = {}
        for line in list(self.lines):
            key = tuple(self._value(line, name) for name in names)
            sums[key] = sums.get(key, Decimal(0)) + self.amount(line)
        return sums

    def csv(self, amounts: bool = True) -> str:
        """A usage export, a row a request; without ``amounts`` it ends at the tokens."""
        columns = EXPORTED if amounts else EXPORTED[:-1]
        return _table(columns, (self._row(line) for line in list(self.lines)))

    def daily_csv(self) -> str:
        """A usage export by day (UTC), provider, model, batch and band of prompt length."""
        groups: dict[tuple[Any, ...], dict[str, Any]] = {}
        for line in list(self.lines):
            key = tuple(self._value(line, name) for name in ("day", *DAILY[1:5]))
            row = groups.setdefault(key, dict.fromkeys(DAILY[5:], 0))
            for name in TOKENS:
                row[name] += getattr(line, name)
            row["requests"] += 1
            row["amount_usd"] += self.amount(line)
        rows = ({**dict(zip(DAILY, key, strict=False)), **row} for key, row in groups.items())
        return _table(
            DAILY, sorted((_plain(row) for row in rows), key=lambda row: list(row.values()))
        )

    def as_json(self) -> list[dict[str, Any]]:
        return [{**asdict(line), "time": line.time.isoformat()} for line in list(self.lines)]

    @classmethod
    def from_json(cls, rows: Iterable[dict[str, Any]], prices: Sequence[Price] = PRICES) -> Invoice:
        lines = [Line(**{**row, "time": datetime.fromisoformat(row["time"])}) for row in rows]
        return cls(prices, lines)

    def _value(self, line: Line, name: str) -> Any:
        if name == "band":
            return self.price(line).over
        if name == "day":
            return line.time.astimezone(UTC).date().isoformat()
        return getattr(line, name)

    def _row(self, line: Line) -> dict[str, str]:
        row = {name: getattr(line, name) for name in EXPORTED[:-1]}
        return _plain({**row, "amount_usd": self.amount(line)})


def _plain(row: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(columns: Sequence[str], rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
