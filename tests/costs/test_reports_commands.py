"""The commands: what they print, what they exit with."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from costs.models import Budget, Expense, Price
from costs.reports.window import window, zone
from costs.tokens import Tokens
from tests.costs.reports_rows import HAIKU, LUNA, SONNET, add, bands, row

pytestmark = pytest.mark.django_db
MONTH = window("2026-11")
D = Decimal


def run(name: str, *words: str) -> str:
    out = io.StringIO()
    call_command(name, *words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def fill(at: datetime | None = None) -> None:
    lists = bands()
    at = at or datetime(2026, 11, 10, 15, tzinfo=zone())
    calls = add(
        row(lists[SONNET][0], Tokens(1000, cache_read=3000, output=200), at, latency_ms=1500,
            stock="AAPL"),  # 2,000 + 600 + 2,000
        row(lists[HAIKU][0], state="failed", error="overloaded", at=at),
    )  # fmt: skip
    add(
        row(lists[LUNA][0], Tokens(10_000), at, call=calls[1].call, attempt=2, latency_ms=500)
    )  # 1,000
    Expense.objects.create(on=at.astimezone(zone()).date(), amount_usd="12.50", what="server")


def test_csv_is_the_default_and_to_the_screen() -> None:
    fill()
    lines = list(
        csv.DictReader(io.StringIO(run("export_cost_report", "--month", "2026-11"), newline=""))
    )
    models = {one["key"]: one["usd"] for one in lines if one["dimension"] == "model"}
    assert models == {SONNET: "0.0046", HAIKU: "0", LUNA: "0.001"}
    assert (lines[0]["dimension"], lines[0]["usd"]) == ("total", "0.0056")


def test_json_tells_all() -> None:
    fill()
    Budget.objects.all().delete()
    Budget.objects.create(scope="firm", amount_usd=2000)
    told = json.loads(run("export_cost_report", "--month", "2026-11", "--format", "json"))
    by, budgets = told.pop("by"), told.pop("budgets_now")
    assert told == {
        "window": "November 2026",
        "start": "2026-11-01T00:00:00-04:00",
        "end": "2026-12-01T00:00:00-05:00",
        "models_usd": "0.0056",
        "unknown_usd": "0",
        "expenses_usd": "12.5",
        "saved": {"prompt caching": "0.0054", "batches": "0"},
        "could_save_at_most": {
            "batches": "0.0028", "prompt caching": "0", "routing": "0.00437",
        },
        "units": {
            "stock": {"count": 1, "usd": "0.0046"}, "question": {"count": 0, "usd": "0"},
            "verified summary": {"count": 0, "usd": "0.0056"},
        },
        "failures": [
            {"provider": "anthropic", "attempts": 2, "lost": 1, "wasted_usd": "0",
             "answered_elsewhere": 1, "elsewhere_usd": "0.001", "unanswered": 0,
             "kinds": {"overloaded": 1}},
        ],
    }  # fmt: skip
    assert by["provider"][0] == {
        "key": "anthropic", "calls": 2, "failed": 1, "usd": "0.0046", "unknown_usd": "0",
        "input_tokens": 1000, "cache_write_tokens": 0, "cache_read_tokens": 3000,
        "output_tokens": 200, "thinking_tokens": 0, "hit_ratio": 0.75, "mean_ms": 1500.0,
        "p95_ms": 1500.0,
    }  # fmt: skip
    assert [(one["name"], one["amount_usd"]) for one in budgets] == [("firm, a month", "2000")]


def test_text_is_for_people() -> None:
    fill()
    text = run("export_cost_report", "--month", "2026-11", "--format", "text")
    assert text.startswith(
        "November 2026: 0.01 USD on models in 3 attempts (1 not billed), 12.50 USD on the rest.\n"
        "\nBy model\n"
        "  claude-sonnet-5-5, 1 attempts                                   0.0046\n"
    )
    assert "\nA stock: 0.0046 USD (1 for 0.00 USD)\n" in text


def test_last_month_is_the_default() -> None:
    last = window("last")
    fill(last.start + timedelta(days=3))
    assert run("export_cost_report", "--format", "text").startswith(f"{last.label}: 0.01 USD")
    assert (
        run("export_cost_report", "--month", "this", "--format", "text").split(": ")[1][:4]
        == "0.00"
    )


def test_to_a_file(tmp_path: Path) -> None:
    fill()
    err = io.StringIO()
    to = tmp_path / "costs.csv"
    call_command("export_cost_report", "--month", "2026-11", "--output", str(to), stderr=err)
    assert to.read_bytes().decode() == run("export_cost_report", "--month", "2026-11")
    assert err.getvalue() == f"{to}: November 2026, 0.01 USD on models.\n"


def test_to_a_file_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written: Is a directory"):
        call_command("export_cost_report", "--output", str(tmp_path))


@pytest.mark.parametrize(
    "words",
    [
        ("export_cost_report", "--month", "november"),
        ("export_cost_report", "--window", "last-0d"),
        ("analyze_model_usage", "--window", "2026-13"),
        ("analyze_token_usage", "--window", "x"),
        ("analyze_token_usage", "--limit", "0"),
    ],
)
def test_what_is_wrong_exits_2_and_says_what_to_write(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as caught:
        run(*words)
    assert caught.value.returncode == 2
    assert (
        "write" in str(caught.value)
        or "at least 1" in str(caught.value)
        or "no day" in str(caught.value)
    )


@pytest.mark.parametrize(
    "words",
    [
        ("export_cost_report", "--month", "this", "--window", "last-24h"),
        ("export_cost_report", "--format", "xml"),
        ("analyze_model_usage", "--last-24h", "--last-7d"),
        ("analyze_token_usage", "--by-agent", "--by-model"),
        ("analyze_token_usage", "--by-mood"),
    ],
)
def test_what_does_not_go_together_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*words)


def test_models_of_the_last_24_hours() -> None:
    fill(timezone.now() - timedelta(hours=2))
    sonnet = Price.objects.get(model=SONNET)
    add(row(sonnet, at=timezone.now() - timedelta(hours=25)))
    assert run("analyze_model_usage", "--last-24h") == (
        "The last 24 hours:\n"
        "model              attempts  failed  prompt  cached  output  mean s  p95 s     USD\n"
        "claude-sonnet-5-5         1       0   4,000     75%     200     1.5    1.5  0.0046\n"
        "gpt-6-luna                1       0  10,000      0%       0     0.5    0.5  0.0010\n"
        "claude-haiku-5-5          1       1       0       -       0       -      -  0.0000\n"
        "all                       3       1  14,000     21%     200       -      -  0.0056\n"
        "anthropic: 1 of 2 attempts were lost (1 overloaded), 0.0000 USD billed in vain; calls "
        "answered elsewhere: 1 for 0.0010 USD, by nobody: 0.\n"
    )


def test_tokens_by_whatever_is_asked() -> None:
    fill(timezone.now() - timedelta(hours=2))
    assert run("analyze_token_usage", "--by-agent").splitlines()[1:3] == [
        "agent       attempts  failed  prompt  cached  output  mean s  p95 s     USD",
        "summariser         3       1  14,000     21%     200     1.0    1.4  0.0056",
    ]
    assert (
        run("analyze_token_usage", "--by-stock", "--limit", "1").splitlines()[2].split()[0]
        == "AAPL"
    )
    told = json.loads(run("analyze_token_usage", "--by-stock", "--json"))
    assert [(one["key"], one["usd"]) for one in told] == [("AAPL", "0.0046"), ("", "0.001")]


def test_when_there_was_nothing() -> None:
    assert run("analyze_model_usage") == "No model was called in the last 24 hours.\n"
    assert run("analyze_token_usage") == "No tokens were used in the last 30 days.\n"
    assert json.loads(run("analyze_model_usage", "--json")) == []


def test_from_the_shell_a_wrong_word_exits_2() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "analyze_model_usage", "--window", "soon"],
        capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("CommandError: 'soon' is no stretch of time: write last-24h")
