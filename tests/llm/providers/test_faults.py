"""What goes wrong on the way, as the door is told of it."""

from __future__ import annotations

import json
import socket
import time
from datetime import UTC, datetime

import httpx2
import pytest

from llm.errors import CallFailed, Kind
from llm.providers.faults import calling, classified, kind_of, retry_after
from llm.providers.setup import provider
from tests.llm.providers.asks import (
    ANTHROPIC_KEY,
    OPENAI_KEY,
    SECRET,
    asked_at,
    failure,
    request,
)
from tests.loopback import Answer, serving
from tests.vendors import Fault, ModelSite

BOTH = pytest.mark.parametrize("name", ["anthropic", "openai"])


@BOTH
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Kind.BAD_REQUEST),
        (401, Kind.UNAUTHORISED),
        (402, Kind.NO_CREDIT),
        (403, Kind.UNAUTHORISED),
        (408, Kind.SERVER),
        (409, Kind.SERVER),
        (413, Kind.BAD_REQUEST),
        (422, Kind.BAD_REQUEST),
        (429, Kind.RATE_LIMITED),
        (500, Kind.SERVER),
        (502, Kind.SERVER),
        (503, Kind.SERVER),
        (504, Kind.SERVER),
        (529, Kind.OVERLOADED),
    ],
)
def test_a_status_says_how_it_failed(site: ModelSite, name: str, status: int, kind: Kind) -> None:
    site.script.add(Fault("status", status=status))
    failed = failure(name)
    assert (failed.kind, failed.status, failed.is_billed) == (kind, status, False)
    assert (failed.provider, failed.model) == (name, request(name).model)
    assert failed.request_id == site.asked[-1].request_id
    assert len(site.asked) == 1  # the SDK didn't try again
    assert site.invoice.lines == []


@BOTH
def test_a_status_before_a_stream(site: ModelSite, name: str) -> None:
    site.script.add(Fault("status", status=529, retry_after=3))
    with pytest.raises(CallFailed) as raised:
        provider(name).stream(request(name))
    failed = raised.value
    assert (failed.kind, failed.status, failed.retry_after) == (Kind.OVERLOADED, 529, 3.0)


@BOTH
@pytest.mark.parametrize(("said", "seconds"), [(7, 7.0), (0.25, 0.25), (None, None)])
def test_when_to_come_again(
    site: ModelSite, name: str, said: float | None, seconds: float | None
) -> None:
    site.script.add(Fault("status", status=429, retry_after=said))
    assert failure(name).retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({}, None),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert retry_after(httpx2.Headers(headers), now) == seconds


def test_a_date_is_read_by_the_servers_own_clock() -> None:
    headers = {
        "date": "Mon, 01 Jan 2001 00:00:00 GMT",
        "retry-after": "Mon, 01 Jan 2001 00:00:20 GMT",
    }
    assert retry_after(httpx2.Headers(headers)) == 20.0


def test_codes_say_more_than_a_status() -> None:
    assert kind_of(429, "insufficient_quota") is Kind.NO_CREDIT
    assert kind_of(400, "billing_error") is Kind.NO_CREDIT
    assert kind_of(503, "overloaded_error") is Kind.OVERLOADED
    assert kind_of(None, "overloaded_error") is Kind.OVERLOADED
    assert kind_of(None, "invalid_request_error") is Kind.BAD_REQUEST
    assert kind_of(None) is Kind.SERVER


@BOTH
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"error": 3}'])
def test_an_error_page_that_is_no_providers(name: str, body: bytes) -> None:
    page = Answer(502, body, content_type="text/html")
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        failed = failure(name)
    assert (failed.kind, failed.status, failed.is_billed) == (Kind.SERVER, 502, False)


@BOTH
def test_a_redirect_isnt_followed_with_a_prompt(name: str) -> None:
    page = Answer(307, headers={"Location": "/elsewhere"})
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        failed = failure(name)
        assert len(served.asked) == 1
    assert (failed.kind, failed.status) == (Kind.BAD_REQUEST, 307)


