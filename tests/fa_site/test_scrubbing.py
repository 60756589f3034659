"""Real errors of the models' SDKs through the real Sentry SDK: nothing of theirs gets out."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anthropic
import httpx2
import openai
import pydantic
import pytest
import sentry_sdk
import structlog
from django.conf import settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from fa_site import scrubbing
from tests.loopback import Answer, serving

PROMPT = "Is AAPL safe for my client Jane Roe, jane@roe.example?"
KEY = "sk-ant-api03-0123456789abcdef"
SECRETS = ("AAPL", "Jane", "Roe", "roe.example", KEY, "0123456789abcdef", "hunter2")


class Captured(Transport):
    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)

    @property
    def sent(self) -> str:
        return b"".join(envelope.serialize() for envelope in self.envelopes).decode()

    @property
    def event(self) -> dict[str, Any]:
        (envelope,) = self.envelopes
        event = envelope.get_event()
        assert event is not None
        return dict(event)


@contextmanager
def sentry() -> Iterator[Captured]:
    """Without integrations, which change the whole process: ``test_as_it_is_started`` has them."""
    captured = Captured()
    options = scrubbing.sentry_options() | {"integrations": [], "default_integrations": False}
    client = sentry_sdk.Client(dsn="http://public@127.0.0.1:1/1", transport=captured, **options)
    with sentry_sdk.isolation_scope() as isolation, sentry_sdk.new_scope() as scope:
        isolation.clear()
        scope.set_client(client)
        try:
            yield captured
        finally:
            client.close()


def refusal(status: int) -> Answer:
    """A provider that quotes both the prompt and the key."""
    message = f"Incorrect API key {KEY} for {PROMPT}"
    error = {"type": "invalid_request_error", "message": message, "code": None, "param": PROMPT}
    return Answer(
        status=status,
        body=json.dumps({"type": "error", "error": error, "request_id": "req_01"}).encode(),
        headers={"request-id": "req_01", "x-request-id": "req_01"},
    )


def ask_anthropic(url: str) -> None:
    with anthropic.Anthropic(api_key=KEY, base_url=url, max_retries=0) as client:
        client.messages.create(
            model="claude-haiku-5-5",
            max_tokens=9,
            system=PROMPT,
            messages=[{"role": "user", "content": PROMPT}],
        )


def ask_openai(url: str) -> None:
    with openai.OpenAI(api_key=KEY, base_url=url, max_retries=0) as client:
        client.responses.create(model="gpt-6-luna", input=PROMPT)


def ask_by_http(url: str) -> None:
    with httpx2.Client() as client:
        client.post(f"{url}/x?api_key={KEY}&q={PROMPT}", json=PROMPT).raise_for_status()


@pytest.mark.parametrize(
    ("ask", "status", "module", "kind", "value"),
    [
        (ask_anthropic, 400, "anthropic", "BadRequestError", "status 400, request req_01"),
        (ask_anthropic, 401, "anthropic", "AuthenticationError", "status 401, request req_01"),
        (ask_anthropic, 529, "anthropic", "OverloadedError", "status 529, request req_01"),
        (ask_openai, 400, "openai", "BadRequestError", "status 400, request req_01"),
        (ask_openai, 429, "openai", "RateLimitError", "status 429, request req_01"),
        (ask_by_http, 500, "httpx2", "HTTPStatusError", "[redacted]"),
    ],
)
def test_a_provider_that_quotes_prompt_and_key_is_not_quoted(
    ask: Callable[[str], None], status: int, module: str, kind: str, value: str
) -> None:
    with sentry() as captured, serving(lambda asked: refusal(status)) as provider:
        with pytest.raises(Exception, match=f"{KEY}|AAPL") as raised:  # they do quote
            ask(provider.url)
        sentry_sdk.capture_exception(raised.value)
        told = captured.event["exception"]["values"][-1]
    assert (told["module"].partition(".")[0], told["type"], told["value"]) == (module, kind, value)
    assert told["stacktrace"]["frames"][-1]["lineno"] > 0
    assert [secret for secret in SECRETS if secret in without_source(captured)] == []


def without_source(captured: Captured) -> str:
    """What was sent but for the lines of this very file, which have the names in them."""
    event = captured.event
    for one in event.get("exception", {}).get("values", []):
        for frame in one.get("stacktrace", {}).get("frames", []):
            if str(frame.get("module", "")).startswith("tests."):
                for field in ("context_line", "pre_context", "post_context"):
                    frame.pop(field, None)
    return json.dumps(event)


def test_an_error_of_ours_that_was_caused_by_such_a_one() -> None:
    class Refused(anthropic.BadRequestError):
        pass

    with sentry() as captured, serving(lambda asked: refusal(400)) as provider:
        try:
            try:
                ask_anthropic(provider.url)
            except anthropic.BadRequestError as error:
                raise Refused(str(error), response=error.response, body=error.body) from error
        except Refused:
            sentry_sdk.capture_exception()
    told = [one["value"] for one in captured.event["exception"]["values"]]
    assert set(told) == {"status 400, request req_01"}
    assert [secret for secret in SECRETS if secret in without_source(captured)] == []


PRICES: dict[str, int] = {}


class Reply(pydantic.BaseModel):
    claims: list[str]


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        (lambda: Reply.model_validate({"claims": PROMPT}), "[redacted]"),
        (lambda: float(PROMPT), "could not convert string to float: '…'"),
        (lambda: PRICES[PROMPT], "'…'"),
        (lambda: PRICES["revenue"], "'revenue'"),
        (lambda: json.loads(f"{PROMPT}"), "[redacted]"),
        (lambda: fail(f"No price of {KEY}\n{PROMPT}"), "No price of [redacted]"),
        (lambda: fail("Jane Roe <jane@roe.example> has none"), "[PERSON_1] <[EMAIL_1]> has none"),
        (lambda: fail('relation "llm_call" doesn\'t exist'), 'relation "llm_call" doesn\'t exist'),
    ],
)
def test_other_errors_keep_what_says_what_went_wrong(
    fault: Callable[[], object], value: str
) -> None:
    with sentry() as captured:
        try:
            fault()
        except Exception:
            sentry_sdk.capture_exception()
    assert captured.event["exception"]["values"][-1]["value"] == value
    assert [secret for secret in SECRETS if secret in without_source(captured)] == []


def fail(message: str) -> None:
    raise RuntimeError(message)


def test_all_else_that_an_event_could_carry_stays_here() -> None:
    with sentry() as captured:
        scope = sentry_sdk.get_current_scope()
        scope.set_user({"id": "7", "email": "jane@roe.example", "username": "Jane"})
        scope.set_extra("prompt", PROMPT)
        scope.set_context("dramatiq", {"args": [PROMPT]})
        scope.set_tag("agent", f"writer {KEY}")
        scope.add_attachment(bytes=PROMPT.encode(), filename="prompt.txt")
        scope.add_breadcrumb(
            category="query", message=f"SELECT 1 WHERE q = {PROMPT!r}", data={"params": PROMPT}
        )
        scope.add_breadcrumb(
            category="httplib",
            type="http",
            data={
                "url": f"https://u:hunter2@api.example/v1?q={KEY}",
                "status_code": 429,
                "http.query": PROMPT,
            },
        )
        scope.add_breadcrumb(category="openai._base_client", message=f"Request options: {PROMPT}")
        scope.add_breadcrumb(category="summaries", message="stock written")
        request: dict[str, object] = {
            "method": "POST",
            "url": f"https://u:hunter2@fa.example/ask?q={KEY}",
            "query_string": f"q={KEY}",
            "data": {"q": PROMPT},
            "cookies": {"sessionid": KEY},
            "headers": {"Authorization": f"Bearer {KEY}", "X-Api-Key": KEY},
            "env": {"x": KEY},
        }
        sentry_sdk.capture_event(
            {
                "message": f"asked '{PROMPT}' with {KEY}",
                "request": request,
                "threads": {
                    "values": [
                        {
                            "id": 1,
                            "stacktrace": {"frames": [{"function": "ask", "vars": {"q": PROMPT}}]},
                        }
                    ]
                },
            }
        )
    event = captured.event
    assert event["request"] == {"method": "POST", "url": "https://fa.example/ask"}
    assert event["user"] == {"id": "7"}
    assert event["tags"] == {"agent": "writer [redacted]"}
    assert event["logentry"] == {"message": "asked '…' with [redacted]"}
    crumbs = [(one.get("message"), one["data"]) for one in event["breadcrumbs"]["values"]]
    assert crumbs == [
        ("SELECT", {}),
        (None, {"status_code": 429, "host": "api.example"}),
        ("[redacted]", {}),
        ("stock written", {}),
    ]
    assert [secret for secret in SECRETS if secret in captured.sent] == []


def test_an_event_that_cannot_be_cleaned_is_not_sent() -> None:
    with sentry() as captured:
        sentry_sdk.capture_event({"message": "x", "request": 7})  # type: ignore[typeddict-item]
    assert captured.envelopes == []


def test_as_it_is_started_with_all_that_starts_by_itself() -> None:
    """A process of its own: Sentry's integrations change logging, threads and HTTP for good."""
    with serving(
        lambda asked: refusal(400) if "messages" in asked.path else Answer(body=b"{}")
    ) as both:
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, both.url, PROMPT, KEY],
            capture_output=True,
            cwd=settings.BASE_DIR,
        )
        sent = b"".join(
            _unzipped(asked) for asked in both.asked if "envelope" in asked.path
        ).decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert sent.count('"type":"event"') == 2
    assert "BadRequestError" in sent
    assert "status 400, request req_01" in sent
    assert [secret for secret in SECRETS if secret in sent] == []


