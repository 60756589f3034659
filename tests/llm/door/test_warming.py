"""A stable beginning is written into the provider's cache once, then read by all."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

import llm
from llm import warming
from llm.outgoing import request
from llm.routing import Rung
from llm.values import Ask, Part, Prompt, Turn
from tests.llm.door.asks import Verdict, an_ask, is_balanced, rows
from tests.llm.door.test_limits import in_threads
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket

RULES = Prompt("tests/long", "v1", "Every claim cites its evidence. " * 1200)
STOCK = "Revenue was 391,035 million dollars in fiscal 2024. " * 30


def a_question(number: int, **more: Any) -> Ask:
    parts = (Part(STOCK, is_stable=True), Part(f"Question {number}?"))
    return an_ask(prompt=RULES, turns=(Turn("user", parts),), **more)


def test_warmed_once_for_all_who_ask_at_the_same_time(site: ModelSite) -> None:
    site.change(latency=0.2)

    def ask() -> None:
        llm.warm(a_question(1))

    in_threads(8, ask)
    ((operation, state, write),) = rows("operation", "state", "cache_write_tokens")
    assert (operation, state) == ("warm", "settled")
    assert write > 4096
    body = json.loads(site.asked[0].body)
    assert body["max_tokens"] == 0
    assert "Question" not in json.dumps(body)


def test_calls_after_it_read_what_it_wrote(site: ModelSite) -> None:
    llm.warm(a_question(0))
    in_threads(4, lambda: llm.write(a_question(1)))
    ((written,),) = [row for row in rows("cache_write_tokens") if row[0]]
    reads = [row[0] for row in rows("cache_read_tokens")]
    assert reads == [0] + [written] * 4
    assert is_balanced(site)


def test_structure_is_part_of_what_is_kept(site: ModelSite) -> None:
    ask = a_question(0, schema=Verdict)
    llm.warm(ask)
    llm.write(ask)
    assert rows("cache_read_tokens")[1][0] > 4096


def test_too_short_a_beginning_is_left(site: ModelSite) -> None:
    llm.warm(an_ask())
    assert site.asked == []


def test_provider_that_fills_its_own_cache_is_left(site: ModelSite, settings: Any) -> None:
    settings.ANTHROPIC_API_KEY = ""
    llm.warm(a_question(1))
    assert site.asked == []


def test_it_runs_out_and_is_done_again(site: ModelSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(warming.TTL_SECONDS, False, 1)
    llm.warm(a_question(1))
    llm.warm(a_question(2))
    assert len(site.asked) == 1
    time.sleep(1.1)
    llm.warm(a_question(3))
    assert len(site.asked) == 2


def test_failure_costs_only_the_saving(site: ModelSite) -> None:
    site.script.add(Fault("status", status=529))
    in_threads(4, lambda: llm.warm(a_question(1)))
    assert len(site.asked) == 1
    assert rows() == [(1, "anthropic", "failed", "overloaded")]


def test_stable_beginning_ends_at_the_first_part_that_changes() -> None:
    stable, new = Part("s", is_stable=True), Part("n")
    turns = (Turn("user", (stable,)), Turn("assistant", (stable,)), Turn("user", (new, stable)))
    whole, _ = request(an_ask(turns=turns), Rung("anthropic", "claude-haiku-5-5"))
    beginning = warming.stable(whole)
    assert beginning.turns == (*turns[:2], *warming.REST)
    assert beginning.max_output_tokens == 0


def test_tokens_are_counted_by_the_provider_once(site: ModelSite) -> None:
    counted = llm.count_tokens(a_question(1))
    assert counted > 4096
    assert llm.count_tokens(a_question(1)) == counted
    assert [asked.endpoint for asked in site.asked] == ["count_tokens"]
    assert rows() == []
    llm.write(a_question(1))
    assert site.invoice.lines[0].prompt_tokens == counted


def test_tokens_are_estimated_where_nobody_counts(site: ModelSite) -> None:
    counted = llm.count_tokens(a_question(1))
    site.script.add(Fault("outage"))
    estimated = llm.count_tokens(a_question(2))
    assert abs(estimated / counted - 1) < 0.3
