"""What Sentry and the log may know of an error: where it was, of what kind, and no text of anybody's.

An event is built anew from the fields named here; whatever else the SDK or an integration puts in
is left behind. Where this fails, Sentry's SDK drops the event.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from llm.masking import Vault, mask
from llm.masking.secrets import redacted

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint

REDACTED = "[redacted]"
_LONGEST = 300

# Their messages quote what was sent or answered: the SDKs' the body, pydantic's the input, the
# HTTP clients' addresses with keys in them.
_QUOTING = frozenset(
    "anthropic openai httpx httpx2 httpcore httpcore2 h11 requests urllib3 aiohttp pydantic pydantic_core json"
    " jsonschema presidio_analyzer dramatiq".split()
)
# PostgreSQL's quote the row after the first line, which only a traceback in the log has.
_QUOTING_BELOW = _QUOTING | {"psycopg", "django.db"}
_IN_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”|`[^`]*`")
_IDENTIFIER = re.compile(r"[\w.:/-]{1,60}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{4,80}")
# A traceback's last line, and those of the message that follow it.
_TRACEBACK_MESSAGE = re.compile(
    rf"^(?P<kind>[ |]*(?:{'|'.join(map(re.escape, sorted(_QUOTING_BELOW)))})[\w.]*\.\w+): .*?"
    r"(?=^[ |+-]*Traceback |^[ |]*During handling|^[ |]*The above exception|^ +\+-|\Z)",
    re.DOTALL | re.MULTILINE,
)

_EVENT = (
    "event_id", "timestamp", "platform", "level", "logger", "transaction", "release", "environment",
    "fingerprint", "sdk", "type", "dist",
)  # fmt: skip
_FRAME = (
    "filename", "abs_path", "function", "module", "lineno", "colno", "in_app", "context_line",
    "pre_context", "post_context",
)  # fmt: skip
_CONTEXTS = {
    "trace": ("trace_id", "span_id", "parent_span_id", "op", "status"),
    "runtime": ("name", "version", "build"),
    "os": ("name", "version"),
}
_CRUMB = ("type", "category", "level", "timestamp")


def sentry_options() -> dict[str, Any]:
    """For ``sentry_sdk.init``. No integration starts by itself: those of the models' SDKs record
    prompts, those of Redis and HTTP clients record commands and addresses.
    """
    from sentry_sdk.integrations.django import DjangoIntegration

    return {
        "before_send": before_send,
        "before_breadcrumb": before_breadcrumb,
        "before_send_transaction": _nothing,
        "before_send_log": _nothing,
        "before_send_metric": _nothing,
        "auto_enabling_integrations": False,
        "integrations": [DjangoIntegration()],
        "include_local_variables": False,
        "max_request_body_size": "never",
        "traces_sample_rate": None,
        "enable_logs": False,
        "enable_metrics": False,
        "auto_session_tracking": False,
    }


def _nothing(_event: Any, _hint: Any) -> None:
    """Spans go by OpenTelemetry (llm/tracing.py), logs to standard error."""


def before_send(event: Event, hint: Hint) -> Event | None:
    told: Any = event
    kept: dict[str, Any] = {name: told[name] for name in _EVENT if name in told}
    if "transaction" in kept:
        kept["transaction"] = _path(str(kept["transaction"]))
    kept["contexts"] = {
        name: _only(told["contexts"][name], fields)
        for name, fields in _CONTEXTS.items()
        if name in told.get("contexts", {})
    }
    if "exception" in told:
        kept["exception"] = {"values": list(_exceptions(_values(told["exception"]), hint))}
    if "threads" in told:
        kept["threads"] = {"values": [_thread(one) for one in _values(told["threads"])]}
    if message := _logged(told, _template(hint)):
        kept["logentry"] = {"message": message}
    if "request" in told:
        kept["request"] = _request(told["request"])
    if identity := told.get("user", {}).get("id"):
        kept["user"] = {"id": str(identity)}
    if tags := told.get("tags"):
        kept["tags"] = {str(name): safe_text(str(value)) for name, value in dict(tags).items()}
    crumbs = (before_breadcrumb(one, {}) for one in _values(told.get("breadcrumbs") or {}))
    kept["breadcrumbs"] = {"values": [one for one in crumbs if one]}
    hint.pop("attachments", None)
    return kept  # type: ignore[return-value]


def before_breadcrumb(crumb: Breadcrumb, hint: BreadcrumbHint) -> Breadcrumb | None:
    """Where it came from, and of a request its method, status and host."""
    kept = _only(crumb, _CRUMB)
    category = str(crumb.get("category") or "")
    if message := _template(hint) or crumb.get("message"):
        kept["message"] = _said(str(message), category)
    data = crumb.get("data") or {}
    kept["data"] = _only(data, ("host", "method", "status_code", "http.method", "http.status_code"))
    if isinstance(url := data.get("url"), str):
        kept["data"]["host"] = urlsplit(url).hostname or ""
    return kept


def _said(message: str, category: str) -> str:
    """Of SQL and Redis the first word: what follows are somebody's values."""
    if category in {"query", "redis", "subprocess", "console"}:
        return message.split(maxsplit=1)[0][:20] if message.strip() else ""
    return REDACTED if _quotes(category) else safe_text(message)


# ---- texts