def _unzipped(asked: Any) -> bytes:
    import gzip

    return (
        gzip.decompress(asked.body)
        if asked.headers.get("content-encoding") == "gzip"
        else asked.body
    )


_SCRIPT = """
import logging, sys
import anthropic, openai, sentry_sdk
from fa_site import scrubbing
url, prompt, key = sys.argv[1:]
sentry_sdk.init(dsn=url.replace("://", "://public@") + "/1", **scrubbing.sentry_options())
running = sentry_sdk.get_client().integrations
assert not {"anthropic", "openai", "httpx2", "redis", "pydantic_ai"} & set(running), sorted(running)
logging.getLogger().addHandler(logging.NullHandler())
logging.getLogger("a").warning("about %s", prompt)
try:
    anthropic.Anthropic(api_key=key, base_url=url, max_retries=0).messages.create(
        model="m", max_tokens=9, messages=[{"role": "user", "content": prompt}])
except Exception:
    sentry_sdk.capture_exception()
    logging.getLogger("b").error("asked %r with %s", prompt, key, extra={"prompt": prompt})
sentry_sdk.flush()
"""


# ---- the log


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"key {KEY} refused", "key [redacted] refused"),
        (f"Authorization: Bearer {KEY}", "Authorization: Bearer [redacted]"),
        (f"{{'x-api-key': '{KEY}'}}", "{'x-api-key': '[redacted]'}"),
        ("Authorization: Basic dXNlcjpodW50ZXIy", "Authorization: Basic [redacted]"),
        ("?access_token=abcd1234&x=1", "?access_token=[redacted]&x=1"),
        ("tokens: 12, the key figures, a bearer bond, 3 secrets", "tokens: 12, the key figures, a bearer bond, 3 secrets"),
        ("input_tokens=1200 output_tokens=300", "input_tokens=1200 output_tokens=300"),
        ("stock AAPL: 12 claims", "stock AAPL: 12 claims"),
    ],
)  # fmt: skip
def test_keys_do_not_get_into_lines_of_either_kind(line: str, told: str) -> None:
    record = logging.LogRecord("a", logging.INFO, "", 0, "%s", (line,), None)
    assert scrubbing.SecretFilter().filter(record)
    assert record.getMessage() == told
    processed = scrubbing.redact_secrets(None, "info", {"event": line, "more": {"deep": [line]}})
    assert processed == {"event": told, "more": {"deep": [told]}}


