"""Every recorded call of the official SDKs, made again: the same outcome, the same request."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import openai
import pytest

from tests.vendors import Fault, ModelSite
from tests.vendors.conftest import Anthropics, OpenAIs
from tests.vendors.recorded import Capture, parameters, replay_anthropic, replay_openai

# The recording servers chose what to answer by the user id or safety identifier in the request.
FAULTS = {
    "e400": Fault("status", status=400),
    "e401": Fault("status", status=401),
    "e403": Fault("status", status=403),
    "e404": Fault("status", status=404),
    "e413": Fault("status", status=413),
    "e429": Fault("status", status=429, retry_after=0.001),
    "e429once": Fault("status", status=429, retry_after=0.001, times=1),
    "e500": Fault("status", status=500),
    "e503": Fault("status", status=503),
    "e529": Fault("status", status=529),
    "quota": Fault("quota"),
    "slow": Fault("hang"),
    "refuse": Fault("refusal"),
    "refusal": Fault("refusal"),
    "stream_err": Fault("stream_error"),
    "incomplete": Fault("truncated"),
}
# What the recording servers let pass, and the real service doesn't.
STRICTER = {
    "a_create_temperature": anthropic.BadRequestError,  # sampling parameters are gone
    "a_tool": anthropic.BadRequestError,  # claude-sonnet-5-5 refuses forced tools
}
RETRIED = ("e429", "e500", "e503", "e529", "quota", "slow")
VARYING = ("host", "content-length", "authorization")  # and the time-out is the client's


@pytest.mark.parametrize("capture", parameters())
def test_recorded_call_has_the_same_outcome(
    site: ModelSite, claude: Anthropics, gpt: OpenAIs, capture: Capture
) -> None:
    if not capture.requests:
        assert capture.name == "a_big_nonstreaming"
        with (
            anthropic.Anthropic(base_url=site.anthropic_url, api_key="fake") as client,
            pytest.raises(ValueError, match="Streaming is required"),
        ):
            client.messages.create(
                model="claude-sonnet-5-5",
                max_tokens=64_000,
                messages=[{"role": "user", "content": "hi"}],
            )
        assert site.asked == []
        return
    mark = _mark(capture)
    if mark in FAULTS:
        site.script.add(FAULTS[mark])
    error = STRICTER.get(capture.name) or _class(capture.raised)
    retries = len(capture.requests) - 1 if mark in (*RETRIED, "e429once") else 0
    if error is None:
        _replay(site, claude, gpt, capture, retries)
    else:
        with pytest.raises(error):
            _replay(site, claude, gpt, capture, retries)
    _assert_asked_alike(site, capture)


@pytest.mark.parametrize(
    "name", ["e400", "e404", "e429", "e500", "e529", "quota", "stream_err", "incomplete"]
)
def test_marks_are_recorded(name: str) -> None:
    """The table above speaks of scenarios that exist."""
    known = {_mark(parameter.values[0]) for parameter in parameters() if parameter.values[0]}
    if not known:
        pytest.skip("The recorded calls are absent; FA_SHARED_DATA names the folder.")
    assert name in known


def _replay(
    site: ModelSite, claude: Anthropics, gpt: OpenAIs, capture: Capture, retries: int
) -> None:
    first = capture.requests[0]
    seconds = 0.3 if _mark(capture) == "slow" else 20
    if capture.name.startswith("a_"):
        client = claude(site.anthropic_url, retries, seconds)
        batch = _anthropic_batch(client) if "batches" in first["path"] else ""
        made = replay_anthropic(client, capture.requests[-1], batch)
    else:
        openai_client = gpt(site.openai_url, retries, seconds, capture.name != "o_embeddings")
        made = replay_openai(openai_client, first, _openai_ids(openai_client, first))
    assert made


def _anthropic_batch(client: anthropic.Anthropic) -> str:
    params: Any = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 64,
        "messages": [{"role": "user", "content": "hi"}],
    }
    made = client.messages.batches.create(requests=[{"custom_id": "AAPL", "params": params}])
    client.messages.batches.retrieve(made.id)
    return made.id


def _openai_ids(client: openai.OpenAI, request: dict[str, Any]) -> dict[str, str]:
    if "batches" not in request["path"] and "file-out1" not in request["path"]:
        return {}
    entry = {"model": "gpt-6.1-sol", "input": "hi"}
    line = {"custom_id": "AAPL", "method": "POST", "url": "/v1/responses", "body": entry}
    file = client.files.create(file=("b.jsonl", json.dumps(line).encode()), purpose="batch")
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/responses", completion_window="24h"
    )
    ended = client.batches.retrieve(batch.id)
    assert ended.output_file_id is not None
    return {"file-fake1": file.id, "batch_fake1": batch.id, "file-out1": ended.output_file_id}


def _assert_asked_alike(site: ModelSite, capture: Capture) -> None:
    """The SDK's request of today is the recorded one: same body, same names of headers."""
    sent = site.asked[-1]
    recorded = capture.requests[-1]
    headers = {name.lower() for name in recorded["headers"]} - set(VARYING)
    # Helpers of the SDK mark themselves, and a client with a time-out says so.
    helped = {name for name in headers if "helper" in name}
    assert headers - helped <= set(sent.headers)
    if isinstance(recorded["body"], dict) and "file" not in json.dumps(recorded["body"]):
        assert json.loads(sent.body) == recorded["body"]


def _mark(capture: Capture) -> str:
    body = capture.requests[0]["body"] if capture.requests else None
    if not isinstance(body, dict):
        return ""
    named: str | None = body.get("safety_identifier")
    return named or str((body.get("metadata") or {}).get("user_id") or "")


def _class(name: str | None) -> type[Exception] | None:
    if name is None:
        return None
    module, _, kind = name.partition(".")
    found: type[Exception] = getattr({"anthropic": anthropic, "openai": openai}[module], kind)
    return found
