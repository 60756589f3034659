"""A server that speaks as OpenAI's does, and has no responses: chat completions instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers.openai import OpenAI
from llm.values import Part, Stop, Turn
from tests.llm.providers.asks import SAID, asked_at, broken, read, request
from tests.loopback import Answer, Asked, Loopback, serving
from tests.vendors import Fault, ModelSite, serving_models

SCHEMA = {"type": "object", "properties": {"score": {"type": "integer"}}}


@contextmanager
def older(served: ModelSite, missing: int = 404) -> Iterator[Loopback]:
    """A server in front of the vendor's that has no responses; it passes the rest on."""
    import httpx2

    def answer(asked: Asked) -> Answer:
        if asked.path.startswith("/v1/responses"):
            return Answer(missing, b'{"detail": "Not Found"}')
        headers = {name: asked.headers[name] for name in ("authorization", "content-type")}
        told = httpx2.post(f"{served.url}/o{asked.path}", content=asked.body, headers=headers)
        kind = told.headers["content-type"]
        return Answer(told.status_code, told.content, content_type=kind)

    with serving(answer) as loopback, asked_at(openai=f"{loopback.url}/v1"):
        yield loopback


def paths(loopback: Loopback) -> list[str]:
    return [asked.path for asked in loopback.asked]


@pytest.mark.parametrize("missing", [404, 405, 501])
def test_it_is_asked_for_chat_and_for_nothing_else_after_that(missing: int) -> None:
    adapter = OpenAI()
    with serving_models() as site, older(site, missing) as server:
        first = adapter.send(request("openai"))
        second = adapter.send(request("openai"))
        text, third = read(adapter, request("openai"))
        assert paths(server) == ["/v1/responses", *["/v1/chat/completions"] * 3]
        lines = site.invoice.lines
    assert first.text == second.text == third.text == text == SAID
    assert {answer.stop for answer in (first, second, third)} == {Stop.END}
    told = [Tokens(input=line.input_tokens, output=line.output_tokens) for line in lines]
    assert [first.tokens, second.tokens, third.tokens] == told


def test_the_body_is_one_that_older_servers_know() -> None:
    turns = (Turn("user", (Part("Sales?"), Part("Margins?"))),)
    asked = request("openai", turns=turns, effort="low", schema=SCHEMA, schema_name="Verdict")
    with serving_models() as site, older(site) as server:
        OpenAI().send(asked)
        body = json.loads(server.asked[-1].body)
    assert body == {
        "model": "gpt-6-luna",
        "messages": [
            {"role": "system", "content": "You write for advisors."},
            {"role": "user", "content": "Sales?\n\nMargins?"},
        ],
        "max_tokens": 300,
        "reasoning_effort": "low",
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "Verdict",
                "strict": True,
                "schema": {
                    "type": "object",
                    "properties": {"score": {"type": "integer"}},
                    "required": ["score"],
                    "additionalProperties": False,
                },
            },
        },
    }


@pytest.mark.parametrize("fault", ["refusal", "truncated"])
def test_why_it_stopped(fault: str) -> None:
    stop = {"refusal": Stop.REFUSAL, "truncated": Stop.LENGTH}[fault]
    with serving_models([Fault(fault)]) as site, older(site):
        adapter = OpenAI()
        whole = adapter.send(request("openai"))
        text, streamed = read(adapter, request("openai"))
    assert whole.stop is streamed.stop is stop
    assert whole.text == streamed.text == text
    assert SAID.startswith(text)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("unfinished", events=3), Kind.BROKEN),
        (Fault("stream_error", events=3), Kind.SERVER),
        (Fault("malformed", events=3), Kind.MALFORMED),
    ],
)
def test_a_stream_that_breaks_off_is_estimated(fault: Fault, kind: Kind) -> None:
    with serving_models([fault]) as site, older(site):
        pieces, failed = broken(OpenAI(), request("openai"))
    assert (failed.kind, failed.is_billed, failed.is_estimate) == (kind, True, True)
    assert "".join(pieces) == "Revenue grew on higher volumes, and margins held. "
    assert failed.tokens
    assert failed.tokens.input > 10
    assert failed.tokens.output > 8


def completion(**changes: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"content": "Well."}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": 3}
    return {"id": "c1", "model": "local", "choices": [choice], "usage": usage} | changes


def plain(reply: Any) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if "responses" in asked.path:
            return Answer(404, b"")
        return Answer(body=json.dumps(reply).encode())

    return answer


def test_a_small_usage_and_unknown_fields_will_do() -> None:
    reply = completion(timings={"prompt_ms": 3})
    with serving(plain(reply)) as served, asked_at(openai=served.url):
        answer = OpenAI().send(request("openai"))
    assert (answer.text, answer.tokens) == ("Well.", Tokens(input=9, output=3))


@pytest.mark.parametrize(
    "reply",
    [
        {},
        completion(choices=[]),
        completion(choices=None),
        completion(choices=[{"message": {"content": None}, "finish_reason": "stop"}]),
        completion(choices=[{"message": {"content": "Well."}, "finish_reason": None}]),
    ],
)
def test_what_is_no_whole_completion_is_malformed(reply: Any) -> None:
    with (
        serving(plain(reply)) as served,
        asked_at(openai=served.url),
        pytest.raises(CallFailed) as raised,
    ):
        OpenAI().send(request("openai"))
    assert raised.value.kind is Kind.MALFORMED


def test_a_server_that_has_neither_is_asked_for_both_the_next_time() -> None:
    adapter = OpenAI()
    with serving(lambda _: Answer(404, b"{}")) as served, asked_at(openai=served.url):
        for _ in range(2):
            with pytest.raises(CallFailed) as raised:
                adapter.send(request("openai"))
            assert (raised.value.kind, raised.value.status) == (Kind.BAD_REQUEST, 404)
        assert paths(served) == ["/responses", "/chat/completions"] * 2


def test_a_failing_server_isnt_taken_for_an_older_one() -> None:
    adapter = OpenAI()
    with serving(lambda _: Answer(500, b"{}")) as served, asked_at(openai=served.url):
        with pytest.raises(CallFailed):
            adapter.send(request("openai"))
        assert paths(served) == ["/responses"]
