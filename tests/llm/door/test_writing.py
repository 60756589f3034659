"""One Ask, answered whole: what goes out, what comes back, what stands on the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import takewhile

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import llm
from costs import price_list
from costs.errors import OverBudget, Unpriced
from costs.models import Budget, Price
from llm import circuits, shared
from llm.errors import NoModel
from llm.models import KeptReply, Route
from llm.values import Complexity, Part, Stop, Turn
from tests.llm.door.asks import Verdict, an_ask, is_balanced, ledger_usd, rows
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket


def test_answer_its_cost_and_its_row(site: ModelSite) -> None:
    reply = llm.write(an_ask())
    assert (reply.provider, reply.model, reply.stop) == ("anthropic", "claude-haiku-5-5", Stop.END)
    assert reply.text.startswith("Revenue grew")
    assert reply.attempts == 1
    assert not reply.is_replay
    assert rows("pk", "state", "operation", "agent", "stock", "prompt_version", "error") == [
        (reply.record, "settled", "write", "tester", "AAPL", "v1", "")
    ]
    assert reply.cost_usd == ledger_usd() == site.invoice.total() > 0
    (line,) = site.invoice.lines
    assert rows("request_id", "response_id") == [(line.request_id, line.response_id)]


def test_complexity_decides_the_model(site: ModelSite) -> None:
    models = [llm.write(an_ask(complexity=each)).model for each in Complexity]
    assert models == ["claude-haiku-5-5", "claude-sonnet-5-5", "claude-sonnet-5-5"]


def test_judgement_is_its_own_operation(site: ModelSite) -> None:
    llm.judge(an_ask())
    assert rows("operation") == [("judge",)]


def test_structure_is_checked(site: ModelSite) -> None:
    reply = llm.write(an_ask(schema=Verdict))
    assert isinstance(reply.data, Verdict)
    assert Verdict.model_validate_json(reply.text) == reply.data


def test_structure_is_repaired_once(site: ModelSite) -> None:
    site.script.add(Fault("broken_schema", times=1))
    reply = llm.write(an_ask(schema=Verdict))
    assert isinstance(reply.data, Verdict)
    assert rows() == [
        (1, "anthropic", "settled", "bad_result"),
        (2, "anthropic", "settled", ""),
    ]
    assert reply.attempts == 2
    assert reply.cost_usd == site.invoice.total()
    second = json.loads(site.asked[1].body)["messages"]
    assert [turn["role"] for turn in second] == ["user", "assistant", "user"]


def test_structure_is_not_repaired_twice(site: ModelSite) -> None:
    site.script.add(Fault("broken_schema"))
    with pytest.raises(NoModel, match="bad_result"):
        llm.write(an_ask(schema=Verdict))
    assert rows() == [
        (1, "anthropic", "settled", "bad_result"),
        (2, "anthropic", "settled", "bad_result"),
        (3, "openai", "settled", "bad_result"),
    ]
    assert is_balanced(site)


def test_cut_structure_goes_to_the_next_model(site: ModelSite) -> None:
    site.script.add(Fault("truncated", provider="anthropic"))
    assert llm.write(an_ask(schema=Verdict)).provider == "openai"
    assert rows() == [(1, "anthropic", "settled", "cut"), (2, "openai", "settled", "")]


def test_cut_text_is_an_answer(site: ModelSite) -> None:
    site.script.add(Fault("truncated", provider="anthropic"))
    assert llm.write(an_ask()).stop is Stop.LENGTH


def test_unpriced_model_is_refused_before_anything_is_sent(site: ModelSite) -> None:
    Price.objects.all().delete()
    with pytest.raises(Unpriced, match=r"gpt-6-luna|claude-haiku-5-5"):
        llm.write(an_ask())
    assert site.asked == []
    assert rows() == []


def test_priced_model_answers_for_an_unpriced_one(site: ModelSite) -> None:
    Price.objects.filter(model="claude-haiku-5-5").delete()
    assert llm.write(an_ask()).model == "gpt-6-luna"
    assert {asked.provider for asked in site.asked} == {"openai"}


def test_budget_without_room_is_the_callers_affair(site: ModelSite) -> None:
    Budget.objects.create(scope="queries", amount_usd=Decimal("0.00"), every="month")
    with pytest.raises(OverBudget):
        llm.write(an_ask(extractive=lambda: "without"))
    assert site.asked == []
    assert [state.seats for state in circuits.states()] == [0, 0]


def test_no_call_inside_a_transaction(site: ModelSite) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        llm.write(an_ask())
    assert site.asked == []


@pytest.mark.django_db
def test_tests_own_transaction_is_let_through() -> None:
    with price_list.BUNDLED.open() as file:
        price_list.load(file)
    assert llm.write(an_ask(extractive=lambda: "said without a model")).provider == "extractive"


def test_everything_down_ends_with_the_extract(site: ModelSite) -> None:
    site.script.add(Fault("outage"))
    reply = llm.write(an_ask(schema=Verdict, extractive=lambda: '{"verdict": "none", "score": 0}'))
    assert reply.data == Verdict(verdict="none", score=0)
    assert reply.provider == "extractive"
    assert reply.cost_usd == 0
    assert rows("provider", "state", "cost_usd")[-1] == ("extractive", "settled", 0)
    assert [row[1] for row in rows("provider", "state")[:-1]] == ["failed"] * 6


def test_nothing_set_up_says_what_to_set(site: ModelSite, settings: object) -> None:
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = ""  # type: ignore[attr-defined]
    assert not llm.is_set_up()
    with pytest.raises(NoModel, match="set ANTHROPIC_API_KEY or OPENAI_API_KEY"):
        llm.write(an_ask())


def test_kept_answer_is_not_paid_for_twice(site: ModelSite) -> None:
    ask = an_ask(schema=Verdict, replay="AAPL 2026-11")
    first, again = llm.write(ask), llm.write(ask)
    assert again.is_replay
    assert (again.data, again.text, again.record) == (first.data, first.text, first.record)
    assert len(site.invoice.lines) == 1
    assert KeptReply.objects.count() == 1
    assert not llm.write(
        an_ask("Another question?", schema=Verdict, replay="AAPL 2026-11")
    ).is_replay


def test_private_parts_leave_masked_and_come_back_whole(site: ModelSite) -> None:
    def echo(seen: object) -> str:
        return f"You asked: {seen.texts[-1]}"  # type: ignore[attr-defined]

    site.change(author=echo)
    evidence = Part("Mail ir@example.com for the report.", is_stable=True)
    typed = Part("Write to jane.roe@example.org about AAPL", is_private=True)
    ask = an_ask(turns=(Turn("user", (evidence, typed)),), replay="k")
    reply = llm.write(ask)
    assert "jane.roe@example.org" in reply.text
    (sent,) = site.asked
    assert b"jane.roe" not in sent.body
    assert b"ir@example.com" in sent.body
    assert "jane.roe" not in KeptReply.objects.get().text
    again = llm.write(ask)
    assert again.is_replay
    assert again.text == reply.text


@pytest.mark.parametrize(("budgets", "most"), [(0, 8), (2, 14)])
def test_statements_and_round_trips_of_a_call(site: ModelSite, budgets: int, most: int) -> None:
    for scope in ("firm", "queries")[:budgets]:
        Budget.objects.create(scope=scope, amount_usd=Decimal(1000), every="month")
    llm.write(an_ask())  # prices, routes and switches are known after it
    with CaptureQueriesContext(connection) as queries, _listened() as scripts:
        llm.write(an_ask())
    assert len(scripts) == 2
    asked = [query["sql"].split()[0] for query in queries]
    told = [each for each in asked if each not in ("BEGIN", "COMMIT")]
    print(f"\nwith {budgets} budgets {len(told)} SQL statements in 2 transactions: {told}")
    assert len(told) <= most
    assert asked.count("COMMIT") == 2


@contextmanager
def _listened() -> Iterator[list[str]]:
    """The scripts that Valkey runs meanwhile in this test's own database: others share the server."""
    client = shared.client()
    own = client.connection_pool.connection_kwargs["db"]
    scripts: list[str] = []
    with client.monitor() as monitor:
        yield scripts
        client.echo("heard")
        heard = iter(monitor.next_command, None)
        for told in takewhile(lambda told: told["command"] != "ECHO heard", heard):
            if told["db"] == own and told["command"].startswith("EVALSHA"):
                scripts.append(told["command"])


def test_routes_of_the_admin_come_first(site: ModelSite) -> None:
    Route.objects.create(
        complexity="simple", position=1, provider="openai", model="gpt-6-sol", effort="low"
    )
    assert llm.write(an_ask()).model == "gpt-6-sol"
    assert json.loads(site.asked[0].body)["reasoning"]["effort"] == "low"