@BOTH
def test_nobody_there(name: str) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        with asked_at(url, url):
            failed = failure(name)
    assert (failed.kind, failed.is_billed) == (Kind.UNREACHABLE, False)


@BOTH
def test_no_answer_in_time(site: ModelSite, name: str) -> None:
    site.script.add(Fault("hang", seconds=30))
    began = time.monotonic()
    failed = failure(name, seconds=0.4)
    assert 0.3 < time.monotonic() - began < 6
    assert (failed.kind, failed.is_billed, failed.tokens) == (Kind.TIMED_OUT, None, None)


@BOTH
def test_an_answer_that_drips_ends_in_its_time(name: str) -> None:
    page = Answer(body=b" " * 2000, pause=0.1)
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        began = time.monotonic()
        failed = failure(name, seconds=0.5)
        assert 0.4 < time.monotonic() - began < 5.2
    assert (failed.kind, failed.is_billed) == (Kind.TIMED_OUT, None)


@BOTH
def test_an_answer_without_end(name: str) -> None:
    page = Answer(body=b" " * (65 * 1024 * 1024))
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        failed = failure(name, seconds=30)
    assert failed.kind is Kind.BROKEN


@BOTH
@pytest.mark.parametrize(
    ("fault", "kind"),
    [("reset", Kind.BROKEN), ("cut", Kind.BROKEN), ("malformed", Kind.MALFORMED)],
)
def test_only_the_provider_knows_whether_it_bills(
    site: ModelSite, name: str, fault: str, kind: Kind
) -> None:
    site.script.add(Fault(fault))
    failed = failure(name)
    assert (failed.kind, failed.is_billed, failed.tokens) == (kind, None, None)


@BOTH
@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b"\xff\xfe", b"{" * 5000, b"[" * 100_000])
def test_what_is_no_json_object(name: str, body: bytes) -> None:
    page = Answer(body=body, headers={"request-id": "req_7", "x-request-id": "req_7"})
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        failed = failure(name)
    assert (failed.kind, failed.is_billed) == (Kind.MALFORMED, None)
    assert failed.request_id == "req_7"


@BOTH
def test_counting_is_never_billed(site: ModelSite, name: str) -> None:
    for fault in ("malformed", "reset"):
        site.script.add(Fault(fault, times=1))
        with pytest.raises(CallFailed) as raised:
            provider(name).count(request(name))
        assert raised.value.is_billed is False
    site.script.add(Fault("hang", seconds=30))
    with pytest.raises(CallFailed) as raised:
        provider(name).count(request(name, seconds=0.3))
    assert (raised.value.kind, raised.value.is_billed) == (Kind.TIMED_OUT, False)


@BOTH
def test_failures_hold_nothing_of_prompt_key_or_body(name: str) -> None:
    told = {"error": {"type": "x", "message": f"{SECRET} {ANTHROPIC_KEY} {OPENAI_KEY}"}}
    page = Answer(
        400, json.dumps(told).encode(), headers={"request-id": SECRET, "x-request-id": SECRET}
    )
    with serving(lambda _: page) as served, asked_at(served.url, served.url):
        failed = failure(name)
    assert failed.__context__ is None
    assert failed.__cause__ is None
    held = f"{failed} {failed!r} {vars(failed)}"
    assert not [word for word in (SECRET, ANTHROPIC_KEY, OPENAI_KEY) if word in held]
    assert str(failed) == f"{name} {request(name).model}: bad_request (400)"


def test_our_own_mistakes_stay_what_they_are() -> None:
    def mistaken() -> None:
        raise KeyError("name")

    with pytest.raises(KeyError):
        calling(mistaken, "openai", "gpt-6-luna")
    assert classified(ValueError("ours"), "openai", "gpt-6-luna") is None
