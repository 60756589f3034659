"""Nothing is said that the SDKs' types don't know, and everything they require is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from anthropic.types import (
    BetaErrorResponse,
    Message,
    MessageTokensCount,
    ModelInfo,
    RawContentBlockDelta,
    RawMessageStreamEvent,
    StopReason,
    TextCitation,
)
from anthropic.types.content_block import ContentBlock
from anthropic.types.messages import (
    DeletedMessageBatch,
    MessageBatch,
    MessageBatchIndividualResponse,
)
from openai.types import Batch, CreateEmbeddingResponse, FileObject, Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseOutputItem, ResponseStreamEvent
from openai.types.responses.input_token_count_response import InputTokenCountResponse

from tests.vendors import Fault, ModelSite, Seen, serving_models
from tests.vendors.surface import ask, events, kind_of, members, read_as, strangers

HOSTED = "of tools that run on the provider's side, which this project doesn't use"
MEDIA = "of sounds and pictures"
LEFT_OUT = {
    "response.audio.delta": MEDIA,
    "response.audio.done": MEDIA,
    "response.audio.transcript.delta": MEDIA,
    "response.audio.transcript.done": MEDIA,
    "response.image_generation_call.completed": MEDIA,
    "response.image_generation_call.generating": MEDIA,
    "response.image_generation_call.in_progress": MEDIA,
    "response.image_generation_call.partial_image": MEDIA,
    "response.code_interpreter_call_code.delta": HOSTED,
    "response.code_interpreter_call_code.done": HOSTED,
    "response.code_interpreter_call.completed": HOSTED,
    "response.code_interpreter_call.in_progress": HOSTED,
    "response.code_interpreter_call.interpreting": HOSTED,
    "response.file_search_call.completed": HOSTED,
    "response.file_search_call.in_progress": HOSTED,
    "response.file_search_call.searching": HOSTED,
    "response.web_search_call.completed": HOSTED,
    "response.web_search_call.in_progress": HOSTED,
    "response.web_search_call.searching": HOSTED,
    "response.shell_call_command.added": HOSTED,
    "response.shell_call_command.delta": HOSTED,
    "response.shell_call_command.done": HOSTED,
    "response.shell_call_output_content.delta": HOSTED,
    "response.shell_call_output_content.done": HOSTED,
    "response.mcp_call_arguments.delta": HOSTED,
    "response.mcp_call_arguments.done": HOSTED,
    "response.mcp_call.completed": HOSTED,
    "response.mcp_call.failed": HOSTED,
    "response.mcp_call.in_progress": HOSTED,
    "response.mcp_list_tools.completed": HOSTED,
    "response.mcp_list_tools.failed": HOSTED,
    "response.mcp_list_tools.in_progress": HOSTED,
    "response.output_text.annotation.added": HOSTED,
    "response.custom_tool_call_input.delta": "of tools without a schema",
    "response.custom_tool_call_input.done": "of tools without a schema",
    "response.reasoning_text.delta": "of open-weight models; hosted ones tell a summary",
    "response.reasoning_text.done": "of open-weight models; hosted ones tell a summary",
    "response.compaction.compacting": "of conversations kept by the provider",
    "response.queued": "of responses made in the background",
}
BLOCKS_LEFT_OUT = {
    "redacted_thinking": "encrypted, and nothing to read",
    "server_tool_use": HOSTED,
    "web_search_tool_result": HOSTED,
    "web_fetch_tool_result": HOSTED,
    "code_execution_tool_result": HOSTED,
    "bash_code_execution_tool_result": HOSTED,
    "text_editor_code_execution_tool_result": HOSTED,
    "tool_search_tool_result": HOSTED,
    "container_upload": HOSTED,
}
CITATIONS_LEFT_OUT = {
    "page_location": "PDFs aren't read here",
    "web_search_result_location": HOSTED,
}
STOPS_LEFT_OUT = {
    "pause_turn": HOSTED,
    "model_context_window_exceeded": "a prompt that is too long is rejected before",
}

TOOL = {
    "type": "object",
    "properties": {"ticker": {"type": "string"}},
    "required": ["ticker"],
    "additionalProperties": False,
}
CITED = [
    {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": "Sales were 391,035."},
        "citations": {"enabled": True},
    },
    {
        "type": "document",
        "source": {"type": "content", "content": [{"type": "text", "text": "Margins held."}]},
        "title": "Chunks",
        "citations": {"enabled": True},
    },
    {
        "type": "search_result",
        "source": "https://example.com/1",
        "title": "Found",
        "content": [{"type": "text", "text": "Costs fell."}],
        "citations": {"enabled": True},
    },
    {"type": "text", "text": "What happened?"},
]


def quoting(seen: Seen) -> str:
    if any("391,035" in text for text in seen.texts):
        return 'It says "Sales were 391,035." and “Margins held.” but also "Costs fell." END'
    return "Revenue grew. END of it."


@pytest.fixture
def talkative() -> Iterator[ModelSite]:
    with serving_models(thinking=12, author=quoting, implicit_writes=True) as site:
        yield site
        assert site.failures == []


def anthropic_bodies() -> list[dict[str, Any]]:
    plain: dict[str, Any] = {
        "model": "claude-haiku-5-5",
        "max_tokens": 400,
        "messages": [{"role": "user", "content": "hi"}],
    }
    tool = {"name": "get_fact", "input_schema": TOOL}
    return [
        plain,
        {**plain, "thinking": {"type": "adaptive"}, "tools": [tool]},
        {**plain, "messages": [{"role": "user", "content": CITED}]},
        {**plain, "stop_sequences": ["END"]},
        {**plain, "max_tokens": 2},
        {**plain, "metadata": {"user_id": "refuse"}},
    ]


def openai_bodies() -> list[dict[str, Any]]:
    plain: dict[str, Any] = {"model": "gpt-6-sol", "input": "hi " * 2000}
    tool = {"type": "function", "name": "get_fact", "parameters": TOOL, "strict": True}
    return [
        plain,
        {**plain, "reasoning": {"effort": "low"}, "tools": [tool]},
        {**plain, "max_output_tokens": 2},
        {**plain, "safety_identifier": "refuse"},
    ]


def test_every_message_and_its_events_are_of_the_sdk(talkative: ModelSite) -> None:
    talkative.script.add(Fault("refusal", marker='"refuse"'))
    url = f"{talkative.anthropic_url}/v1/messages"
    kinds, blocks, deltas, citations, stops = set(), set(), set(), set(), set()
    for body in anthropic_bodies():
        status, _, raw = ask(url, body)
        assert status == 200, raw
        message = read_as(Message, json.loads(raw))
        assert list(strangers(message)) == []
        blocks |= {block.type for block in message.content}
        stops.add(message.stop_reason)
        for block in message.content:
            citations |= {cited.type for cited in getattr(block, "citations", None) or []}
        _, _, raw = ask(url, {**body, "stream": True})
        for name, data in events(raw):
            assert name == data["type"]
            if name == "ping":  # no event of the union: the SDK drops it
                assert data == {"type": "ping"}
                continue
            event = read_as(RawMessageStreamEvent, data)
            assert list(strangers(event)) == []
            kinds.add(name)
            if name == "content_block_delta":
                deltas.add(data["delta"]["type"])
    assert kinds == {kind_of(each) for each in members(RawMessageStreamEvent)}
    assert deltas == {kind_of(each) for each in members(RawContentBlockDelta)}
    known = {kind_of(each) for each in members(ContentBlock)}
    assert blocks | set(BLOCKS_LEFT_OUT) == known
    known = {kind_of(each) for each in members(TextCitation)}
    assert citations | set(CITATIONS_LEFT_OUT) == known
    assert stops | set(STOPS_LEFT_OUT) == set(get_args(StopReason))
    assert not blocks & set(BLOCKS_LEFT_OUT)


def test_every_response_and_its_events_are_of_the_sdk(talkative: ModelSite) -> None:
    talkative.script.add(Fault("refusal", marker='"refuse"'))
    talkative.script.add(Fault("stream_error", marker='"broken"'))
    talkative.script.add(Fault("failed", marker='"failed"'))
    url = f"{talkative.openai_url}/responses"
    kinds, items = set(), set()
    more = [{**openai_bodies()[0], "safety_identifier": name} for name in ("broken", "failed")]
    for body in openai_bodies() + more:
        status, _, raw = ask(url, body)
        assert status == 200, raw
        response = read_as(Response, json.loads(raw))
        assert list(strangers(response)) == []
        items |= {item.type for item in response.output}
        _, _, raw = ask(url, {**body, "stream": True})
        for number, (name, data) in enumerate(events(raw)):
            assert (name, number) == (data["type"], data["sequence_number"])
            event = read_as(ResponseStreamEvent, data)
            assert list(strangers(event)) == []
            kinds.add(name)
    assert kinds | set(LEFT_OUT) == {kind_of(each) for each in members(ResponseStreamEvent)}
    assert not kinds & set(LEFT_OUT)
    assert items == {"reasoning", "message", "function_call"}
    assert items <= {kind_of(each) for each in members(ResponseOutputItem)}


def test_chat_and_its_chunks_are_of_the_sdk(talkative: ModelSite) -> None:
    talkative.script.add(Fault("refusal", marker='"refuse"'))
    url = f"{talkative.openai_url}/chat/completions"
    plain: dict[str, Any] = {
        "model": "gpt-6-sol",
        "messages": [{"role": "user", "content": "hi"}],
        "reasoning_effort": "low",
    }
    tool = {"type": "function", "function": {"name": "get_fact", "parameters": TOOL}}
    finishes = set()
    for change in ({}, {"tools": [tool]}, {"safety_identifier": "refuse"}, {"max_tokens": 1}):
        _, _, raw = ask(url, {**plain, **change})
        told = read_as(ChatCompletion, json.loads(raw))
        assert list(strangers(told)) == []
        finishes.add(told.choices[0].finish_reason)
        _, _, raw = ask(url, {**plain, **change, "stream": True})
        for _, data in events(raw):
            assert list(strangers(read_as(ChatCompletionChunk, data))) == []
    assert finishes == {"stop", "tool_calls", "length"}


def test_small_replies_of_anthropic_are_of_the_sdk(site: ModelSite) -> None:
    url = f"{site.anthropic_url}/v1"
    params = anthropic_bodies()[0]
    told = ask(
        f"{url}/messages/count_tokens", {k: v for k, v in params.items() if k != "max_tokens"}
    )
    _none_strange(MessageTokensCount, told)
    for row in json.loads(ask(f"{url}/models")[2])["data"]:
        assert list(strangers(read_as(ModelInfo, row))) == []
    names = ["A", "B", "C", "D"]
    site.script.add(
        Fault("entry", marker='"B"', result="errored"),
        Fault("entry", marker='"C"', result="expired"),
        Fault("entry", marker='"D"', result="canceled"),
    )
    entries = [{"custom_id": name, "params": params} for name in names]
    batch = _none_strange(MessageBatch, ask(f"{url}/messages/batches", {"requests": entries}))
    at = f"{url}/messages/batches/{batch.id}"
    ended = _none_strange(MessageBatch, ask(at))
    lines = ask(ended.results_url)[2].splitlines()
    results = [read_as(MessageBatchIndividualResponse, json.loads(line)) for line in lines]
    assert [found for result in results for found in strangers(result)] == []
    assert sorted((result.custom_id, result.result.type) for result in results) == [
        ("A", "succeeded"),
        ("B", "errored"),
        ("C", "expired"),
        ("D", "canceled"),
    ]
    _none_strange(MessageBatch, ask(f"{at}/cancel", method="POST"))
    _none_strange(DeletedMessageBatch, ask(at, method="DELETE"))
    status, _, raw = ask(at)
    assert status == 404
    assert list(strangers(read_as(BetaErrorResponse, json.loads(raw)))) == []


def test_small_replies_of_openai_are_of_the_sdk(site: ModelSite, gpt: Any) -> None:
    url = site.openai_url
    _none_strange(InputTokenCountResponse, ask(f"{url}/responses/input_tokens", openai_bodies()[0]))
    asked = {"model": "text-embedding-3-small", "input": ["a", "b"], "encoding_format": "float"}
    _none_strange(CreateEmbeddingResponse, ask(f"{url}/embeddings", asked))
    for row in json.loads(ask(f"{url}/models")[2])["data"]:
        assert list(strangers(read_as(Model, row))) == []
    line = {"custom_id": "A", "method": "POST", "url": "/v1/responses", "body": openai_bodies()[0]}
    file = gpt(url).files.create(file=("b.jsonl", json.dumps(line).encode()), purpose="batch")
    _none_strange(FileObject, ask(f"{url}/files/{file.id}"))
    wanted = {
        "input_file_id": file.id,
        "endpoint": "/v1/responses",
        "completion_window": "24h",
    }
    batch = _none_strange(Batch, ask(f"{url}/batches", wanted))
    assert batch.status == "validating"
    assert _none_strange(Batch, ask(f"{url}/batches/{batch.id}")).status == "completed"


def _none_strange(kind: Any, told: tuple[int, dict[str, str], bytes]) -> Any:
    status, headers, raw = told
    assert status == 200, raw
    assert headers.get("request-id") or headers["x-request-id"]
    value = read_as(kind, json.loads(raw))
    assert list(strangers(value)) == []
    return value
