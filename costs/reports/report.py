"""Sums as tables: shortened for a page, whole for a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from costs.reports.spending import DIMENSIONS, Spent, by, by_period, together, total, with_speed
from costs.reports.window import Window

CENT = Decimal("0.01")
HEAD = (
    "dimension", "key", "calls", "failed", "usd", "unknown_usd", "input_tokens",
    "cache_write_tokens", "cache_read_tokens", "output_tokens", "thinking_tokens",
    "cache_hit_ratio", "mean_ms", "p95_ms",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """``rest``: what the rows leave of the whole, where they leave anything."""

    dimension: str
    label: str
    rows: list[Spent]
    none: str = ""
    rest: Spent | None = None


def section(dimension: str, rows: list[Spent]) -> Section:
    about = DIMENSIONS[dimension]
    return Section(dimension, about.label, rows, about.none)


def shortened(dimension: str, rows: list[Spent], whole: Spent, most: int) -> Section:
    """The first rows, and what they leave of the whole, so that the table adds up."""
    shown = rows[:most]
    rest = whole - together(shown)
    about = DIMENSIONS[dimension]
    return Section(dimension, about.label, shown, about.none, rest if rest.calls else None)


def everything(window: Window) -> list[Section]:
    """The total, each dimension and each day, whole: every part but the total adds up to it."""
    return [
        Section("total", "Total", [total(window)]),
        *(section(one, with_speed(one, window, by(one, window))) for one in DIMENSIONS),
        Section("day", "Day", [spent for _, spent in by_period("day", window)]),
    ]


def cents(usd: Decimal) -> Decimal:
    """To the cent, once, at the end of a sum."""
    return usd.quantize(CENT, ROUND_HALF_EVEN)


def exact(usd: Decimal) -> str:
    """All its places and no zeros after them."""
    return f"{usd.normalize():f}"


def as_csv(parts: Iterable[Section]) -> str:
    """One table for all: a line a row, amounts in USD and exact, RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for part in parts:
        writer.writerows(_cells(part.dimension, row) for row in part.rows)
    return out.getvalue()


def _cells(dimension: str, row: Spent) -> Iterator[object]:
    yield dimension
    yield _harmless(row.key)
    yield from (row.calls, row.failed, exact(row.usd), exact(row.unknown_usd))
    yield from (row.input_tokens, row.cache_write_tokens, row.cache_read_tokens)
    yield from (row.output_tokens, row.thinking_tokens)
    yield "" if row.hit_ratio is None else f"{row.hit_ratio:.4f}"
    yield "" if row.mean_ms is None else round(row.mean_ms)
    yield "" if row.p95_ms is None else round(row.p95_ms)


def _harmless(text: str) -> str:
    """A spreadsheet takes =, +, - and @ at the start for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else text


def as_fields(row: Spent) -> dict[str, object]:
    """A row for JSON: amounts as exact strings."""
    return {
        "key": row.key,
        "calls": row.calls,
        "failed": row.failed,
        "usd": exact(row.usd),
        "unknown_usd": exact(row.unknown_usd),
        "input_tokens": row.input_tokens,
        "cache_write_tokens": row.cache_write_tokens,
        "cache_read_tokens": row.cache_read_tokens,
        "output_tokens": row.output_tokens,
        "thinking_tokens": row.thinking_tokens,
        "hit_ratio": row.hit_ratio,
        "mean_ms": row.mean_ms,
        "p95_ms": row.p95_ms,
    }
