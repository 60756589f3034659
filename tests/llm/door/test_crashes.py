"""Workers killed before, during and after a call: one bill, one row, and its state is right."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

import llm
from costs import ledger
from costs.tokens import Tokens
from llm import attempts, circuits
from llm.models import CircuitEvent
from tests.llm.door.asks import an_ask, rows
from tests.llm.door.processes import until, worker
from tests.vendors import Fault, ModelSite
from tests.vendors.invoice import Line

pytestmark = pytest.mark.enable_socket


def test_killed_before_it_sends(site: ModelSite) -> None:
    with worker(site, "before_sending") as process:
        until(process, "sending")
    assert rows() == [(1, "anthropic", "sending", "")]
    ledger.sweep(timedelta(0))
    assert rows() == [(1, "anthropic", "unknown", "worker_died")]
    assert site.invoice.lines == []


def test_killed_while_the_provider_works(site: ModelSite) -> None:
    site.change(latency=1.0)
    with worker(site, "write"):
        _until_asked(site, 1)
    ledger.sweep(timedelta(0))
    assert rows("state", "is_estimate") == [("unknown", True)]
    _until_billed(site, 1)
    assert [line.status for line in site.invoice.lines] == ["client_gone"]
    assert len(rows()) == 1


def test_killed_after_the_answer(site: ModelSite) -> None:
    with worker(site, "after_answer") as process:
        until(process, "answered")
    assert rows() == [(1, "anthropic", "sending", "")]
    ledger.sweep(timedelta(0))
    ((state, record),) = rows("state", "pk")
    assert state == "unknown"
    (line,) = site.invoice.lines
    settled = ledger.bill(record, _tokens(line), reason="export", request_id=line.request_id)
    assert settled.cost_usd == site.invoice.total()


def test_killed_after_it_is_written_and_asked_again_is_not_paid_twice(site: ModelSite) -> None:
    for _ in range(2):
        with worker(site, "write", "one question") as process:
            until(process, "anthropic")
    assert len(site.invoice.lines) == len(rows()) == 1


def test_killed_workers_seat_is_given_again(site: ModelSite) -> None:
    with worker(site, "hold_a_seat") as process:
        until(process, "done")
    assert circuits.states()[0].seats == 1
    assert llm.write(an_ask()).provider == "anthropic"


def test_circuit_of_two_processes(site: ModelSite) -> None:
    """Both fail together, one call tries for both, and both go back."""
    fault = Fault("outage", provider="anthropic")
    site.script.add(fault)
    with worker(site, "many", "6") as one, worker(site, "many", "6") as two:
        until(one, "done")
        until(two, "done")
    assert _events() == [("anthropic", "open")]
    failed = [row for row in rows() if row[1] == "anthropic"]
    # FEWEST_ILL open it; the other process may have had one under way.
    assert circuits.FEWEST_ILL <= len(failed) <= circuits.FEWEST_ILL + 1

    site.script.lift(fault)
    cooled = circuits.states()[0].until
    assert cooled is not None
    time.sleep(max(0.0, (cooled - timezone.now()).total_seconds()) + 0.05)
    before = len(site.asked)
    with worker(site, "many", "5") as one, worker(site, "many", "5") as two:
        until(one, "done")
        until(two, "done")
    assert _events() == [
        ("anthropic", "open"),
        ("anthropic", "half_open"),
        ("anthropic", "closed"),
    ]
    assert len(site.asked) == before + 10
    assert "anthropic" in {asked.provider for asked in site.asked[before:]}


def test_database_that_goes_away_for_a_moment_loses_no_answer(
    site: ModelSite, monkeypatch: Any
) -> None:
    """Its connections are cut just when the provider has answered."""
    monkeypatch.setattr(attempts, "AGAIN_SECONDS", 0.05)
    settle = ledger.settle
    cut: list[bool] = []

    def settling(*arguments: Any, **more: Any) -> Any:
        if not cut:
            cut.append(_cut_connections())
        return settle(*arguments, **more)

    monkeypatch.setattr(ledger, "settle", settling)
    llm.write(an_ask(replay="k"))
    assert cut == [True]
    assert rows() == [(1, "anthropic", "settled", "")]
    assert len(site.invoice.lines) == 1


def _cut_connections() -> bool:
    connection.ensure_connection()
    info = connection.connection.info
    with psycopg.connect(
        host=info.host, port=info.port, user=info.user, password=info.password, dbname="postgres"
    ) as other:
        return bool(other.execute("SELECT pg_terminate_backend(%s)", [info.backend_pid]).fetchone())


def _events() -> list[tuple[Any, ...]]:
    return list(CircuitEvent.objects.order_by("pk").values_list("provider", "state"))


def _tokens(line: Line) -> Tokens:
    return Tokens(line.input_tokens, output=line.output_tokens)


def _until_asked(site: ModelSite, count: int) -> None:
    until = time.monotonic() + 60
    while len(site.asked) < count:
        assert time.monotonic() < until
        time.sleep(0.01)


def _until_billed(site: ModelSite, count: int) -> None:
    until = time.monotonic() + 60
    while len(site.invoice.lines) < count:
        assert time.monotonic() < until
        time.sleep(0.01)