def test_a_traceback_in_the_log_does_not_quote_the_provider() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(scrubbing.SecretFilter())
    logger = logging.getLogger("tests.scrubbing")
    logger.addHandler(handler)
    with serving(lambda asked: refusal(400)) as provider:
        try:
            ask_openai(provider.url)
        except openai.BadRequestError as error:
            logger.exception("failed")
            logger.removeHandler(handler)
            line = structlog.processors.format_exc_info(
                None, "error", {"event": "failed", "exc_info": error}
            )
    told = written.getvalue() + str(scrubbing.redact_secrets(None, "error", line)["exception"])
    assert told.count("BadRequestError: [redacted]") == 2
    assert "test_scrubbing.py" in told
    assert [secret for secret in SECRETS if secret in told] == []


def test_an_error_after_another_is_told_and_both_without_quotes() -> None:
    traceback = (
        'Traceback (most recent call last):\n  File "a.py", line 1\nanthropic.BadRequestError: Error\n'
        f"{PROMPT}\n\nDuring handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "b.py", line 2\nValueError: no number'
    )
    assert scrubbing.without_quotes(traceback) == traceback.replace(
        f"Error\n{PROMPT}\n\n", "[redacted]\n"
    )


def test_database_errors_keep_their_place_and_not_the_row() -> None:
    traceback = f"Traceback (most recent call last):\ndjango.db.utils.IntegrityError: null\nDETAIL: ({PROMPT})"
    assert scrubbing.without_quotes(traceback).endswith(
        "django.db.utils.IntegrityError: [redacted]"
    )
