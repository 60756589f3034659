"""Claude: what goes over the wire, and what is read from what comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers.setup import provider
from llm.values import Answer, Part, Stop, Turn
from tests.llm.providers.asks import SAID, asked_at, cached, failure, request
from tests.loopback import Answer as Page
from tests.loopback import serving
from tests.vendors import Fault, ModelSite

SCHEMA = {
    "type": "object",
    "title": "Verdict",
    "properties": {"score": {"type": "integer", "minimum": 0}},
}
USAGE = {"input_tokens": 21, "output_tokens": 9}


def message(**changes: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [{"type": "text", "text": "Well."}],
        "stop_reason": "end_turn",
        "usage": USAGE,
    } | changes


def sent(site: ModelSite) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(site.asked[-1].body)
    return body


def answered(reply: dict[str, Any]) -> Answer:
    """What is made of a reply that a server gives."""
    with (
        serving(lambda _: Page(body=json.dumps(reply).encode())) as served,
        asked_at(anthropic=served.url),
    ):
        return provider("anthropic").send(request("anthropic"))


def test_an_answer_comes_with_its_bill(site: ModelSite) -> None:
    answer = provider("anthropic").send(request("anthropic"))
    (line,) = site.invoice.lines
    assert answer == Answer(
        text=SAID,
        stop=Stop.END,
        tokens=Tokens(input=line.input_tokens, output=line.output_tokens),
        model="claude-sonnet-5-5",
        response_id=line.response_id,
        request_id=line.request_id,
    )


def test_the_body_has_the_shape_of_the_sdks_own(site: ModelSite) -> None:
    provider("anthropic").send(
        request("anthropic", effort="low", schema=SCHEMA, schema_name="Verdict", hold_1h=True)
    )
    assert sent(site) == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 300,
        "system": [
            {
                "type": "text",
                "text": "You write for advisors.",
                "cache_control": {"type": "ephemeral", "ttl": "1h"},
            }
        ],
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "Margaret Quillfeather asks how sales went."}],
            }
        ],
        "output_config": {
            "effort": "low",
            "format": {
                "type": "json_schema",
                "schema": {
                    "type": "object",
                    "properties": {"score": {"type": "integer"}},
                    "required": ["score"],
                    "additionalProperties": False,
                },
            },
        },
    }
    asked = site.asked[-1]
    assert (asked.path, asked.headers["anthropic-version"]) == ("/a/v1/messages", "2026-10-21")
    assert asked.headers["content-type"] == "application/json"


def test_breakpoints_stand_after_the_stable_parts(site: ModelSite) -> None:
    turns = (
        Turn("user", (Part("a", is_stable=True), Part(""), Part("b", is_stable=True))),
        Turn("assistant", (Part("c", is_stable=True),)),
        Turn("user", (Part("d"), Part("e", is_stable=True))),
    )
    system = (Part("x", is_stable=True), Part("y", is_stable=True))
    provider("anthropic").send(request("anthropic", system=system, turns=turns))
    body = sent(site)
    blocks = body["system"] + [block for turn in body["messages"] for block in turn["content"]]
    marked = [block["text"] for block in blocks if "cache_control" in block]
    assert [block["text"] for block in blocks] == ["x", "y", "a", "b", "c", "d", "e"]
    assert marked == ["y", "c"]


def test_nothing_is_marked_after_a_part_that_changes(site: ModelSite) -> None:
    system = (Part("x"), Part("y", is_stable=True))
    turns = (Turn("user", (Part("a", is_stable=True),)),)
    provider("anthropic").send(request("anthropic", system=system, turns=turns))
    assert "cache_control" not in site.asked[-1].body.decode()


@pytest.mark.parametrize(("hold_1h", "name"), [(False, "cache_write"), (True, "cache_write_1h")])
def test_cache_writes_and_reads_are_counted_apart(
    site: ModelSite, hold_1h: bool, name: str
) -> None:
    asked = cached("anthropic", hold_1h=hold_1h)
    first, second = (provider("anthropic").send(asked).tokens for _ in range(2))
    assert first is not None
    assert second is not None
    written = getattr(first, name)
    assert written > 2048
    assert first == replace(Tokens(input=first.input, output=first.output), **{name: written})
    assert second == Tokens(input=first.input, cache_read=written, output=first.output)
    lines = site.invoice.lines
    assert [line.cache_read_tokens for line in lines] == [0, written]
    assert sum(line.input_tokens for line in lines) == 2 * first.input


def test_thinking_is_a_part_of_the_output() -> None:
    usage = {**USAGE, "output_tokens_details": {"thinking_tokens": 4}}
    content = [
        {"type": "thinking", "thinking": "Hm.", "signature": "x"},
        {"type": "novelty", "text": "no text of ours"},
        "no block at all",
        {"type": "text", "text": "Well, ", "citations": None, "novelty": 1},
        {"type": "text", "text": "well."},
    ]
    answer = answered(message(content=content, usage=usage, novelty={"a": 1}))
    assert (answer.text, answer.tokens) == ("Well, well.", Tokens(input=21, output=9, thinking=4))


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("stop_sequence", Stop.END),
        ("max_tokens", Stop.LENGTH),
        ("model_context_window_exceeded", Stop.LENGTH),
        ("refusal", Stop.REFUSAL),
    ],
)
def test_why_it_stopped(reason: str, stop: Stop) -> None:
    assert answered(message(stop_reason=reason)).stop is stop


def test_a_refusal_may_have_no_content(site: ModelSite) -> None:
    site.script.add(Fault("refusal"))
    answer = provider("anthropic").send(request("anthropic"))
    assert (answer.stop, answer.text) == (Stop.REFUSAL, "")


def test_an_answer_at_its_limit(site: ModelSite) -> None:
    answer = provider("anthropic").send(request("anthropic", max_output_tokens=4))
    assert answer.stop is Stop.LENGTH
    assert answer.text
    assert SAID.startswith(answer.text)


def test_a_call_that_only_warms_the_cache(site: ModelSite) -> None:
    answer = provider("anthropic").send(cached("anthropic", max_output_tokens=0))
    assert (answer.text, answer.stop) == ("", Stop.LENGTH)
    assert answer.tokens
    assert answer.tokens.cache_write > 2048


@pytest.mark.parametrize(
    "reply",
    [
        {},
        message(stop_reason=None),
        message(stop_reason="something_new"),
        message(content=[]),
        message(content=[{"type": "text"}]),
        message(content=[{"type": "text", "text": 7}]),
        message(content="Well."),
        message(content=None),
    ],
)
def test_what_is_no_whole_message_is_malformed(reply: dict[str, Any]) -> None:
    with pytest.raises(CallFailed) as raised:
        answered(reply)
    failed = raised.value
    assert failed.kind is Kind.MALFORMED
    assert failed.is_billed is (True if reply else None)
    assert failed.tokens == (Tokens(input=21, output=9) if reply else None)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        [],
        {},
        {"input_tokens": -3, "output_tokens": 9},
        {"input_tokens": "21", "output_tokens": 9},
        {"input_tokens": True, "output_tokens": 9},
        {"input_tokens": 21.5, "output_tokens": 9},
        {"input_tokens": 10**12, "output_tokens": 9},
        {"input_tokens": 0, "output_tokens": 0},
        {**USAGE, "output_tokens_details": {"thinking_tokens": 10}},
        {
            **USAGE,
            "cache_creation_input_tokens": 7,
            "cache_creation": {"ephemeral_5m_input_tokens": 7, "ephemeral_1h_input_tokens": 7},
        },
    ],
)
def test_a_usage_that_cant_be_leaves_the_tokens_unknown(usage: Any) -> None:
    answer = answered(message(usage=usage))
    assert (answer.text, answer.tokens) == ("Well.", None)


@pytest.mark.parametrize("lie", ["missing", "zero", "negative", "huge"])
def test_lies_of_the_vendor_are_no_bill(site: ModelSite, lie: str) -> None:
    site.script.add(Fault("usage", usage=lie))
    answer = provider("anthropic").send(request("anthropic"))
    assert (answer.text, answer.tokens) == (SAID, None)


def test_writes_without_their_lifetimes_are_short() -> None:
    usage = {**USAGE, "cache_creation_input_tokens": 7, "cache_read_input_tokens": None}
    assert answered(message(usage=usage)).tokens == Tokens(input=21, cache_write=7, output=9)


def test_an_id_that_is_none_is_left_out() -> None:
    answer = answered(message(id="see\nthis", model={"a": 1}))
    assert (answer.response_id, answer.model) == ("", "claude-sonnet-5-5")


def test_a_long_answer_is_streamed_and_given_whole(site: ModelSite) -> None:
    answer = provider("anthropic").send(request("anthropic", max_output_tokens=64_000))
    assert sent(site)["stream"] is True
    assert (answer.text, answer.stop) == (SAID, Stop.END)
    assert answer.tokens == Tokens(
        input=site.invoice.lines[0].input_tokens, output=site.invoice.lines[0].output_tokens
    )


def test_counting_is_the_providers(site: ModelSite) -> None:
    asked = cached("anthropic", effort="low", schema=SCHEMA)
    counted = provider("anthropic").count(asked)
    assert "max_tokens" not in sent(site)
    assert site.invoice.lines == []
    answer = provider("anthropic").send(asked)
    assert answer.tokens
    assert counted == answer.tokens.prompt


@pytest.mark.parametrize("reply", [{}, {"input_tokens": -1}, {"input_tokens": "7"}, []])
def test_a_count_that_is_none(reply: Any) -> None:
    with (
        serving(lambda _: Page(body=json.dumps(reply).encode())) as served,
        asked_at(anthropic=served.url),
        pytest.raises(CallFailed) as raised,
    ):
        provider("anthropic").count(request("anthropic"))
    assert (raised.value.kind, raised.value.is_billed) == (Kind.MALFORMED, False)


def test_half_a_character_does_no_harm(site: ModelSite) -> None:
    turns = (Turn("user", (Part("Sales \ud83d rose."),)),)
    provider("anthropic").send(request("anthropic", turns=turns))
    assert sent(site)["messages"][0]["content"][0]["text"] == "Sales ? rose."


def test_a_deprecated_model_is_the_operators_choice() -> None:
    with (
        serving(lambda _: Page(body=json.dumps(message()).encode())) as served,
        asked_at(anthropic=served.url),
    ):
        provider("anthropic").send(request("anthropic", model="claude-3-haiku-20240307"))


def test_a_prefill_is_refused_for_good(site: ModelSite) -> None:
    turns = (Turn("user", (Part("Say"),)), Turn("assistant", (Part("So"),)))
    failed = failure("anthropic", turns=turns)
    assert (failed.kind, failed.status, failed.is_billed) == (Kind.BAD_REQUEST, 400, False)
