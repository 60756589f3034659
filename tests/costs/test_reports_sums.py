"""Sums over the ledger against sums by hand, by all that one can ask for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db.models import Q

from costs.models import Expense, Team, UsageRecord
from costs.reports import units
from costs.reports.report import HEAD, as_csv, everything, shortened
from costs.reports.spending import (
    DIMENSIONS,
    Spent,
    by,
    by_each,
    dearest,
    expenses,
    expenses_by_day,
    together,
    total,
    with_speed,
)
from costs.reports.window import window
from costs.tokens import Tokens
from tests.costs.reports_rows import AT, add, bands, many, price, row

pytestmark = pytest.mark.django_db
MONTH = window("2026-11")
D = Decimal


def keyed(rows: list[Spent]) -> dict[str, tuple[int, Decimal]]:
    return {one.key: (one.calls, one.usd) for one in rows}


@pytest.fixture
def ledger() -> list[UsageRecord]:
    """Four calls of November by three prices, and what isn't settled; a neighbour in each month."""
    anna = User.objects.create(username="anna")
    team = Team.objects.create(name="Boston")
    haiku, long_haiku = bands()["claude-haiku-5-5"]
    sonnet = price("claude-opus-5-5", input_usd="4", output_usd="20")
    return add(
        row(haiku, Tokens(1000, cache_read=9000, output=200, thinking=50), stock="AAPL", run="7",
            task="write", prompt="claims", prompt_version="abc", latency_ms=1000),
        row(haiku, Tokens(1000, cache_write=3000, cache_write_1h=5000, output=300), stock="MSFT",
            run="7", task="write", is_batch=True, latency_ms=90_000),
        row(long_haiku, Tokens(150_000, output=1000), stock="AAPL", task="rewrite", run="8",
            latency_ms=3000),
        row(sonnet, Tokens(2000, output=500), agent="researcher", category="queries", user=anna,
            team=team, query="q-1", operation="stream", variant="tone/short", latency_ms=2000),
        row(haiku, state="failed", error="overloaded", stock="AAPL", task="write", latency_ms=5),
        row(haiku, Tokens(700), state="unknown", error="timed_out", stock="AAPL", task="write"),
        row(haiku, Tokens(), state="sending", reserved_usd=1, stock="MSFT", task="write"),
        row(haiku, Tokens(900_000), at=MONTH.end),
        row(haiku, Tokens(900_000), at=datetime(2026, 11, 1, 3, 59, tzinfo=UTC)),
    )  # fmt: skip


# By hand, USD: 1000 x 0.1 + 9000 x 0.01 + 200 x 0.5 = 290 millionths…
FIRST = D("0.000290")
SECOND = D("0.0008125")  # (100 + 3000 x 0.125 + 5000 x 0.2 + 300 x 0.5) / 2 = 812.5
THIRD = D("0.0775")  # 150000 x 0.5 + 1000 x 2.5
FOURTH = D("0.018")  # 2000 x 4 + 500 x 20
UNKNOWN = D("0.00007")
ALL = FIRST + SECOND + THIRD + FOURTH + UNKNOWN


def test_total(ledger: list[UsageRecord]) -> None:
    assert total(MONTH) == Spent(
        key="", calls=7, failed=1, usd=ALL, unknown_usd=UNKNOWN,
        input_tokens=1000 + 1000 + 150_000 + 2000 + 700, cache_write_tokens=8000,
        cache_read_tokens=9000, output_tokens=2000, thinking_tokens=50,
    )  # fmt: skip


def test_nothing_is_nothing() -> None:
    assert total(MONTH) == Spent(key="")
    assert (by("model", MONTH), together([]), total(MONTH).hit_ratio) == ([], Spent(""), None)


