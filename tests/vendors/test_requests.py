"""What the providers reject, and what they answer to what they accept."""

from __future__ import annotations

import json
import time
from typing import Any

import anthropic
import openai
import pytest

from tests.vendors import ModelSite, Seen, serving_models
from tests.vendors.conftest import Anthropics, OpenAIs
from tests.vendors.surface import ask

CALL: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hi"}],
}
OPEN = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
CLOSED = {**OPEN, "additionalProperties": False}
DOCUMENT = {
    "type": "document",
    "source": {"type": "text", "media_type": "text/plain", "data": "Net sales rose 5 %."},
    "citations": {"enabled": True},
}
TOOL = {"name": "look", "input_schema": CLOSED}


def formatted(schema: Any) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": schema}}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"temperature": 0}, "temperature"),
        ({"top_p": 0.5}, "top_p"),
        ({"top_k": 5}, "top_k"),
        ({"colour": "red"}, "Extra inputs"),
        ({"max_tokens": None}, "max_tokens: Field required"),
        ({"max_tokens": -1}, "greater than or equal to 0"),
        ({"messages": []}, "at least one message"),
        (
            {"messages": [*CALL["messages"], {"role": "assistant", "content": "It"}]},
            "prefill",
        ),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "budgets"),
        (
            {**formatted(CLOSED), "messages": [{"role": "user", "content": [DOCUMENT]}]},
            "citations",
        ),
        (formatted(OPEN), "additionalProperties"),
        (
            formatted({**CLOSED, "properties": {"a": {"type": "integer", "minimum": 1}}}),
            "minimum not supported",
        ),
        (
            {"model": "claude-sonnet-5-5", "tools": [TOOL], "tool_choice": {"type": "any"}},
            "forced tool use",
        ),
        ({"tools": [TOOL], "tool_choice": {"type": "tool", "name": "see"}}, "no such tool"),
        (
            {
                "system": [
                    {"type": "text", "text": f"{n}", "cache_control": {"type": "ephemeral"}}
                    for n in range(5)
                ]
            },
            "maximum of 4 blocks",
        ),
    ],
)
def test_anthropic_rejects(site: ModelSite, change: dict[str, Any], told: str) -> None:
    body = {name: value for name, value in {**CALL, **change}.items() if value is not None}
    status, headers, raw = ask(f"{site.anthropic_url}/v1/messages", body)
    answer = json.loads(raw)
    assert (status, answer["error"]["type"]) == (400, "invalid_request_error")
    assert told in answer["error"]["message"]
    assert answer["request_id"] == headers["request-id"]
    assert site.invoice.lines == []


@pytest.mark.parametrize(
    ("change", "status", "code", "told"),
    [
        ({"colour": "red"}, 400, "unknown_parameter", "colour"),
        ({"input": None}, 400, "missing_required_parameter", "input"),
        ({"model": "gpt-nine"}, 404, "model_not_found", "gpt-nine"),
        (
            {"text": {"format": {"type": "json_schema", "name": "A", "schema": OPEN}}},
            400,
            "invalid_json_schema",
            "additionalProperties",
        ),
    ],
)
def test_openai_rejects(
    site: ModelSite, change: dict[str, Any], status: int, code: str, told: str
) -> None:
    asked = {"model": "gpt-6-luna", "input": "hi", **change}
    body = {name: value for name, value in asked.items() if value is not None}
    answered, _, raw = ask(f"{site.openai_url}/responses", body)
    error = json.loads(raw)["error"]
    assert (answered, error["code"]) == (status, code)
    assert told in error["message"]


