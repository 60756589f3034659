"""Where the money went: what the page shows, to whom, and what it never shows."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from costs.models import Budget, BudgetPeriod, UsageRecord
from costs.reports.window import window
from costs.templatetags.money import dollars, seconds, share, spaced, usd
from costs.tokens import Tokens
from fa_site.access import GROUPS
from llm.models import BatchEntry, CircuitEvent, MessageBatch
from tests.costs.reports_rows import HAIKU, LUNA, SONNET, add, bands, row
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/costs/spending/"


def words(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    page = answer.content.decode()
    return re.sub(
        r"\s+", " ", strip_tags(page[page.index('<div class="money">') :].replace("<", " <"))
    )


def fill() -> list[UsageRecord]:
    """A call answered, one refused and answered elsewhere, one nobody knows the end of; just now."""
    lists, at = bands(), timezone.now()
    user = make_user("anna", "advisor")
    made = add(
        row(lists[SONNET][0], Tokens(1000, cache_read=3000, output=200), at, latency_ms=1500,
            stock="AAPL", run="7", task="write", prompt="claims", prompt_version="abc",
            estimated_tokens=4400),
        row(lists[HAIKU][0], state="failed", error="rate_limited", at=at, agent="researcher",
            category="queries", query="q-42", user=user),
        row(lists[HAIKU][0], Tokens(70_000), at, state="unknown", error="timed_out"),
    )  # fmt: skip
    return [*made, *add(
        row(lists[LUNA][0], Tokens(10_000), at, call=made[1].call, attempt=2, agent="researcher",
            category="queries", query="q-42", user=user),
    )]  # fmt: skip


def test_who_may_not_read_the_ledger_is_kept_out(advisor: Client) -> None:
    assert advisor.get(PAGE, follow=True).status_code == 403
    staff = Client()
    staff.force_login(make_user("clerk", "advisor", is_staff=True))
    assert staff.get(PAGE).status_code == 403
    assert staff.get(f"{PAGE}?as=csv").status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_ops_have_what_they_need_of_money_and_no_other_group_has() -> None:
    def may(group: str) -> set[str]:
        found = Permission.objects.filter(
            group__name=group, content_type__app_label__in=("costs", "llm")
        )
        return {
            f"{one.content_type.app_label}.{one.codename}"
            for one in found.select_related("content_type")
        }

    assert may("ops") == {one for one in GROUPS["ops"] if one.startswith(("costs.", "llm."))}
    assert len(may("ops")) == 10 + 8 + 5 + 1
    assert (may("advisor"), may("api")) == (set(), set())


def test_a_group_gets_no_permission_of_the_same_name_elsewhere() -> None:
    for group, allowed in GROUPS.items():
        found = Permission.objects.filter(group__name=group).select_related("content_type")
        assert {f"{one.content_type.app_label}.{one.codename}" for one in found} == set(allowed)


def test_only_reading(operator: Client) -> None:
    assert operator.post(PAGE).status_code == 405


def test_an_empty_ledger_says_what_to_do(operator: Client) -> None:
    Budget.objects.all().delete()
    told = words(operator)
    assert "No model was called in this time." in told
    assert "No budget is set: manage.py ensure_budgets" in told
    assert "No circuit changed its state in this time." in told
    assert "Failures" not in told


def test_what_was_spent(operator: Client) -> None:
    """2,600 + 2,000 for Sonnet, 7,000 unknown, 1,000 for Luna: 12,600 millionths."""
    fill()
    told = words(operator)
    assert "Models $0.013 4 attempts, 1 of them not billed. $0.0070 is our own count" in told
    assert "Prompt cache 3.6% of 84,000 prompt tokens were read from" in told
    assert "A question $0.0010 1 for $0.0010, failures included." in told
    assert "A verified summary – None came of $0.012" in told
    assert (
        "By model Model Mean p95 USD Share Attempts Failed Prompt tokens Cached Output tokens"
        in told
    )
    assert "claude-haiku-5-5 – – $0.01 55.6% 2 1 70,000 0.0% 0 " in told
    assert "claude-sonnet-5-5 1.5 s 1.5 s <$0.01 36.5% 1 0 4,000 75.0% 200" in told.replace(
        "&lt;", "<"
    )
    assert "Most expensive stocks" in told
    assert "anna" in told


def test_failures(operator: Client) -> None:
    fill()
    assert "anthropic 1 rate limited, 1 timed out 3 2 $0.0070 1 $0.0010 1" in words(operator)


def test_savings(operator: Client) -> None:
    fill()
    told = words(operator)
    assert "Saved Prompt caching $0.0054 All prompt tokens at the price" in told
    assert "Could be saved, at most Batches $0.0023 Live calls of batch runs" in told


def test_estimates(operator: Client) -> None:
    fill()
    assert "claude-sonnet-5-5 1 10.0% ±10.0%" in words(operator)


def test_the_rest_of_a_long_table_is_one_line(operator: Client) -> None:
    of = bands()[SONNET][0]
    add(*(row(of, Tokens(10_000 * (20 - number)), timezone.now(), stock=f"S{number:02}") for number in range(20)))  # fmt: skip
    table = words(operator).split("Most expensive stocks")[1].split("Most expensive")[0]
    assert re.findall(r"S\d\d", table) == [f"S{number:02}" for number in range(15)]
    # 10,000 x (5 + 4 + 3 + 2 + 1) x 2 USD of 210 x 20,000 millionths
    assert "all the rest $0.30 7.1% 5 0 150,000 0.0% 0" in table


def test_budgets_with_their_forecast(operator: Client) -> None:
    Budget.objects.all().delete()
    budget = Budget.objects.create(scope="firm", amount_usd=100)
    of = bands()[SONNET][0]
    now = timezone.now()
    add(*(row(of, Tokens(1_000_000), now - timedelta(days=day)) for day in range(30)))
    told = words(operator)
    spent = 2 * UsageRecord.objects.filter(sent_at__gte=window("this").start).count()
    assert f"Firm, a month ${spent}.00 $0.00 $100.00 ${100 - spent}.00 {spent}.0%" in told
    assert (
        f"The firm’s budget: ${spent}.00 spent, models and other expenses; dashed, the forecast:"
        in told
    )
    assert BudgetPeriod.objects.filter(budget=budget).count() == 0, "a page writes nothing"


@pytest.mark.parametrize("every", ["day", "week", "month", "nonsense"])
def test_the_series_has_a_bar_for_each_period(operator: Client, every: str) -> None:
    fill()
    page = operator.get(f"{PAGE}?window=last-30d&every={every}").content.decode()
    bars = {"day": (30, 31), "week": (5, 6), "month": (1, 2, 3), "nonsense": (30, 31)}[every]
    assert page.count("<rect ") in bars
    assert page.count("<title>") - 1 == page.count("<rect ")


def test_too_many_bars_become_weeks(operator: Client) -> None:
    fill()
    assert "Spending by week" in words(operator, "?window=last-300d&every=day")
    assert "Spending by month" in words(operator, "?window=last-3000d&every=day")


def test_a_window_that_is_none_is_told(operator: Client) -> None:
    answer = operator.get(f"{PAGE}?window=%3Cb%3Esoon&as=csv")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "is no stretch of time: write last-24h, last-7d" in page
    assert "<b>soon" not in page
    assert 'aria-invalid="true"' in page


def test_last_month_and_days(operator: Client) -> None:
    fill()
    assert "Models $0.00 0 attempts" in words(operator, "?window=last")
    assert "Models $0.013 4 attempts" in words(operator, "?window=last-24h")


def test_csv(operator: Client) -> None:
    fill()
    answer = operator.get(f"{PAGE}?window=last-24h&as=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        answer.headers["Content-Disposition"]
        == 'attachment; filename="costs-the-last-24-hours.csv"'
    )
    lines = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    by = {(one["dimension"], one["key"]): Decimal(one["usd"]) for one in lines}
    assert by[("total", "")] == Decimal("0.0126")
    assert by[("user", "anna")] == Decimal("0.001")


def test_circuits_and_batches(operator: Client) -> None:
    event = CircuitEvent.objects.create(provider="anthropic", state="open", reason="overloaded")
    old = CircuitEvent.objects.create(provider="openai", state="open", reason="long ago")
    CircuitEvent.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=40))
    batch = MessageBatch.objects.create(
        provider="anthropic", model=HAIKU, state="submitted", provider_id="b-1"
    )
    for number, state in enumerate(("in_batch", "in_batch", "answered")):
        BatchEntry.objects.create(
            key=str(number), state=state, batch=batch, provider="anthropic", model=HAIKU,
            request={"text": "what the client asked"}, purpose={},
        )  # fmt: skip
    MessageBatch.objects.create(
        provider="anthropic", model=SONNET, state="settled", provider_id="b"
    )
    told = words(operator, "?window=last-24h")
    at = timezone.localtime(event.at)
    assert f"{at.day} {at:%b, %H:%M:%S} anthropic open: left alone overloaded" in told
    assert f"{HAIKU} at the provider 2 3 " in told
    assert "long ago" not in told
    assert SONNET not in told
    assert "what the client asked" not in told


def test_many_changes_of_circuits_are_cut_and_say_so(operator: Client) -> None:
    for _ in range(13):
        CircuitEvent.objects.create(provider="anthropic", state="open")
    told = words(operator, "?window=last-24h")
    assert told.count("anthropic open: left alone") == 12
    assert "The newest 12 are shown." in told


def test_no_style_or_script_of_its_own(operator: Client) -> None:
    """The policy forbids both inside a page."""
    fill()
    page = operator.get(PAGE).content.decode()
    ours = page[page.index('<div class="money">') :]
    ours = ours[: ours.index("money-narrow")]
    assert " style=" not in ours
    assert "<script" not in ours


def count(client: Client) -> int:
    with CaptureQueriesContext(connection) as caught:
        words(client)
    return len(caught)


def test_more_rows_are_no_more_queries(operator: Client) -> None:
    Budget.objects.all().delete()
    fill()
    few = count(operator)
    lists = {
        one.model: one
        for one in (each.price for each in UsageRecord.objects.select_related("price"))
    }
    add(*(row(lists[SONNET], at=timezone.now(), stock=f"S{n}", query=f"q-{n}", run=f"{n}",
              user=make_user(f"u{n}")) for n in range(30)))  # fmt: skip
    assert count(operator) == few <= 30


def test_what_needs_me_tells_of_money(operator: Client) -> None:
    Budget.objects.all().delete()
    fill()
    page = re.sub(
        r"\s+", " ", strip_tags(operator.get("/admin/").content.decode().replace("<", " <"))
    )
    assert (
        "Money No budget of the firm is set: manage.py ensure_budgets 1 call of unknown outcome"
        in page
    )
    Budget.objects.create(scope="firm", amount_usd="0.02")
    page = re.sub(
        r"\s+", " ", strip_tags(operator.get("/admin/").content.decode().replace("<", " <"))
    )
    assert "Money 63.0% of the month’s budget $0.013 of $0.02 spent" in page.replace(
        "$0.020", "$0.02"
    )
    assert f'href="{PAGE}"' in operator.get("/admin/").content.decode()


def test_who_may_not_read_the_ledger_is_told_nothing_of_it(db: None) -> None:
    fill()
    staff = Client()
    staff.force_login(make_user("clerk", "advisor", is_staff=True))
    page = staff.get("/admin/").content.decode()
    assert "What needs me?" in page
    assert "spending" not in page


@pytest.mark.parametrize(
    ("amount", "told", "column"),
    [
        (None, "–", None), ("0", "$0.00", "$0.00"), ("1234567.891", "$1,234,567.89", "$1,234,567.89"),
        ("0.1", "$0.10", "$0.10"), ("0.0994", "$0.099", "$0.10"), ("0.00412", "$0.0041", "<$0.01"),
        ("0.00000041", "$0.00000041", "<$0.01"), ("0.000000041", "<$0.0000001", "<$0.01"),
        ("-3.5", "−$3.50", "−$3.50"), ("-0.004", "−$0.0040", "−<$0.01"),
    ],
)  # fmt: skip
def test_amounts(amount: str | None, told: str, column: str | None) -> None:
    assert usd(None if amount is None else Decimal(amount)) == told
    if amount is not None:
        assert dollars(Decimal(amount)) == column


def test_other_figures() -> None:
    assert [share(one) for one in (None, 0.4231, Decimal("1.5"), -0.05)] == [
        "–",
        "42.3%",
        "150.0%",
        "−5.0%",
    ]
    assert [seconds(one) for one in (None, 1540.0)] == ["–", "1.5 s"]
    assert spaced("timed_out") == "timed out"