TOLD: dict[str, dict[str, tuple[int, Decimal]]] = {
    "agent": {"summariser": (6, ALL - FOURTH), "researcher": (1, FOURTH)},
    "task": {"summariser rewrite": (1, THIRD), "researcher": (1, FOURTH),
             "summariser write": (5, FIRST + SECOND + UNKNOWN)},
    "model": {"claude-haiku-5-5": (6, ALL - FOURTH), "claude-opus-5-5": (1, FOURTH)},
    "provider": {"anthropic": (7, ALL)},
    "user": {"": (6, ALL - FOURTH), "anna": (1, FOURTH)},
    "team": {"": (6, ALL - FOURTH), "Boston": (1, FOURTH)},
    "stock": {"AAPL": (4, FIRST + THIRD + UNKNOWN), "": (1, FOURTH), "MSFT": (2, SECOND)},
    "query": {"": (6, ALL - FOURTH), "q-1": (1, FOURTH)},
    "run": {"8": (1, THIRD), "": (4, FOURTH + UNKNOWN), "7": (2, FIRST + SECOND)},
    "category": {"batch": (6, ALL - FOURTH), "queries": (1, FOURTH)},
    "variant": {"": (6, ALL - FOURTH), "tone/short": (1, FOURTH)},
    "prompt": {"": (6, ALL - FIRST), "claims abc": (1, FIRST)},
    "state": {"settled": (4, ALL - UNKNOWN), "unknown": (1, UNKNOWN), "failed": (1, D(0)),
              "sending": (1, D(0))},
    "operation": {"write": (6, ALL - FOURTH), "stream": (1, FOURTH)},
    "way": {"live": (6, ALL - SECOND), "batch": (1, SECOND)},
    "band": {"long prompts": (1, THIRD), "base": (6, ALL - THIRD)},
}  # fmt: skip


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_by_each_dimension_the_dearest_first(ledger: list[UsageRecord], dimension: str) -> None:
    found = by(dimension, MONTH)
    assert keyed(found) == TOLD[dimension]
    assert [one.usd for one in found] == sorted((one.usd for one in found), reverse=True)
    assert together(found) == total(MONTH)


def test_in_one_pass_as_one_by_one(ledger: list[UsageRecord]) -> None:
    assert by_each(list(DIMENSIONS), MONTH) == {one: by(one, MONTH) for one in DIMENSIONS}


def test_the_dearest_have_names(ledger: list[UsageRecord]) -> None:
    assert [one.key for one in dearest("stock", MONTH, most=5)] == ["AAPL", "MSFT"]
    assert [one.key for one in by("stock", MONTH, most=2)] == ["AAPL", ""]


def test_a_shortened_table_adds_up(ledger: list[UsageRecord]) -> None:
    part = shortened("stock", dearest("stock", MONTH, most=1), total(MONTH), 1)
    assert part.rest is not None
    assert (part.rest.calls, part.rest.usd) == (3, SECOND + FOURTH)
    whole = shortened("way", by("way", MONTH), total(MONTH), 5)
    assert whole.rest is None


def test_speeds_are_of_live_answers_alone() -> None:
    """The 95th percentile lies between two values; failures, batches and nulls have no part."""
    of = price()
    add(
        *(row(of, latency_ms=ms) for ms in (1000, 2000, 3000, None)),
        row(of, latency_ms=90_000, is_batch=True),
        row(of, latency_ms=7, state="failed", error="overloaded"),
        row(of, latency_ms=60_000, state="unknown", error="timed_out"),
        row(price("silent", provider="openai")),
    )
    found = with_speed("model", MONTH, by("model", MONTH))
    assert {one.key: (one.mean_ms, one.p95_ms) for one in found} == {
        "claude-sonnet-5-5": (2000.0, 2900.0), "silent": (None, None),
    }  # fmt: skip
    assert [one.calls for one in found] == [7, 1]


def test_sums_of_many_small_amounts_are_exact() -> None:
    """A tenth of a millionth, 30,000 times; floats would have drifted."""
    of = price("tiny", input_usd="0.000001", output_usd="0.1")
    add(*(row(of, Tokens(1, output=1)) for _ in range(30_000)))
    assert total(MONTH).usd == D("0.000000100001") * 30_000


