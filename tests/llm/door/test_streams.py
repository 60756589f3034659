"""Answers as they come: pieces, failures in the middle, and readers who leave."""

from __future__ import annotations

import threading
import time

import pytest

import llm
from llm import circuits, retrying
from llm.errors import NoModel
from llm.streaming import Streaming
from llm.values import Done, Event, Part, Piece, Restart, Stop, Turn
from tests.llm.door.asks import Verdict, an_ask, is_balanced, ledger_usd, rows
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.enable_socket

LONG = "Revenue grew. " * 60


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_SECONDS", 0.01)


def told(streaming: Streaming) -> list[Event]:
    return list(streaming)


def text_of(events: list[Event]) -> str:
    """What a reader sees at the end."""
    text = ""
    for event in events:
        if isinstance(event, Restart):
            text = ""
        if isinstance(event, Piece):
            text += event.text
    return text


def test_pieces_make_the_answer(site: ModelSite) -> None:
    events = told(llm.stream(an_ask()))
    assert all(isinstance(event, Piece) for event in events[:-1])
    assert len(events) > 2
    assert isinstance(events[-1], Done)
    reply = events[-1].reply
    assert text_of(events) == reply.text
    assert (reply.stop, reply.provider) == (Stop.END, "anthropic")
    ((state, operation, first, latency),) = rows(
        "state", "operation", "first_token_ms", "latency_ms"
    )
    assert (state, operation) == ("settled", "stream")
    assert 0 <= first <= latency
    assert reply.cost_usd == ledger_usd() == site.invoice.total()


@pytest.mark.parametrize(
    ("kind", "name"),
    [("cut", "broken"), ("unfinished", "broken"), ("stream_error", "overloaded")],
)
def test_what_breaks_off_starts_again_with_the_next(site: ModelSite, kind: str, name: str) -> None:
    site.script.add(Fault(kind, provider="anthropic", events=5))
    events = told(llm.stream(an_ask()))
    restarts = [event for event in events if isinstance(event, Restart)]
    assert [event.provider for event in restarts] == ["anthropic", "anthropic", "openai"]
    assert {event.reason for event in restarts} == {name}
    assert isinstance(events[-1], Done)
    reply = events[-1].reply
    assert text_of(events) == reply.text
    assert rows("attempt", "provider", "state", "error", "was_partial") == [
        (1, "anthropic", "settled", name, True),
        (2, "anthropic", "settled", name, True),
        (3, "anthropic", "settled", name, True),
        (4, "openai", "settled", "", False),
    ]
    assert reply.cost_usd == ledger_usd()
    assert len(site.invoice.lines) == 4


def test_failure_before_any_text_needs_no_restart(site: ModelSite) -> None:
    site.script.add(Fault("status", provider="anthropic", status=529))
    events = told(llm.stream(an_ask()))
    assert not any(isinstance(event, Restart) for event in events)
    assert [row[1] for row in rows()] == ["anthropic"] * 3 + ["openai"]


def test_everything_down_in_mid_stream_ends_with_the_extract(site: ModelSite) -> None:
    site.script.add(Fault("cut", events=5))
    events = told(llm.stream(an_ask(extractive=lambda: "the extract")))
    assert isinstance(events[-1], Done)
    assert text_of(events) == events[-1].reply.text == "the extract"
    assert rows("provider")[-1] == ("extractive",)


def test_nobody_answers_and_there_is_no_extract(site: ModelSite) -> None:
    site.script.add(Fault("outage"))
    with pytest.raises(NoModel):
        told(llm.stream(an_ask()))


def test_stop_from_another_thread_is_metered(site: ModelSite) -> None:
    site.change(author=lambda seen: LONG, pace=0.01)
    streaming = llm.stream(an_ask(most=2000))
    events = [next(streaming), next(streaming)]
    threading.Timer(0.1, streaming.stop).start()
    events += list(streaming)
    assert isinstance(events[-1], Done)
    reply = events[-1].reply
    assert reply.stop is Stop.STOPPED
    assert reply.text == text_of(events)
    assert LONG.startswith(reply.text)
    assert 0 < len(reply.text) < len(LONG)
    assert rows("state", "was_stopped", "is_estimate") == [("settled", True, True)]
    assert reply.cost_usd > 0
    _until_billed(site, "client_gone")
    assert site.invoice.lines[0].output_tokens < 200


@pytest.mark.parametrize("leaving", ["close", "drop"])
def test_reader_who_leaves_is_metered(site: ModelSite, leaving: str) -> None:
    site.change(author=lambda seen: LONG, pace=0.01)
    streaming = llm.stream(an_ask(most=2000))
    next(streaming)
    if leaving == "close":
        streaming.close()
    else:
        del streaming
    assert rows("state", "was_stopped") == [("settled", True)]
    _until_billed(site, "client_gone")
    assert circuits.states()[0].seats == 0


def test_stopped_before_it_began_sends_nothing(site: ModelSite) -> None:
    streaming = llm.stream(an_ask())
    streaming.stop()
    (event,) = streaming
    assert isinstance(event, Done)
    assert (event.reply.stop, event.reply.record) == (Stop.STOPPED, 0)
    assert site.asked == []


def test_structure_that_is_wrong_restarts_with_its_repair(site: ModelSite) -> None:
    site.script.add(Fault("broken_schema", times=1))
    events = told(llm.stream(an_ask(schema=Verdict)))
    (restart,) = [event for event in events if isinstance(event, Restart)]
    assert restart.reason == "bad_result"
    assert isinstance(events[-1], Done)
    assert isinstance(events[-1].reply.data, Verdict)
    assert is_balanced(site)


def test_placeholders_are_whole_again_in_pieces(site: ModelSite) -> None:
    site.change(author=lambda seen: f"Asked: {seen.texts[-1]} End.", words=1)
    typed = Part("Mail jane.roe@example.org on AAPL", is_private=True)
    events = told(llm.stream(an_ask(turns=(Turn("user", (typed,)),))))
    assert "jane.roe@example.org" in text_of(events)
    assert isinstance(events[-1], Done)
    assert text_of(events) == events[-1].reply.text
    assert b"jane.roe" not in site.asked[0].body


def test_kept_answer_streams_at_once(site: ModelSite) -> None:
    ask = an_ask(replay="again")
    first, second = told(llm.stream(ask)), told(llm.stream(ask))
    assert text_of(first) == text_of(second)
    assert isinstance(second[-1], Done)
    assert second[-1].reply.is_replay
    assert len(site.asked) == 1


def _until_billed(site: ModelSite, status: str) -> None:
    until = time.monotonic() + 5
    while [line.status for line in site.invoice.lines] != [status]:
        assert time.monotonic() < until, site.invoice.lines
        time.sleep(0.01)