def test_unknown_model_key_and_size(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    client = claude(site.anthropic_url)
    with pytest.raises(anthropic.NotFoundError, match="claude-nine"):
        client.messages.create(**{**CALL, "model": "claude-nine"})
    without = {"authorization": anthropic.Omit()}
    with pytest.raises(anthropic.AuthenticationError):
        client.messages.create(**CALL, extra_headers=without)
    client.messages.create(**CALL, extra_headers={**without, "x-api-key": "fake"})
    large = {**CALL, "messages": [{"role": "user", "content": "x" * (33 * 1024 * 1024)}]}
    with pytest.raises(anthropic.ContentTooLargeError):
        client.messages.create(**large)
    with pytest.raises(openai.AuthenticationError):
        gpt(site.openai_url).responses.create(
            model="gpt-6-luna", input="hi", extra_headers={"Authorization": openai.Omit()}
        )
    status, _, raw = ask(f"{site.anthropic_url}/v1/complete", CALL)
    assert (status, json.loads(raw)["error"]["type"]) == (404, "not_found_error")


def test_headers_tell_the_request_and_the_limits(site: ModelSite) -> None:
    _, headers, _ = ask(f"{site.anthropic_url}/v1/messages", CALL)
    assert headers["request-id"] == site.asked[-1].request_id == site.invoice.lines[-1].request_id
    assert "anthropic-ratelimit-requests-remaining" in headers
    _, headers, _ = ask(f"{site.openai_url}/responses", {"model": "gpt-6-luna", "input": "hi"})
    assert headers["x-request-id"] == site.asked[-1].request_id
    assert "x-ratelimit-remaining-tokens" in headers


def test_counted_before_is_what_is_billed(
    site: ModelSite, claude: Anthropics, gpt: OpenAIs
) -> None:
    client, other = claude(site.anthropic_url), gpt(site.openai_url)
    asked: dict[str, Any] = {
        "model": "claude-haiku-5-5",
        "system": "Be brief about 12,345.6 % of it.",
        "messages": [{"role": "user", "content": [DOCUMENT, {"type": "text", "text": "So?"}]}],
        "tools": [TOOL],
    }
    counted = client.messages.count_tokens(**asked).input_tokens
    assert client.messages.create(**asked, max_tokens=50).usage.input_tokens == counted
    shaped = {"format": {"type": "json_schema", "name": "A", "schema": CLOSED, "strict": True}}
    wanted: Any = {
        "model": "gpt-6-luna",
        "input": "So?",
        "instructions": "Be brief.",
        "text": shaped,
    }
    tokens = other.responses.input_tokens.count(**wanted).input_tokens
    usage = other.responses.create(**wanted).usage
    assert usage is not None
    assert usage.input_tokens == tokens
    assert [line.prompt_tokens for line in site.invoice.lines] == [counted, tokens]


def test_author_sees_what_was_asked(claude: Anthropics, gpt: OpenAIs) -> None:
    seen: list[Seen] = []

    def author(asked: Seen) -> str:
        seen.append(asked)
        return '{"a": "b"}'

    with serving_models(author=author) as site:
        claude(site.anthropic_url).messages.create(
            **{**CALL, **formatted({**CLOSED, "title": "Letter"})},
            system="Be brief.",
            metadata={"user_id": "u1"},
        )
        gpt(site.openai_url).chat.completions.create(
            model="gpt-6-luna",
            messages=[
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": "hi"},
            ],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "Letter", "schema": CLOSED, "strict": True},
            },
            max_completion_tokens=100,
            safety_identifier="u1",
        )
    first, second = seen
    assert first == Seen(
        provider="anthropic",
        model="claude-haiku-5-5",
        system="Be brief.",
        texts=["hi"],
        schema={**CLOSED, "title": "Letter"},
        schema_name="Letter",
        max_tokens=100,
        reference="u1",
    )
    assert second == Seen(
        provider="openai",
        model="gpt-6-luna",
        system="Be brief.",
        texts=["hi"],
        schema=CLOSED,
        schema_name="Letter",
        max_tokens=100,
        reference="u1",
    )


def test_author_that_breaks_the_schema_is_a_failure_of_the_server(claude: Anthropics) -> None:
    with serving_models(author=lambda seen: '{"b": 1}') as site:
        with pytest.raises(anthropic.InternalServerError, match="breaks the schema"):
            claude(site.anthropic_url, retries=2).messages.create(**CALL, **formatted(CLOSED))
        assert len(site.failures) == 1
        assert site.invoice.lines == []


def test_citations_are_at_their_place(claude: Anthropics) -> None:
    with serving_models(author=lambda seen: 'They say "sales rose 5 %" and "sales fell".') as site:
        asked: Any = {"messages": [{"role": "user", "content": [DOCUMENT]}]}
        message = claude(site.anthropic_url).messages.create(**{**CALL, **asked})
    texts = [block for block in message.content if block.type == "text"]
    assert "".join(block.text for block in texts) == 'They say "sales rose 5 %" and "sales fell".'
    (cited,) = [citation for block in texts for citation in block.citations or []]
    assert cited.type == "char_location"
    source: str = DOCUMENT["source"]["data"]  # type: ignore[index]
    assert (
        source[cited.start_char_index : cited.end_char_index]
        == cited.cited_text
        == "sales rose 5 %"
    )


def test_streams_pause_between_tokens_and_stop_with_their_client(claude: Anthropics) -> None:
    with serving_models(pace=0.02) as site:
        with claude(site.anthropic_url).messages.create(**CALL, stream=True) as stream:
            for event in stream:
                if event.type == "content_block_delta":
                    break

        until = time.monotonic() + 3
        while not site.invoice.lines and time.monotonic() < until:
            time.sleep(0.01)
        (line,) = site.invoice.lines
        site.change(pace=0.0)
        whole = claude(site.anthropic_url).messages.create(**CALL).usage.output_tokens
    assert line.status == "client_gone"
    assert 0 < line.output_tokens < whole


def test_latency_of_whole_replies_and_of_first_events(claude: Anthropics) -> None:
    with serving_models(latency=0.3, first_token=0.1) as site:
        client = claude(site.anthropic_url)
        took = []
        for stream in (False, True):
            began = time.monotonic()
            made = client.messages.create(**CALL, stream=stream)
            if stream:
                list(made)
            took.append(time.monotonic() - began)
        client.messages.count_tokens(model=CALL["model"], messages=CALL["messages"])
    assert took[0] >= 0.3
    assert 0.1 <= took[1] < 0.3
