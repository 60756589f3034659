"""Streams of both providers: to the end, broken, stopped, too slow."""

from __future__ import annotations

import threading
import time

import pytest

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers import Stream
from llm.providers.setup import provider
from llm.values import Stop
from tests.llm.providers.asks import (
    SAID,
    asked_at,
    broken,
    cached,
    read,
    request,
)
from tests.loopback import Answer, serving
from tests.vendors import Fault, ModelSite

BOTH = pytest.mark.parametrize("name", ["anthropic", "openai"])


def closed_at_the_server(site: ModelSite, seconds: float = 3.0) -> str:
    """How the server's first bill ended: it knows when its client left."""
    end = time.monotonic() + seconds
    while not site.invoice.lines and time.monotonic() < end:
        time.sleep(0.01)
    return site.invoice.lines[0].status


@BOTH
def test_pieces_and_the_whole(site: ModelSite, name: str) -> None:
    text, answer = read(provider(name), request(name))
    (line,) = site.invoice.lines
    assert text == answer.text == SAID
    assert answer.stop is Stop.END
    assert not answer.is_estimate
    assert answer.tokens == Tokens(input=line.input_tokens, output=line.output_tokens)
    assert (answer.request_id, answer.response_id) == (line.request_id, line.response_id)


@BOTH
def test_cache_reads_of_a_stream(site: ModelSite, name: str) -> None:
    whole = provider(name).send(cached(name)).tokens
    _, answer = read(provider(name), cached(name))
    line = site.invoice.lines[-1]
    assert whole
    assert answer.tokens
    assert answer.tokens.prompt == whole.prompt
    assert answer.tokens.cache_read == line.cache_read_tokens > 1024


@BOTH
@pytest.mark.parametrize(("fault", "stop"), [("refusal", Stop.REFUSAL), ("truncated", Stop.LENGTH)])
def test_why_it_stopped(site: ModelSite, name: str, fault: str, stop: Stop) -> None:
    site.script.add(Fault(fault))
    text, answer = read(provider(name), request(name))
    assert answer.stop is stop
    assert answer.text == text
    assert SAID.startswith(text)


@BOTH
def test_a_lie_about_the_usage_leaves_it_unknown(site: ModelSite, name: str) -> None:
    site.script.add(Fault("usage", usage="negative"))
    _, answer = read(provider(name), request(name))
    assert (answer.text, answer.tokens) == (SAID, None)


@BOTH
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("cut", Kind.BROKEN),
        ("unfinished", Kind.BROKEN),
        ("stream_error", Kind.OVERLOADED),
        ("malformed", Kind.MALFORMED),
    ],
)
def test_a_stream_that_breaks_off_is_metered(
    site: ModelSite, name: str, fault: str, kind: Kind
) -> None:
    site.script.add(Fault(fault, events=6))
    pieces, failed = broken(provider(name), request(name))
    (line,) = site.invoice.lines
    if (name, fault) == ("openai", "stream_error"):
        kind = Kind.SERVER
    assert "".join(pieces)
    assert SAID.startswith("".join(pieces))
    assert (failed.kind, failed.is_billed, failed.is_estimate) == (kind, True, True)
    assert failed.kind.is_permanent is False
    assert (failed.request_id, failed.response_id) == (line.request_id, line.response_id)
    assert failed.status is None
    assert failed.tokens
    assert failed.tokens.output == pytest.approx(line.output_tokens, abs=4) or fault == "malformed"
    if name == "anthropic":  # it tells its input at once; of OpenAI's we know our own count
        assert failed.tokens.input == line.input_tokens
    assert failed.tokens.input == pytest.approx(line.input_tokens, rel=0.5)


@BOTH
def test_a_stream_cut_before_its_first_event_tells_nothing(site: ModelSite, name: str) -> None:
    site.script.add(Fault("cut", events=0))
    pieces, failed = broken(provider(name), request(name))
    assert pieces == []
    assert (failed.kind, failed.is_billed, failed.tokens) == (Kind.BROKEN, None, None)


@BOTH
def test_the_answer_of_a_broken_stream_is_its_failure(site: ModelSite, name: str) -> None:
    site.script.add(Fault("cut", events=6))
    stream = provider(name).stream(request(name))
    with pytest.raises(CallFailed) as first:
        list(stream)
    with pytest.raises(CallFailed) as second:
        stream.answer()
    assert first.value is second.value
    assert first.value.__context__ is None
    assert first.value.__cause__ is None


