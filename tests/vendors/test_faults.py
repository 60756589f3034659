"""Each fault, through the official SDKs: what they raise, and what is billed for it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest
from pydantic import BaseModel, ValidationError

from tests.vendors import KINDS, Fault, ModelSite
from tests.vendors.conftest import Anthropics, OpenAIs

CALL: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "hi"}],
}
ASK: dict[str, Any] = {"model": "gpt-6-luna", "input": "hi"}


class View(BaseModel):
    sentiment: str
    score: float


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, anthropic.BadRequestError, "invalid_request_error"),
        (401, anthropic.AuthenticationError, "authentication_error"),
        (402, anthropic.PaymentRequiredError, "billing_error"),
        (403, anthropic.PermissionDeniedError, "permission_error"),
        (404, anthropic.NotFoundError, "not_found_error"),
        (413, anthropic.ContentTooLargeError, "invalid_request_error"),
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (500, anthropic.InternalServerError, "api_error"),
        (503, anthropic.InternalServerError, "api_error"),
        (504, anthropic.InternalServerError, "timeout_error"),
        (529, anthropic.OverloadedError, "overloaded_error"),
    ],
)
def test_status_of_anthropic(
    site: ModelSite, claude: Anthropics, status: int, error: type[Exception], kind: str
) -> None:
    site.script.add(Fault("status", status=status))
    with pytest.raises(error) as raised:
        claude(site.anthropic_url).messages.create(**CALL)
    assert isinstance(raised.value, anthropic.APIStatusError)
    assert (raised.value.status_code, raised.value.type) == (status, kind)
    assert raised.value.request_id == site.asked[0].request_id
    assert site.invoice.lines == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_status_of_openai(
    site: ModelSite, gpt: OpenAIs, status: int, error: type[openai.APIStatusError]
) -> None:
    site.script.add(Fault("status", status=status))
    with pytest.raises(error) as raised:
        gpt(site.openai_url).responses.create(**ASK)
    assert raised.value.request_id == site.asked[0].request_id
    assert site.invoice.lines == []


@pytest.mark.parametrize("seconds", [1, 0.35])
def test_429_says_when_to_come_again(site: ModelSite, claude: Anthropics, seconds: float) -> None:
    site.script.add(Fault("status", status=429, retry_after=seconds, times=1))
    began = time.monotonic()
    claude(site.anthropic_url, retries=1).messages.create(**CALL)
    assert seconds <= time.monotonic() - began < seconds + 0.9
    assert len(site.asked) == 2
    assert len(site.invoice.lines) == 1


def test_quota_is_no_rate_limit(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("quota"))
    with pytest.raises(openai.RateLimitError) as raised:
        gpt(site.openai_url).responses.create(**ASK)
    assert (raised.value.code, raised.value.type) == ("insufficient_quota", "insufficient_quota")
    with pytest.raises(anthropic.PaymentRequiredError):
        claude(site.anthropic_url).messages.create(**CALL)


@pytest.mark.parametrize("billed", [True, False])
def test_hang_outlasts_the_client(site: ModelSite, claude: Anthropics, billed: bool) -> None:
    site.script.add(Fault("hang", billed=billed))
    with pytest.raises(anthropic.APITimeoutError):
        claude(site.anthropic_url, seconds=0.2).messages.create(**CALL)
    _wait_for(lambda: bool(site.invoice.lines) == billed)
    assert [line.status for line in site.invoice.lines] == ["client_gone"] * billed
    if billed:
        site.script.clear()
        whole = claude(site.anthropic_url).messages.create(**CALL)
        assert site.invoice.lines[0].output_tokens == whole.usage.output_tokens


@pytest.mark.parametrize("fault", [Fault("reset"), Fault("outage", status=0)])
def test_reset_before_the_reply(
    site: ModelSite, claude: Anthropics, gpt: OpenAIs, fault: Fault
) -> None:
    site.script.add(fault)
    with pytest.raises(anthropic.APIConnectionError):
        claude(site.anthropic_url).messages.create(**CALL)
    with pytest.raises(openai.APIConnectionError):
        gpt(site.openai_url).responses.create(**ASK)
    assert site.invoice.lines == []


def test_outage_of_one_provider_until_lifted(
    site: ModelSite, claude: Anthropics, gpt: OpenAIs
) -> None:
    outage = Fault("outage", provider="anthropic")
    site.script.add(outage)
    with pytest.raises(anthropic.InternalServerError):
        claude(site.anthropic_url).messages.create(**CALL)
    with pytest.raises(anthropic.InternalServerError):
        claude(site.anthropic_url).messages.batches.list()
    assert gpt(site.openai_url).responses.create(**ASK).output_text
    assert site.script.hits(outage) == 2
    site.script.lift(outage)
    assert claude(site.anthropic_url).messages.create(**CALL).content


def test_broken_schema_the_first_time(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("broken_schema", provider="anthropic", times=1))
    site.script.add(Fault("broken_schema", provider="openai", times=1))
    client, other = claude(site.anthropic_url), gpt(site.openai_url)
    with pytest.raises(ValidationError):
        client.messages.parse(**CALL, output_format=View)
    assert client.messages.parse(**CALL, output_format=View).parsed_output == View(
        sentiment="Sentiment", score=0.5
    )
    with pytest.raises(ValidationError):
        other.responses.parse(**ASK, text_format=View)
    assert isinstance(other.responses.parse(**ASK, text_format=View).output_parsed, View)


def test_refusal(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("refusal"))
    message = claude(site.anthropic_url).messages.create(**CALL)
    assert (message.stop_reason, message.content) == ("refusal", [])
    assert message.stop_details is not None
    answer = gpt(site.openai_url).responses.create(**ASK).output[0]
    assert answer.type == "message"
    assert answer.content[0].type == "refusal"
    asked: Any = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "hi"}]}
    choice = gpt(site.openai_url).chat.completions.create(**asked).choices[0]
    assert choice.message.refusal
    assert choice.message.content is None


def test_truncated(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    whole = whole_outputs(site, claude, gpt)
    site.script.add(Fault("truncated"))
    message = claude(site.anthropic_url).messages.create(**CALL)
    assert message.stop_reason == "max_tokens"
    assert message.usage.output_tokens == whole[0] // 2
    response = gpt(site.openai_url).responses.create(**ASK)
    assert response.incomplete_details is not None
    assert (response.status, response.incomplete_details.reason) == (
        "incomplete",
        "max_output_tokens",
    )


@pytest.mark.parametrize("usage", ["zero", "negative", "huge"])
def test_wrong_usage_is_billed_as_it_was(site: ModelSite, claude: Anthropics, usage: str) -> None:
    client = claude(site.anthropic_url)
    client.messages.create(**CALL)
    site.script.add(Fault("usage", usage=usage))
    told = client.messages.create(**CALL).usage
    with client.messages.stream(**CALL) as stream:
        streamed = stream.get_final_message().usage
    assert streamed.output_tokens == told.output_tokens
    signs = {"zero": 0, "negative": -1, "huge": 10**9}
    assert (told.input_tokens - signs[usage]) * signs[usage] >= 0
    honest, *lied = [(line.input_tokens, line.output_tokens) for line in site.invoice.lines]
    assert lied == [honest, honest]
    assert (told.input_tokens, told.output_tokens) != honest


def test_missing_usage(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> None:
    site.script.add(Fault("usage", usage="missing"))
    with pytest.raises(anthropic.APIResponseValidationError):
        claude(site.anthropic_url).messages.create(**CALL)
    assert gpt(site.openai_url).responses.create(**ASK).usage is None
    assert all(line.output_tokens for line in site.invoice.lines)


def test_slow_reply(site: ModelSite, claude: Anthropics) -> None:
    site.script.add(Fault("slow", seconds=0.2))
    began = time.monotonic()
    claude(site.anthropic_url).messages.create(**CALL)
    assert time.monotonic() - began >= 0.2


def test_batch_that_was_made_although_nobody_said_so(site: ModelSite, claude: Anthropics) -> None:
    site.script.add(Fault("unknown_outcome"))
    client = claude(site.anthropic_url, seconds=0.3)
    entry: Any = {"custom_id": "AAPL", "params": CALL}
    with pytest.raises(anthropic.APITimeoutError):
        client.messages.batches.create(requests=[entry])
    (found,) = client.messages.batches.list()
    assert found.processing_status == "ended"
    (result,) = client.messages.batches.results(found.id)
    assert (result.custom_id, result.result.type) == ("AAPL", "succeeded")
    assert [line.batch for line in site.invoice.lines] == [True]


def test_conditions_of_a_fault(site: ModelSite, claude: Anthropics) -> None:
    client = claude(site.anthropic_url)

    def outcomes(calls: int, **changes: Any) -> list[bool]:
        found = []
        for _ in range(calls):
            try:
                client.messages.create(**{**CALL, **changes})
            except anthropic.APIStatusError:
                found.append(False)
            else:
                found.append(True)
        site.script.clear()
        return found

    site.script.add(Fault("status", status=500, nth=2))
    assert outcomes(3) == [True, False, True]
    site.script.add(Fault("status", status=500, times=2))
    assert outcomes(3) == [False, False, True]
    site.script.add(Fault("status", status=500, model="claude-opus-5-5"))
    assert outcomes(1) + outcomes(1, model="claude-opus-5-5") == [True, True]
    site.script.add(Fault("status", status=500, model="claude-opus-5-5"))
    assert outcomes(1, model="claude-opus-5-5") == [False]
    site.script.add(Fault("status", status=500, marker="MSFT"))
    assert outcomes(1, system="about AAPL") == [True]
    site.script.add(Fault("status", status=500, marker="MSFT"))
    assert outcomes(1, system="about MSFT") == [False]
    site.script.add(Fault("status", status=500, endpoint="batches"))
    assert outcomes(1) == [True]
    site.script.add(Fault("status", status=500, after=3600), Fault("status", status=500, until=0))
    assert outcomes(1) == [True]
    site.script.add(Fault("status", status=500, probability=0.5, seed=3))
    first = outcomes(20)
    site.script.add(Fault("status", status=500, probability=0.5, seed=3))
    assert outcomes(20) == first
    assert 3 < sum(first) < 17


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"kind": "explode"}, "There is no fault 'explode'"),
        ({"kind": "status"}, "needs a status"),
        ({"kind": "hang", "minutes": 1}, "A fault has no minutes"),
        ({"provider": "openai"}, "A fault needs a kind"),
        ({"kind": "usage", "usage": "odd"}, "say one of missing"),
        ({"kind": "entry", "result": "lost"}, "say one of errored"),
    ],
)
def test_nonsense_is_refused(row: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Fault.from_json(row)


def test_every_kind_is_tried() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [kind for kind in KINDS if f'Fault("{kind}"' not in text] == []


def whole_outputs(site: ModelSite, claude: Anthropics, gpt: OpenAIs) -> tuple[int, int]:
    """The output tokens of both providers' answers where nothing goes wrong."""
    site.script.clear()
    message = claude(site.anthropic_url).messages.create(**CALL)
    response = gpt(site.openai_url).responses.create(**ASK)
    assert response.usage is not None
    return message.usage.output_tokens, response.usage.output_tokens


def _wait_for(happened: Any) -> None:
    until = time.monotonic() + 3
    while not happened() and time.monotonic() < until:
        time.sleep(0.01)
