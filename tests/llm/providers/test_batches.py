"""Batches of both providers: submitted, looked at, read, called off."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers import Provider
from llm.providers.anthropic import batches as anthropic_batches
from llm.providers.anthropic.answers import result_of as anthropic_result
from llm.providers.openai import batches as openai_batches
from llm.providers.openai.answers import result_of as openai_result
from llm.providers.setup import provider
from llm.values import Answer, Part, Request, Turn
from tests.llm.providers.asks import MODELS, SAID, SECRET, asked_at, cached, request
from tests.loopback import Answer as Page
from tests.loopback import Asked, serving
from tests.vendors import Fault, ModelSite

BOTH = pytest.mark.parametrize("name", ["anthropic", "openai"])
Ends = dict[str, Answer | CallFailed]


def entries(name: str, number: int, **changes: Any) -> list[tuple[str, Request]]:
    def turn(place: int) -> Turn:
        return Turn("user", (Part(f"Stock {place:03} of {SECRET}."),))

    return [
        (f"entry_{place:03}", request(name, turns=(turn(place),), **changes))
        for place in range(number)
    ]


def ended(adapter: Provider, batch_id: str) -> Ends:
    end = time.monotonic() + 5
    while adapter.batch(batch_id).state == "in_progress" and time.monotonic() < end:
        time.sleep(0.02)
    return dict(adapter.results(batch_id))


def kinds(ends: Ends) -> dict[str, Kind]:
    return {name: end.kind for name, end in ends.items() if isinstance(end, CallFailed)}


@BOTH
def test_each_entry_comes_back_under_its_own_id(site: ModelSite, name: str) -> None:
    adapter = provider(name)
    batch_id = adapter.submit(entries(name, 25), marker="m1")
    ends = ended(adapter, batch_id)
    told = {
        line.response_id: Tokens(input=line.input_tokens, output=line.output_tokens)
        for line in site.invoice.lines
    }
    assert sorted(ends) == [custom_id for custom_id, _ in entries(name, 25)]
    got = [end for end in ends.values() if isinstance(end, Answer)]
    assert {answer.response_id: answer.tokens for answer in got} == told
    assert {answer.text for answer in got} == {SAID}
    assert {(line.batch, line.model) for line in site.invoice.lines} == {(True, MODELS[name])}


def test_what_goes_to_anthropic(site: ModelSite) -> None:
    asked = cached("anthropic", hold_1h=True)
    provider("anthropic").submit([("one", asked)], marker="m1")
    (entry,) = json.loads(site.asked[-1].body)["requests"]
    provider("anthropic").send(asked)
    assert entry["params"] == json.loads(site.asked[-1].body)
    assert entry["custom_id"].endswith("-one")
    assert len(entry["custom_id"]) == 16 + 1 + 3


def test_what_goes_to_openai(site: ModelSite) -> None:
    asked = request("openai", turns=(Turn("user", (Part("Two\nlines “quoted”"),)),))
    batch_id = provider("openai").submit([("one", asked), ("two", asked)], marker="m1")
    upload, made = site.asked[-2:]
    provider("openai").send(asked)
    body = json.loads(site.asked[-1].body)
    lines = [json.loads(line) for line in upload.body.splitlines() if line.startswith(b"{")]
    assert lines == [
        {"custom_id": name, "method": "POST", "url": "/v1/responses", "body": body}
        for name in ("one", "two")
    ]
    assert json.loads(made.body) == {
        "input_file_id": json.loads(made.body)["input_file_id"],
        "endpoint": "/v1/responses",
        "completion_window": "24h",
        "metadata": {"marker": "m1"},
    }
    assert batch_id.startswith("batch_")


@BOTH
def test_how_a_batch_stands(site: ModelSite, name: str) -> None:
    site.change(batch_seconds=1.5)  # OpenAI's times are whole seconds
    adapter = provider(name)
    batch_id = adapter.submit(entries(name, 2), marker="m1")
    status = adapter.batch(batch_id)
    assert (status.id, status.state, status.ended_at) == (batch_id, "in_progress", None)
    assert abs(status.created_at - site.clock.now()) < timedelta(seconds=5)
    ended(adapter, batch_id)
    status = adapter.batch(batch_id)
    assert status.state == "ended"
    assert status.ended_at
    assert status.ended_at >= status.created_at


@BOTH
def test_entries_fail_alone(site: ModelSite, name: str) -> None:
    site.script.add(
        Fault("entry", marker="Stock 001", result="expired"),
        Fault("entry", marker="Stock 002", result="canceled"),
        Fault("entry", marker="Stock 003", status=500),
        Fault("entry", marker="Stock 004", status=400),
        Fault("entry", marker="Stock 005", status=529),
        Fault("entry", marker="Stock 006", status=429),
        Fault("entry", marker="Stock 007", status=403),
    )
    adapter = provider(name)
    ends = ended(adapter, adapter.submit(entries(name, 9), marker="m1"))
    assert kinds(ends) == {
        "entry_001": Kind.TIMED_OUT,
        "entry_002": Kind.BROKEN,
        "entry_003": Kind.SERVER,
        "entry_004": Kind.BAD_REQUEST,
        "entry_005": Kind.OVERLOADED,
        "entry_006": Kind.RATE_LIMITED,
        "entry_007": Kind.UNAUTHORISED,
    }
    failed = [end for end in ends.values() if isinstance(end, CallFailed)]
    assert {end.is_billed for end in failed} == {False}
    assert {end.__context__ for end in failed} == {None}
    assert len(site.invoice.lines) == 2


@BOTH
def test_a_batch_that_expires(site: ModelSite, name: str) -> None:
    site.change(batch_seconds=30 * 3600)
    adapter = provider(name)
    batch_id = adapter.submit(entries(name, 3), marker="m1")
    site.clock.advance(25 * 3600)
    assert set(kinds(ended(adapter, batch_id)).values()) == {Kind.TIMED_OUT}
    assert adapter.batch(batch_id).state == "ended"


@BOTH
def test_a_batch_called_off(site: ModelSite, name: str) -> None:
    site.change(batch_seconds=60)
    adapter = provider(name)
    batch_id = adapter.submit(entries(name, 3), marker="m1")
    adapter.cancel(batch_id)
    assert set(kinds(ended(adapter, batch_id)).values()) == {Kind.BROKEN}


@BOTH
def test_a_refused_schema_fails_for_good(site: ModelSite, name: str) -> None:
    adapter = provider(name)
    ends = ended(adapter, adapter.submit(entries(name, 1, model="no-such"), marker="m1"))
    (end,) = ends.values()
    assert isinstance(end, CallFailed)
    assert (end.kind, end.is_billed) == (Kind.BAD_REQUEST, False)


@BOTH
@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ([], "at least one request"),
        (["a", "a"], "a custom id of its own"),
        (["a b"], "up to 47 letters"),
        (["x" * 48], "up to 47 letters"),
    ],
)
def test_what_no_provider_takes_isnt_sent(
    site: ModelSite, name: str, ids: list[str], told: str
) -> None:
    with pytest.raises(CallFailed, match=told) as raised:
        provider(name).submit([(each, request(name)) for each in ids], marker="m1")
    assert (raised.value.kind, raised.value.is_billed) == (Kind.BAD_REQUEST, False)
    assert site.asked == []


@pytest.mark.parametrize(("name", "most"), [("anthropic", 100_000), ("openai", 50_000)])
def test_too_many_requests(site: ModelSite, name: str, most: int) -> None:
    one = request(name)
    many = [(str(place), one) for place in range(most + 1)]
    with pytest.raises(CallFailed, match=f"at most {most:,} requests, not {most + 1:,}"):
        provider(name).submit(many, marker="m1")
    assert site.asked == []


@pytest.mark.parametrize(("name", "most"), [("anthropic", 256), ("openai", 200)])
def test_too_many_bytes(
    site: ModelSite, name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = {"anthropic": anthropic_batches, "openai": openai_batches}[name]
    assert most * 1024**2 == module.MOST_BYTES
    monkeypatch.setattr(module, "MOST_BYTES", 2 * 1024**2)
    turn = Turn("user", (Part("x" * 1024**2),))
    large = [(str(place), request(name, turns=(turn,))) for place in range(2)]
    with pytest.raises(CallFailed, match="at most 2 MB"):
        provider(name).submit(large, marker="m1")
    assert site.asked == []


@BOTH
@pytest.mark.parametrize(
    ("fault", "kind", "is_billed"),
    [
        (Fault("status", status=429, retry_after=2), Kind.RATE_LIMITED, False),
        (Fault("status", status=400), Kind.BAD_REQUEST, False),
        (Fault("reset", endpoint="batches.create"), Kind.BROKEN, None),
        (Fault("malformed", endpoint="batches.create"), Kind.MALFORMED, None),
    ],
)
def test_a_submission_that_fails(
    site: ModelSite, name: str, fault: Fault, kind: Kind, is_billed: bool | None
) -> None:
    site.script.add(fault)
    with pytest.raises(CallFailed) as raised:
        provider(name).submit(entries(name, 1), marker="m1")
    assert (raised.value.kind, raised.value.is_billed) == (kind, is_billed)


def test_a_file_that_doesnt_go_up_is_no_batch(site: ModelSite) -> None:
    site.script.add(Fault("reset", endpoint="files.create"))
    with pytest.raises(CallFailed) as raised:
        provider("openai").submit(entries("openai", 1), marker="m1")
    assert (raised.value.kind, raised.value.is_billed) == (Kind.BROKEN, False)


@BOTH
def test_results_before_the_end_or_of_no_batch(site: ModelSite, name: str) -> None:
    with pytest.raises(CallFailed) as raised:
        list(provider(name).results("batch_none"))
    assert (raised.value.kind, raised.value.status) == (Kind.BAD_REQUEST, 404)
    with pytest.raises(CallFailed):
        provider(name).batch("batch_none")


def results(name: str, body: bytes, cut: int | None = None) -> Iterator[tuple[str, Any]]:
    """Of a server that gives these lines."""

    def answer(asked: Asked) -> Page:
        if asked.path.endswith(("/results", "/content")):
            return Page(body=body, cut=cut)
        return Page(body=b'{"output_file_id": "file-1"}')

    with serving(answer) as served, asked_at(served.url, served.url):
        yield from provider(name).results("batch_1")


def line(name: str, custom_id: str) -> bytes:
    if name == "anthropic":
        message = {
            "id": "m",
            "content": [{"type": "text", "text": "Well."}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 3, "output_tokens": 2},
        }
        told: Any = {
            "custom_id": f"0123456789abcdef-{custom_id}",
            "result": {"type": "succeeded", "message": message},
        }
    else:
        content = [{"type": "output_text", "text": "Well."}]
        body = {"status": "completed", "output": [{"type": "message", "content": content}]}
        told = {"custom_id": custom_id, "response": {"status_code": 200, "body": body}}
    return json.dumps(told).encode() + b"\n"


@BOTH
def test_a_torn_line_hides_no_other(name: str) -> None:
    torn = b'{"custom_id": "b", "resu\n\n[]\n'
    lines = results(name, line(name, "a") + torn + line(name, "c"))
    got = [next(lines), next(lines)]
    with pytest.raises(CallFailed) as raised:
        next(lines)
    assert [custom_id for custom_id, _ in got] == ["a", "c"]
    assert {end.text for _, end in got} == {"Well."}
    assert (raised.value.kind, raised.value.is_billed) == (Kind.MALFORMED, False)


@BOTH
def test_a_download_that_breaks_off(name: str) -> None:
    body = line(name, "a") + line(name, "b")
    lines = results(name, body, cut=len(body) - 5)
    assert next(lines)[0] == "a"
    with pytest.raises(CallFailed) as raised:
        next(lines)
    assert (raised.value.kind, raised.value.is_billed) == (Kind.BROKEN, False)
    assert not raised.value.kind.is_permanent


@pytest.mark.parametrize(
    ("result", "kind", "is_billed"),
    [
        ({"type": "succeeded"}, Kind.MALFORMED, None),
        ({"type": "novelty"}, Kind.MALFORMED, None),
        (None, Kind.MALFORMED, None),
        ({"type": "errored"}, Kind.SERVER, False),
        ({"type": "errored", "error": {"type": "billing_error"}}, Kind.NO_CREDIT, False),
    ],
)
def test_odd_results_of_anthropic(result: Any, kind: Kind, is_billed: bool | None) -> None:
    end = anthropic_result({"custom_id": "x", "result": result})
    assert isinstance(end, CallFailed)
    assert (end.kind, end.is_billed) == (kind, is_billed)


@pytest.mark.parametrize(
    ("told", "kind", "is_billed"),
    [
        ({}, Kind.SERVER, False),
        ({"response": {"status_code": 200, "body": None}}, Kind.MALFORMED, None),
        ({"response": {"status_code": 500, "body": "x"}}, Kind.SERVER, False),
        ({"response": None, "error": {"code": "batch_expired"}}, Kind.TIMED_OUT, False),
        ({"error": {"code": "insufficient_quota"}}, Kind.NO_CREDIT, False),
    ],
)
def test_odd_results_of_openai(told: Any, kind: Kind, is_billed: bool | None) -> None:
    end = openai_result({"custom_id": "x", **told})
    assert isinstance(end, CallFailed)
    assert (end.kind, end.is_billed) == (kind, is_billed)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("validating", "in_progress"),
        ("finalizing", "in_progress"),
        ("cancelling", "in_progress"),
        ("failed", "failed"),
        ("expired", "ended"),
        ("cancelled", "ended"),
    ],
)
def test_states_of_openai(status: str, state: str) -> None:
    shown = {"id": "batch_1", "status": status, "created_at": 1795230000}
    assert openai_batches._status(shown).state == state


@pytest.mark.parametrize("shown", [{}, {"id": "b"}, {"id": "b", "created_at": "x"}])
def test_what_is_no_batch(shown: dict[str, Any]) -> None:
    for module in (anthropic_batches, openai_batches):
        with pytest.raises(CallFailed) as raised:
            module._status(shown)
        assert raised.value.kind is Kind.MALFORMED
