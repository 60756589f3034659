"""The bill, against sums done by hand."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.vendors import Invoice, Line

AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def line(model: str = "claude-haiku-5-5", **changes: object) -> Line:
    plain = Line(
        provider="openai" if model.startswith(("gpt", "text")) else "anthropic",
        model=model,
        request_id="req_1",
        response_id="msg_1",
        time=AT,
        batch=False,
        service_tier="standard",
        input_tokens=0,
        output_tokens=0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("billed", "usd"),
    [
        # 20,000 x 0.10 + 1,200 x 0.50, a million
        (line(input_tokens=20_000, output_tokens=1_200), "0.0026"),
        (line(input_tokens=20_000, output_tokens=1_200, batch=True), "0.0013"),
        # all four classes: 1,000 x 0.10 + 2,000 x 0.125 + 3,000 x 0.20 + 4,000 x 0.01 + 500 x 0.50
        (
            line(
                input_tokens=1_000,
                cache_write_5m_tokens=2_000,
                cache_write_1h_tokens=3_000,
                cache_read_tokens=4_000,
                output_tokens=500,
            ),
            "0.00124",
        ),
        # exactly 100,000 is the lower band; one more, cache included, makes all of it dearer
        (line(input_tokens=100_000), "0.01"),
        (line(input_tokens=1, cache_read_tokens=100_000), "0.0050005"),
        (line(input_tokens=60_000, cache_write_5m_tokens=40_001), "0.055000625"),
        # the cut of 7 October
        (line("claude-sonnet-5-5", cache_read_tokens=10**6), "0.1"),
        (
            line(
                "claude-sonnet-5-5",
                cache_read_tokens=10**6,
                time=datetime(2026, 10, 6, 23, 59, 59, tzinfo=UTC),
            ),
            "0.2",
        ),
        (
            line(
                "claude-sonnet-5-5",
                cache_read_tokens=10**6,
                time=datetime(2026, 10, 7, tzinfo=UTC),
            ),
            "0.1",
        ),
        (line("claude-sonnet-5-5", input_tokens=20_000, output_tokens=1_200), "0.052"),
        (line("claude-opus-5-5", input_tokens=1_000, output_tokens=1_000), "0.024"),
        (line("claude-haiku-4-5-20251001", cache_write_1h_tokens=1_000), "0.002"),
        (line("claude-sonnet-4-6", cache_read_tokens=1_000, output_tokens=10), "0.00045"),
        (line("gpt-6-luna", input_tokens=272_000, output_tokens=1_000), "0.0277"),
        (line("gpt-6-luna", input_tokens=272_001, output_tokens=1_000), "0.0551502"),
        (
            line("gpt-6-sol", input_tokens=1_000, output_tokens=100, cache_read_tokens=1_024),
            "0.0032048",
        ),
        (line("gpt-6.1-terra", input_tokens=1, output_tokens=1, batch=True), "0.000003"),
        (line("text-embedding-3-small", input_tokens=1_000), "0.00002"),
    ],
)
def test_amount(billed: Line, usd: str) -> None:
    invoice = Invoice()
    invoice.add(billed)
    assert invoice.total() == Decimal(usd)


def test_unpriced_model_is_never_free() -> None:
    with pytest.raises(LookupError, match="no price for claude-new"):
        Invoice().add(line("claude-new"))
    with pytest.raises(LookupError, match="no price for claude-haiku-5-5 on 2025"):
        Invoice().add(line(time=datetime(2025, 12, 31, tzinfo=UTC)))


def month() -> Invoice:
    invoice = Invoice()
    invoice.add(line(input_tokens=1_000, output_tokens=100))
    invoice.add(line(input_tokens=200_000))
    invoice.add(line("gpt-6-sol", input_tokens=10, batch=True, response_id="resp_1"))
    invoice.add(line(input_tokens=500, time=datetime(2026, 11, 21, tzinfo=UTC)))
    return invoice


def test_grouped() -> None:
    assert month().by("model", "band") == {
        ("claude-haiku-5-5", 0): Decimal("0.0002"),
        ("claude-haiku-5-5", 100_000): Decimal("0.1"),
        ("gpt-6-sol", 0): Decimal("0.00001"),
    }
    assert sum(month().by("day").values()) == month().total() == Decimal("0.10021")


def test_export_row_by_row() -> None:
    rows = list(csv.DictReader(io.StringIO(month().csv())))
    assert rows[2] == {
        "request_id": "req_1",
        "response_id": "resp_1",
        "time": "2026-11-20T23:30:00Z",
        "provider": "openai",
        "model": "gpt-6-sol",
        "batch": "true",
        "input_tokens": "10",
        "cache_write_5m_tokens": "0",
        "cache_write_1h_tokens": "0",
        "cache_read_tokens": "0",
        "output_tokens": "0",
        "amount_usd": "0.00001",
    }
    assert sum(Decimal(row["amount_usd"]) for row in rows) == month().total()
    assert "amount_usd" not in month().csv(amounts=False)


def test_export_by_day() -> None:
    rows = list(csv.DictReader(io.StringIO(month().daily_csv())))
    shown = [
        (row["date"], row["model"], row["band"], row["input_tokens"], row["amount_usd"])
        for row in rows
    ]
    assert shown == [
        ("2026-11-20", "claude-haiku-5-5", "0", "1000", "0.00015"),
        ("2026-11-20", "claude-haiku-5-5", "100000", "200000", "0.1"),
        ("2026-11-20", "gpt-6-sol", "0", "10", "0.00001"),
        ("2026-11-21", "claude-haiku-5-5", "0", "500", "0.00005"),
    ]


def test_json_and_back() -> None:
    assert Invoice.from_json(month().as_json()).lines == month().lines