def test_every_table_of_a_month_of_all_kinds_adds_up() -> None:
    users = [User.objects.create(username=f"u{number}") for number in range(4)]
    teams = [Team.objects.create(name=f"t{number}") for number in range(2)]
    made = add(*many(3000, MONTH.start, 30, users, teams))
    whole = total(MONTH)
    assert (whole.calls, whole.usd) == (len(made), sum((one.cost_usd for one in made), D(0)))
    parts = {part.dimension: together(part.rows) for part in everything(MONTH)}
    assert parts == dict.fromkeys(["total", *DIMENSIONS, "day"], whole)


def test_expenses_fall_on_their_days() -> None:
    for on, usd in ((date(2026, 10, 31), 5), (date(2026, 11, 1), 7), (date(2026, 11, 30), 11),
                    (date(2026, 11, 30), 13), (date(2026, 12, 1), 17)):  # fmt: skip
        Expense.objects.create(on=on, amount_usd=usd, what="server")
    assert expenses(MONTH) == 31
    assert expenses_by_day(MONTH) == [(date(2026, 11, 1), D(7)), (date(2026, 11, 30), D(24))]
    now = datetime(2026, 11, 30, 20, tzinfo=UTC)
    assert expenses(window("last-24h", now)) == 24  # today's, though today isn't over


def test_units(ledger: list[UsageRecord], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "_UNITS", units._UNITS.copy())  # what others see stays
    units.register(
        units.Unit("test unit", lambda shown: 4 if shown == MONTH else 0, Q(agent="researcher"))
    )

    def told(month: str) -> dict[str, tuple[int, Decimal, Decimal | None]]:
        return {
            one.name: (one.count, one.usd, one.each_usd) for one in units.unit_costs(window(month))
        }

    found, none = told("2026-11"), told("2020-01")
    assert found["test unit"] == (4, FOURTH, FOURTH / 4)
    assert found["question"] == (1, FOURTH, FOURTH)
    assert found["stock"] == (2, ALL - FOURTH, (ALL - FOURTH) / 2)
    assert none["stock"] == (0, D(0), None)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_reads_back_to_the_same_totals(ledger: list[UsageRecord]) -> None:
    text = as_csv(everything(MONTH))
    assert text.startswith(",".join(HEAD) + "\r\n")
    assert text.count("\n") == text.count("\r\n") == len(read(text)) + 1
    sums: dict[str, Decimal] = {}
    for line in read(text):
        sums[line["dimension"]] = sums.get(line["dimension"], D(0)) + D(line["usd"])
    assert sums == dict.fromkeys(["total", *DIMENSIONS, "day"], ALL)
    opus = next(one for one in read(text) if one["key"] == "claude-opus-5-5")
    assert opus == {
        "dimension": "model", "key": "claude-opus-5-5", "calls": "1", "failed": "0", "usd": "0.018",
        "unknown_usd": "0", "input_tokens": "2000", "cache_write_tokens": "0",
        "cache_read_tokens": "0", "output_tokens": "500", "thinking_tokens": "0",
        "cache_hit_ratio": "0.0000", "mean_ms": "2000", "p95_ms": "2000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ('a "b", c', 'a "b", c'), ("two\nlines", "two\nlines"), ("a=b", "a=b"),
    ],
)  # fmt: skip
def test_csv_holds_no_formula_and_quotes_what_needs_it(key: str, written: str) -> None:
    add(row(price(), variant=key))
    keys = {one["key"] for one in read(as_csv(everything(MONTH))) if one["dimension"] == "variant"}
    assert keys == {written}


def test_amounts_are_in_plain_figures() -> None:
    """A spreadsheet must not meet 1E+3 or 0E-15."""
    add(row(price(), Tokens(500_000_000)))
    usd = {one["usd"] for one in read(as_csv(everything(MONTH)))}
    assert usd == {"1000"}
    assert {one["unknown_usd"] for one in read(as_csv(everything(MONTH)))} == {"0"}


def test_one_query_a_table(ledger: list[UsageRecord], django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    with django_assert_num_queries(1):
        by_each(["model", "provider", "agent"], MONTH)
    with django_assert_num_queries(1):
        by("user", MONTH, most=3)
    assert AT in (one.sent_at for one in ledger)