@BOTH
def test_an_answer_is_asked_for_at_the_end(site: ModelSite, name: str) -> None:
    stream = provider(name).stream(request(name))
    with pytest.raises(RuntimeError, match="Read the stream to its end"):
        stream.answer()
    stream.close()


@BOTH
def test_closing_between_pieces_hangs_up(site: ModelSite, name: str) -> None:
    site.change(pace=0.05)
    stream = provider(name).stream(request(name))
    first = next(iter(stream))
    stream.close()
    stream.close()
    assert closed_at_the_server(site) == "client_gone"
    answer = stream.answer()
    assert (answer.text, answer.stop, answer.is_estimate) == (first, Stop.STOPPED, True)
    assert answer.tokens
    assert answer.tokens.output == pytest.approx(site.invoice.lines[0].output_tokens, abs=4)
    assert answer.request_id == site.invoice.lines[0].request_id
    assert list(stream) == []


@BOTH
def test_closing_from_another_thread_wakes_the_reader(site: ModelSite, name: str) -> None:
    site.change(pace=1.0)  # seconds between words: the reader waits
    stream = provider(name).stream(request(name, seconds=60))
    pieces: list[str] = []
    reader = threading.Thread(target=lambda: pieces.extend(stream))
    reader.start()
    time.sleep(0.3)
    began = time.monotonic()
    stream.close()
    reader.join(5)
    assert not reader.is_alive()
    assert time.monotonic() - began < 4
    assert closed_at_the_server(site) == "client_gone"
    assert stream.answer().stop is Stop.STOPPED
    assert stream.answer().text == "".join(pieces)


@BOTH
def test_closing_late_changes_nothing(site: ModelSite, name: str) -> None:
    stream = provider(name).stream(request(name))
    assert "".join(stream) == SAID
    whole = stream.answer()
    stream.close()
    assert stream.answer() == whole
    assert whole.stop is Stop.END


@BOTH
def test_a_finished_stream_gives_its_connection_back(site: ModelSite, name: str) -> None:
    for _ in range(3):
        read(provider(name), request(name))
        stream = provider(name).stream(request(name))
        list(stream)
        stream.close()
        provider(name).send(request(name))
    assert len(site._world.connections) == 1


@BOTH
def test_a_stream_that_drips_ends_in_its_time(site: ModelSite, name: str) -> None:
    site.change(pace=0.1)
    began = time.monotonic()
    pieces, failed = broken(provider(name), request(name, seconds=0.6))
    assert 0.5 < time.monotonic() - began < 6
    assert (failed.kind, failed.is_billed, failed.is_estimate) == (Kind.TIMED_OUT, True, True)
    assert SAID.startswith("".join(pieces))


@BOTH
def test_a_stream_that_stalls_ends_in_its_time(name: str) -> None:
    first = {
        "anthropic": b'event: message_start\ndata: {"type": "message_start", "message": {"id":'
        b' "msg_1", "usage": {"input_tokens": 21, "output_tokens": 1}}}\n\n',
        "openai": b'event: response.created\ndata: {"type": "response.created", "response":'
        b' {"id": "resp_1"}}\n\n',
    }[name]
    page = Answer(body=first.ljust(100) + b"\n" * 100, content_type="text/event-stream", pause=0.4)
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        began = time.monotonic()
        _, failed = broken(provider(name), request(name, seconds=0.7))
    assert time.monotonic() - began < 6.4
    assert failed.kind is Kind.TIMED_OUT


@BOTH
@pytest.mark.parametrize("event", [b'data: ["no object"]', b"data: {}", b"data: \xff\xfe"])
def test_events_that_are_none(name: str, event: bytes) -> None:
    page = Answer(body=b"event: message\n" + event + b"\n\n", content_type="text/event-stream")
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        _, failed = broken(provider(name), request(name))
    assert (failed.kind, failed.is_billed) == (Kind.MALFORMED, None)


def test_both_streams_are_streams() -> None:
    from llm.providers.streaming import Streamed

    assert {name for name in vars(Stream) if not name.startswith("_")} <= set(dir(Streamed))