def safe_text(text: str) -> str:
    """The first line without keys, personal data or quoted phrases; 300 characters at most."""
    line = text.strip().partition("\n")[0][: 4 * _LONGEST]
    line = _IN_QUOTES.sub(lambda match: _unless_words(match[0]), line)
    return mask(redacted(line, REDACTED), Vault())[:_LONGEST]


def _unless_words(quoted: str) -> str:
    """A name in quotes tells what went wrong; a phrase may be anybody's."""
    return quoted if _IDENTIFIER.fullmatch(quoted[1:-1]) else quoted[0] + "…" + quoted[-1]


def _quotes(module: str) -> bool:
    return module.partition(".")[0] in _QUOTING


def _template(hint: Mapping[str, Any]) -> str:
    """A log line's own words, without what was filled in or said beside it."""
    told = getattr(hint.get("log_record"), "msg", "")
    return str(told.get("event", "") if isinstance(told, Mapping) else told)


def _logged(event: Mapping[str, Any], template: str) -> str:
    entry = event.get("logentry") or event.get("message") or ""
    message = template or (entry.get("message") if isinstance(entry, Mapping) else entry)
    if not message:
        return ""
    return REDACTED if _quotes(str(event.get("logger") or "")) else safe_text(str(message))


# ---- exceptions


def _exceptions(values: list[Any], hint: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    raised = list(_chain(hint))
    for value in values:
        kept = _only(value, ("type", "module", "thread_id"))
        if value.get("mechanism"):
            kept["mechanism"] = _only(
                value["mechanism"], ("type", "handled", "exception_id", "parent_id", "source")
            )
        kept["value"] = _message(value, raised)
        if value.get("stacktrace"):
            kept["stacktrace"] = _stack(value["stacktrace"])
        yield kept


def _chain(hint: Mapping[str, Any]) -> Iterator[BaseException]:
    waiting = [(hint.get("exc_info") or (None, None))[1]]
    seen: set[int] = set()
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting += [error.__cause__, error.__context__]
        if isinstance(error, BaseExceptionGroup):
            waiting += error.exceptions


def _message(value: Mapping[str, Any], raised: list[BaseException]) -> str:
    kind, module = value.get("type"), str(value.get("module") or "")
    error = next((one for one in raised if _is(one, kind, module)), None)
    # An error of ours may be a subclass of one that quotes.
    bases = type(error).__mro__ if error is not None else ()
    if _quotes(module) or any(_quotes(base.__module__) for base in bases):
        return _status(error)
    return safe_text(str(value.get("value") or ""))


def _is(error: BaseException, kind: Any, module: str) -> bool:
    raised = type(error)
    return raised.__module__ == module and kind in (raised.__name__, raised.__qualname__)


def _status(error: BaseException | None) -> str:
    """ "status 429, request req_01": what a provider is asked with."""
    status = getattr(error, "status_code", None)
    request = getattr(error, "request_id", None)
    told = []
    if isinstance(status, int):
        told.append(f"status {status}")
    if isinstance(request, str) and _REQUEST_ID.fullmatch(request) and redacted(request) == request:
        told.append(f"request {request}")
    return ", ".join(told) or REDACTED


def _stack(stacktrace: Mapping[str, Any]) -> dict[str, Any]:
    """Frames with their source lines, without the values of variables."""
    return {"frames": [_only(frame, _FRAME) for frame in stacktrace.get("frames") or ()]}


def _thread(thread: Mapping[str, Any]) -> dict[str, Any]:
    kept = _only(thread, ("id", "current", "crashed"))
    if thread.get("stacktrace"):
        kept["stacktrace"] = _stack(thread["stacktrace"])
    return kept


def _request(request: Mapping[str, Any]) -> dict[str, Any]:
    return {"method": request.get("method"), "url": _path(str(request.get("url") or ""))}


def _path(url: str) -> str:
    """Without query, fragment, name or password."""
    parts = urlsplit(url)
    host = f"{parts.scheme}://{parts.hostname}" if parts.scheme and parts.hostname else ""
    return redacted(host + parts.path, REDACTED)


def _values(held: Any) -> list[Any]:
    return list((held.get("values") if isinstance(held, Mapping) else held) or ())


def _only(held: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: held[name] for name in names if name in held}


# ---- the log


def redact_secrets(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: keys, tokens and passwords out of every text of a line, and out of
    tracebacks the messages that quote. Stands after ``format_exc_info``."""
    for name, value in line.items():
        if not name.startswith("_"):
            line[name] = _clean(value)
    if isinstance(traceback := line.get("exception"), str):
        line["exception"] = without_quotes(traceback)
    return line


def without_quotes(traceback: str) -> str:
    """A formatted traceback without the messages that may quote a prompt or an answer."""
    return _TRACEBACK_MESSAGE.sub(lambda match: f"{match['kind']}: {REDACTED}\n", traceback).rstrip(
        "\n"
    )


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value, REDACTED)
    if isinstance(value, Mapping):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(one) for one in value]
    if isinstance(value, BaseException):
        return f"{type(value).__qualname__}: {safe_text(str(value))}"
    return value


class SecretFilter(logging.Filter):
    """The same for a handler of the standard library's that structlog doesn't format."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, Mapping):  # structlog's
            record.msg = _clean(record.msg)
        else:
            record.msg, record.args = redacted(record.getMessage(), REDACTED), ()
        if record.exc_info and record.exc_info[0] is not None:
            told = logging.Formatter().formatException(record.exc_info)
            record.exc_text = without_quotes(redacted(told, REDACTED))
            record.exc_info = None
        return True
