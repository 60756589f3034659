"""OpenAI's responses: what goes over the wire, and what is read from what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from costs.tokens import Tokens
from llm.errors import CallFailed, Kind
from llm.providers.openai.bodies import cache_key
from llm.providers.setup import provider
from llm.values import Answer, Part, Stop, Turn
from tests.llm.providers.asks import SAID, asked_at, cached, failure, request
from tests.loopback import Answer as Page
from tests.loopback import serving
from tests.vendors import Fault, ModelSite

SCHEMA = {"type": "object", "properties": {"score": {"type": "integer", "minimum": 0}}}
USAGE = {"input_tokens": 36, "output_tokens": 8, "total_tokens": 44}


def said(*content: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "message", "role": "assistant", "content": list(content)}]


def response(**changes: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": "gpt-6-luna",
        "output": said({"type": "output_text", "text": "Well.", "annotations": []}),
        "usage": USAGE,
    } | changes


def sent(site: ModelSite) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(site.asked[-1].body)
    return body


def answered(reply: Any) -> Answer:
    """What is made of a reply that a server gives."""
    with (
        serving(lambda _: Page(body=json.dumps(reply).encode())) as served,
        asked_at(openai=served.url),
    ):
        return provider("openai").send(request("openai"))


def test_an_answer_comes_with_its_bill(site: ModelSite) -> None:
    answer = provider("openai").send(request("openai"))
    (line,) = site.invoice.lines
    assert answer == Answer(
        text=SAID,
        stop=Stop.END,
        tokens=Tokens(input=line.input_tokens, output=line.output_tokens),
        model="gpt-6-luna",
        response_id=line.response_id,
        request_id=line.request_id,
    )


def test_the_body_has_the_shape_of_the_sdks_own(site: ModelSite) -> None:
    turns = (
        Turn("user", (Part("Sales?"), Part(""), Part("Margins?"))),
        Turn("assistant", (Part("Up."),)),
        Turn("user", (Part("Cash?"),)),
    )
    asked = request("openai", turns=turns, effort="low", schema=SCHEMA, schema_name="The verdict!")
    provider("openai").send(asked)
    assert sent(site) == {
        "model": "gpt-6-luna",
        "instructions": "You write for advisors.",
        "input": [
            {
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "Sales?"},
                    {"type": "input_text", "text": "Margins?"},
                ],
            },
            {"role": "assistant", "content": "Up."},
            {"role": "user", "content": [{"type": "input_text", "text": "Cash?"}]},
        ],
        "max_output_tokens": 300,
        "reasoning": {"effort": "low"},
        "text": {
            "format": {
                "type": "json_schema",
                "name": "The_verdict_",
                "strict": True,
                "schema": {
                    "type": "object",
                    "properties": {"score": {"type": "integer"}},
                    "required": ["score"],
                    "additionalProperties": False,
                },
            }
        },
        "store": False,
        "prompt_cache_key": cache_key(asked),
    }
    assert site.asked[-1].path == "/o/v1/responses"


def test_requests_that_begin_alike_share_a_cache_key() -> None:
    def key(*parts: Part) -> str:
        return cache_key(request("openai", system=parts, turns=()))

    rules = Part("Rules.", is_stable=True)
    assert key(rules, Part("a")) == key(rules, Part("b")) == key(rules)
    assert key(rules, Part("a", is_stable=True)) != key(rules)
    assert key(Part("a"), rules) == ""
    assert len(key(rules)) == 32


def test_cache_reads_are_counted_once(site: ModelSite) -> None:
    first, second = (provider("openai").send(cached("openai")).tokens for _ in range(2))
    assert first
    assert second
    assert (first.cache_read, first.cache_write) == (0, 0)
    assert second.cache_read > 1024
    assert second.prompt == first.prompt
    read = [(line.input_tokens, line.cache_read_tokens) for line in site.invoice.lines]
    assert read == [(first.input, 0), (second.input, second.cache_read)]


def test_cache_writes_are_a_part_of_what_was_read(site: ModelSite) -> None:
    site.change(implicit_writes=True)
    tokens = provider("openai").send(cached("openai")).tokens
    (line,) = site.invoice.lines
    assert tokens == Tokens(
        input=line.input_tokens, cache_write=line.cache_write_5m_tokens, output=line.output_tokens
    )
    assert tokens.cache_write > 1024


def test_reasoning_is_a_part_of_the_output(site: ModelSite) -> None:
    site.change(thinking=20)
    tokens = provider("openai").send(request("openai", effort="low")).tokens
    assert tokens
    assert 0 < tokens.thinking < tokens.output == site.invoice.lines[0].output_tokens


@pytest.mark.parametrize(
    ("changes", "text", "stop"),
    [
        ({"output": said({"type": "refusal", "refusal": "No."})}, "", Stop.REFUSAL),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            "Well.",
            Stop.LENGTH,
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            "Well.",
            Stop.REFUSAL,
        ),
        ({"status": "incomplete", "incomplete_details": None}, "Well.", Stop.LENGTH),
        (
            {"status": "incomplete", "output": [{"type": "reasoning", "summary": []}]},
            "",
            Stop.LENGTH,
        ),
        (
            {
                "output": [
                    {"type": "reasoning", "summary": []},
                    {"type": "novelty", "content": [{"type": "output_text", "text": "no"}]},
                    *said(
                        {"type": "output_text", "text": "Well, "},
                        {"type": "novelty", "text": "no"},
                        {"type": "output_text", "text": "well."},
                    ),
                ]
            },
            "Well, well.",
            Stop.END,
        ),
    ],
)
def test_why_it_stopped(changes: dict[str, Any], text: str, stop: Stop) -> None:
    answer = answered(response(**changes))
    assert (answer.text, answer.stop) == (text, stop)
    assert answer.tokens == Tokens(input=36, output=8)


@pytest.mark.parametrize(
    "reply",
    [
        {},
        response(status=None),
        response(status="queued"),
        response(output=[]),
        response(output=None),
        response(output=said({"type": "output_text"})),
        response(output="Well."),
    ],
)
def test_what_is_no_whole_response_is_malformed(reply: dict[str, Any]) -> None:
    with pytest.raises(CallFailed) as raised:
        answered(reply)
    assert raised.value.kind is Kind.MALFORMED
    assert raised.value.is_billed is (True if reply else None)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("server_error", Kind.SERVER),
        ("rate_limit_exceeded", Kind.RATE_LIMITED),
        ("invalid_prompt", Kind.BAD_REQUEST),
        ("insufficient_quota", Kind.NO_CREDIT),
        ("some_new_one", Kind.SERVER),
    ],
)
def test_a_response_that_failed(code: str, kind: Kind) -> None:
    error = {"code": code, "message": "Secret reasons"}
    with pytest.raises(CallFailed) as raised:
        answered(response(status="failed", output=[], error=error, usage=None))
    failed = raised.value
    assert (failed.kind, failed.is_billed, failed.response_id) == (kind, None, "resp_1")
    assert "Secret" not in str(failed)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"input_tokens": -1, "output_tokens": 8},
        {"input_tokens": "36", "output_tokens": 8},
        {"input_tokens": 36, "input_tokens_details": {"cached_tokens": 37}, "output_tokens": 8},
        {"input_tokens": 36, "output_tokens": 8, "output_tokens_details": {"reasoning_tokens": 9}},
    ],
)
def test_a_usage_that_cant_be_leaves_the_tokens_unknown(usage: Any) -> None:
    answer = answered(response(usage=usage))
    assert (answer.text, answer.tokens) == ("Well.", None)


@pytest.mark.parametrize("lie", ["missing", "zero", "negative", "huge"])
def test_lies_of_the_vendor_are_no_bill(site: ModelSite, lie: str) -> None:
    site.script.add(Fault("usage", usage=lie))
    answer = provider("openai").send(request("openai"))
    assert (answer.text, answer.tokens) == (SAID, None)


def test_refusal_and_limit_at_the_vendor(site: ModelSite) -> None:
    site.script.add(Fault("refusal", times=1))
    assert provider("openai").send(request("openai")).stop is Stop.REFUSAL
    cut = provider("openai").send(request("openai", max_output_tokens=4))
    assert cut.stop is Stop.LENGTH
    assert SAID.startswith(cut.text)


def test_an_empty_account_is_permanent(site: ModelSite) -> None:
    site.script.add(Fault("quota"))
    failed = failure("openai")
    assert (failed.kind, failed.status, failed.is_billed) == (Kind.NO_CREDIT, 429, False)
    assert failed.kind.is_permanent
    assert len(site.asked) == 1


def test_a_call_that_only_warms_the_cache(site: ModelSite) -> None:
    answer = provider("openai").send(cached("openai", max_output_tokens=0))
    assert sent(site)["prompt_cache_options"] == {"prewarm": True}
    assert "max_output_tokens" not in sent(site)
    assert (answer.text, answer.stop) == ("", Stop.LENGTH)


def test_counting_is_the_providers(site: ModelSite) -> None:
    asked = cached("openai", effort="low", schema=SCHEMA)
    counted = provider("openai").count(asked)
    assert site.asked[-1].path == "/o/v1/responses/input_tokens"
    assert site.invoice.lines == []
    answer = provider("openai").send(asked)
    assert answer.tokens
    assert counted == answer.tokens.prompt


def test_a_model_that_isnt_there_is_no_reason_to_speak_otherwise(site: ModelSite) -> None:
    failed = failure("openai", model="gpt-7-nova")
    assert (failed.kind, failed.status) == (Kind.BAD_REQUEST, 404)
    provider("openai").send(request("openai"))
    assert site.asked[-1].path == "/o/v1/responses"
