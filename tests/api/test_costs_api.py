"""/api/v1/costs/: the ledger's sums for programs, to whoever may read the ledger."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from costs.api.urls import urlpatterns
from costs.models import Budget, Expense, UsageRecord
from costs.tokens import Tokens
from tests.costs.reports_rows import AT, HAIKU, SONNET, add, bands, row
from tests.factories import make_token, make_user

pytestmark = pytest.mark.django_db
ROUTES = sorted(f"/api/v1/{one.pattern}" for one in urlpatterns)
NOVEMBER = "window=2026-11"


@pytest.fixture
def ledger() -> list[UsageRecord]:
    lists = bands()
    return add(
        row(lists[SONNET][0], Tokens(1000, cache_read=3000, output=200), latency_ms=1500,
            stock="AAPL", run="7", call="11111111-1111-4111-8111-111111111111"),
        row(lists[HAIKU][0], Tokens(10_000), at=AT + timedelta(days=1), is_batch=True,
            latency_ms=500),
        row(lists[HAIKU][0], state="failed", error="overloaded", at=AT + timedelta(days=1)),
    )  # fmt: skip


EMPTY = {
    "failed": 0, "unknown_usd": "0", "cache_write_tokens": 0, "cache_read_tokens": 0,
    "output_tokens": 0, "thinking_tokens": 0, "hit_ratio": 0.0, "mean_ms": None, "p95_ms": None,
}  # fmt: skip
OF_SONNET = {
    **EMPTY, "key": SONNET, "calls": 1, "usd": "0.0046", "input_tokens": 1000,
    "cache_read_tokens": 3000, "output_tokens": 200, "hit_ratio": 0.75, "mean_ms": 1500.0,
    "p95_ms": 1500.0,
}  # fmt: skip
OF_HAIKU = {
    **EMPTY, "key": HAIKU, "calls": 2, "failed": 1, "usd": "0.0005", "input_tokens": 10_000,
}  # fmt: skip


def test_the_routes() -> None:
    assert [one.removeprefix("/api/v1/costs/") for one in ROUTES] == [
        "budgets/", "export/", "ledger/", "savings/", "series/", "spending/", "units/",
    ]  # fmt: skip


def test_spending_by_model(ops_api: APIClient, ledger: list[UsageRecord]) -> None:
    Expense.objects.create(on=AT.date(), amount_usd="12.50", what="server")
    assert ops_api.get(f"/api/v1/costs/spending/?{NOVEMBER}").json() == {
        "start": "2026-11-01T00:00:00-04:00",
        "end": "2026-12-01T00:00:00-05:00",
        "label": "November 2026",
        "total": {
            **EMPTY, "key": "", "calls": 3, "failed": 1, "usd": "0.0051", "input_tokens": 11_000,
            "cache_read_tokens": 3000, "output_tokens": 200, "hit_ratio": 3000 / 14_000,
        },
        "expenses_usd": "12.50",
        "rows": [OF_SONNET, OF_HAIKU],
    }  # fmt: skip


def test_spending_by_something_else_the_dearest_alone(
    ops_api: APIClient, ledger: list[UsageRecord]
) -> None:
    rows = ops_api.get(f"/api/v1/costs/spending/?{NOVEMBER}&by=stock").json()["rows"]
    assert [(one["key"], one["usd"]) for one in rows] == [("AAPL", "0.0046"), ("", "0.0005")]
    rows = ops_api.get(f"/api/v1/costs/spending/?{NOVEMBER}&by=stock&limit=1").json()["rows"]
    assert [one["key"] for one in rows] == ["AAPL"]


def test_series(ops_api: APIClient, ledger: list[UsageRecord]) -> None:
    def told(every: str) -> list[tuple[str, int, str]]:
        rows = ops_api.get(f"/api/v1/costs/series/?{NOVEMBER}&every={every}").json()
        return [(one["key"], one["calls"], one["usd"]) for one in rows]

    assert told("day") == [("2026-11-10", 1, "0.0046"), ("2026-11-11", 2, "0.0005")]
    assert told("week") == [("2026-11-09", 3, "0.0051")]
    assert told("month") == [("2026-11-01", 3, "0.0051")]


def test_savings(ops_api: APIClient, ledger: list[UsageRecord]) -> None:
    told = ops_api.get(f"/api/v1/costs/savings/?{NOVEMBER}").json()
    usd = {
        part: [(one["name"], one["usd"], one["is_bound"]) for one in told[part]] for part in told
    }
    assert usd == {
        "saved": [("prompt caching", "0.0054", False), ("batches", "0.0005", False)],
        "could_save": [
            ("batches", "0.0023", True), ("prompt caching", "0", True), ("routing", "0.00437", True),
        ],
    }  # fmt: skip
    assert all(one["rule"] for part in told.values() for one in part)


def test_units(ops_api: APIClient, ledger: list[UsageRecord]) -> None:
    told = {one["name"]: one for one in ops_api.get(f"/api/v1/costs/units/?{NOVEMBER}").json()}
    assert told["stock"] == {"name": "stock", "count": 1, "usd": "0.0046", "each_usd": "0.0046"}
    assert told["verified summary"] == {
        "name": "verified summary", "count": 0, "usd": "0.0051", "each_usd": None,
    }  # fmt: skip


def test_budgets(ops_api: APIClient) -> None:
    Budget.objects.all().delete()
    Budget.objects.create(scope="firm", amount_usd=2000)
    (told,) = ops_api.get("/api/v1/costs/budgets/").json()
    period = {told.pop("starts_at"), told.pop("resets_at")}
    assert len(period) == 2
    assert told == {
        "name": "firm, a month", "scope": "firm", "amount_usd": "2000.00", "spent_usd": "0",
        "reserved_usd": "0", "left_usd": "2000", "share": "0.0000", "forecast_usd": None,
    }  # fmt: skip


def test_export(ops_api: APIClient, ledger: list[UsageRecord]) -> None:
    answer = ops_api.get(f"/api/v1/costs/export/?{NOVEMBER}", headers={"accept": "text/csv"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="costs-november-2026.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    usd = {one["key"]: Decimal(one["usd"]) for one in lines if one["dimension"] == "provider"}
    assert usd == {"anthropic": Decimal("0.0051")}


def test_the_export_tells_its_problems_in_json(ops_api: APIClient) -> None:
    answer = ops_api.get("/api/v1/costs/export/?window=soon", headers={"accept": "text/csv"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_ledger(ops_api: APIClient, ledger: list[UsageRecord]) -> None:
    told = ops_api.get("/api/v1/costs/ledger/?state=settled&is_batch=false").json()
    assert told["count"] == 1
    (found,) = told["results"]
    assert found.pop("id") == ledger[0].pk
    assert found == {
        "call": "11111111-1111-4111-8111-111111111111", "attempt": 1, "state": "settled",
        "provider": "anthropic", "model": SONNET, "operation": "write", "is_batch": False,
        "batch": "", "request_id": "", "category": "batch", "agent": "summariser", "task": "",
        "stock": "AAPL", "summary": None, "query": "", "run": "7", "user": None, "variant": "",
        "prompt": "", "prompt_version": "", "estimated_tokens": 0, "input_tokens": 1000,
        "cache_write_tokens": 0, "cache_write_1h_tokens": 0, "cache_read_tokens": 3000,
        "output_tokens": 200, "thinking_tokens": 0, "is_estimate": False,
        "cost_usd": "0.004600000000000", "error": "", "was_stopped": False, "was_partial": False,
        "sent_at": "2026-11-10T10:00:00-05:00", "ended_at": "2026-11-10T10:00:00-05:00",
        "first_token_ms": None, "latency_ms": 1500, "reconciled_at": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 0]),
        ("ordering=sent_at", [0, 1, 2]),
        ("ordering=-cost_usd", [0, 1, 2]),
        ("model=claude-haiku-5-5", [2, 1]),
        ("stock=AAPL", [0]),
        ("run=7&provider=anthropic&agent=summariser&category=batch", [0]),
        ("state=failed", [2]),
        ("sent_since=2026-11-11T00:00:00Z", [2, 1]),
        ("sent_before=2026-11-11T00:00:00Z", [0]),
        ("query=q-1", []),
    ],
)
def test_ledger_filters(
    ops_api: APIClient, ledger: list[UsageRecord], query: str, expected: list[int]
) -> None:
    results = ops_api.get(f"/api/v1/costs/ledger/?{query}").json()["results"]
    assert [one["id"] for one in results] == [ledger[number].pk for number in expected]


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("spending/?by=mood", "by", "not a valid choice"),
        ("spending/?windwo=last", "windwo", "There is no such parameter. There are: by, limit, window."),
        ("spending/?limit=0", "limit", "greater than or equal to 1"),
        ("spending/?limit=5000", "limit", "less than or equal to 1000"),
        ("series/?every=hour", "every", "not a valid choice"),
        ("savings/?by=model", "by", "There are: window."),
        ("units/?window=2026-13", "window", "there is no day 2026-13-01"),
        ("export/?window=", "window", "may not be blank"),
        ("budgets/?window=last", "window", "There is no such parameter. There are none here."),
        ("ledger/?modle=x", "modle", "There is no such parameter."),
        ("ledger/?sent_since=yesterday", "sent_since", "valid date/time"),
    ],
)  # fmt: skip
def test_wrong_parameters_are_named(ops_api: APIClient, path: str, name: str, said: str) -> None:
    answer = ops_api.get(f"/api/v1/costs/{path}")
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {name})
    assert said in answer.json()["errors"][name][0]


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    ("group", "status"), [("advisor", 403), ("api", 403), ("", 403), ("ops", 200)]
)
def test_money_is_the_operators_alone(db: None, path: str, group: str, status: int) -> None:
    cache.clear()
    user = make_user("someone", *filter(None, [group]), is_staff=True)
    client = APIClient(headers={"authorization": f"Token {make_token(user)}"})
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ROUTES)
def test_without_a_token_there_is_nothing(db: None, path: str) -> None:
    assert APIClient().get(path).status_code == 401


@pytest.mark.parametrize("path", ROUTES)
def test_unchanged_answers_cost_no_transfer(
    ops_api: APIClient, ledger: list[UsageRecord], path: str
) -> None:
    query = "" if path.endswith(("budgets/", "ledger/")) else f"?{NOVEMBER}"
    etag = ops_api.get(path + query).headers["ETag"]
    again = ops_api.get(path + query, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    add(row(ledger[0].price, stock="MSFT", at=datetime(2026, 11, 20, tzinfo=UTC)))
    Budget.objects.create(scope="firm", every="day", amount_usd=7)
    assert ops_api.get(path + query, headers={"if-none-match": etag}).status_code == 200


def test_nothing_can_be_written(ops_api: APIClient) -> None:
    assert {ops_api.post(path).status_code for path in ROUTES} == {405}
