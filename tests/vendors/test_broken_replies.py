"""Replies that break off or end wrongly, through the official SDKs, and what of them is billed."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from tests.vendors import Fault, ModelSite
from tests.vendors.conftest import Anthropics, OpenAIs
from tests.vendors.test_faults import ASK, CALL, whole_outputs


def test_stream_cut_after_some_events(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("cut", events=5))
    stream = claude(site.anthropic_url).messages.create(**CALL, stream=True)
    assert [next(stream).type for _ in range(4)] == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
    ]
    with pytest.raises(httpx2.RemoteProtocolError):
        next(stream)
    with pytest.raises(openai.APIConnectionError):
        list(gpt(site.openai_url).responses.create(**ASK, stream=True))
    first, second = site.invoice.lines
    assert (first.status, second.status) == ("cut", "cut")
    whole = whole_outputs(site, claude, gpt)
    assert 0 < first.output_tokens < whole[0]
    assert 0 < second.output_tokens < whole[1]


def test_cut_in_a_whole_reply(site: ModelSite, claude: Anthropics) -> None:
    site.script.add(Fault("cut"))
    with pytest.raises((anthropic.APIConnectionError, httpx2.RemoteProtocolError)):
        claude(site.anthropic_url).messages.create(**CALL)
    assert [line.status for line in site.invoice.lines] == ["cut"]


def test_stream_that_ends_without_its_last_event(
    site: ModelSite, claude: Anthropics, gpt: OpenAIs
) -> None:
    site.script.add(Fault("unfinished", events=5))
    with claude(site.anthropic_url).messages.stream(**CALL) as stream:
        message = stream.get_final_message()
    assert message.stop_reason is None
    assert message.content[0].type == "text"
    events = list(gpt(site.openai_url).responses.create(**ASK, stream=True))
    assert len(events) == 5
    assert events[-1].type == "response.output_text.delta"
    assert [line.status for line in site.invoice.lines] == ["cut", "cut"]


def test_error_in_mid_stream(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("stream_error", events=5))
    with pytest.raises(anthropic.APIStatusError) as raised:
        list(claude(site.anthropic_url).messages.create(**CALL, stream=True))
    assert (raised.value.status_code, raised.value.type) == (200, "overloaded_error")
    events = list(gpt(site.openai_url).responses.create(**ASK, stream=True))
    assert events[-1].type == "error"
    chat: Any = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "hi"}]}
    with pytest.raises(openai.APIError):
        list(gpt(site.openai_url).chat.completions.create(**chat, stream=True))
    assert [line.status for line in site.invoice.lines] == ["cut"] * 3


def test_failed_response(site: ModelSite, gpt: OpenAIs) -> None:
    site.script.add(Fault("failed", events=4))
    last = list(gpt(site.openai_url).responses.create(**ASK, stream=True))[-1]
    assert last.type == "response.failed"
    assert last.response.error is not None


def test_malformed_json_is_billed(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("malformed"))
    with pytest.raises(json.JSONDecodeError):
        claude(site.anthropic_url).messages.create(**CALL)
    with pytest.raises(json.JSONDecodeError):
        gpt(site.openai_url).responses.create(**ASK)
    with pytest.raises(json.JSONDecodeError):
        list(claude(site.anthropic_url).messages.create(**CALL, stream=True))
    with pytest.raises(json.JSONDecodeError):
        claude(site.anthropic_url).messages.batches.list()
    assert [line.status for line in site.invoice.lines] == ["ok", "ok", "ok"]
