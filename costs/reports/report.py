"""All that the cost page, the API and the exports tell of one window."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from costs.reports.spending import DIMENSIONS, Spent, by
from costs.reports.window import Window

CENT = Decimal("0.01")
SHOWN = Decimal("0.000001")

HEAD = (
    "dimension", "key", "calls", "failed", "usd", "unknown_usd", "input_tokens",
    "cache_write_tokens", "cache_read_tokens", "output_tokens", "thinking_tokens",
    "cache_hit_ratio", "mean_ms", "p95_ms",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    dimension: str
    label: str
    rows: list[Spent]


def sections(
    window: Window, dimensions: Iterable[str], *, most: int | None = None
) -> list[Section]:
    return [Section(one, DIMENSIONS[one][0], by(one, window, most=most)) for one in dimensions]


def cents(usd: Decimal) -> Decimal:
    """To the cent, once, at the end of a sum."""
    return usd.quantize(CENT, ROUND_HALF_EVEN)


def as_csv(parts: Iterable[Section]) -> str:
    """One table for all: a line a row, amounts in USD with six decimals, RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for part in parts:
        writer.writerows(_cells(part.dimension, row) for row in part.rows)
    return out.getvalue()


def _cells(dimension: str, row: Spent) -> Iterator[object]:
    yield dimension
    yield _harmless(row.key)
    yield from (row.calls, row.failed, f"{row.usd:.6f}", f"{row.unknown_usd:.6f}")
    yield from (row.input_tokens, row.cache_write_tokens, row.cache_read_tokens)
    yield from (row.output_tokens, row.thinking_tokens)
    yield "" if row.hit_ratio is None else f"{row.hit_ratio:.4f}"
    yield "" if row.mean_ms is None else round(row.mean_ms)
    yield "" if row.p95_ms is None else round(row.p95_ms)


def _harmless(text: str) -> str:
    """A spreadsheet takes =, +, - and @ at the start for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
