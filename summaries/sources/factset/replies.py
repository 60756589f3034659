"""FactSet's replies: strict JSON, three shapes of errors, rate limits. What may work later and
what can't is told apart here, once for all endpoints."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from summaries.sources.errors import Blocked, Malformed, Missing, Refused, Unavailable
from summaries.sources.web import Reply

SOURCE = "factset"
PAUSE_UNSAID = 5.0  # seconds to leave FactSet alone where a 429 doesn't say
LONGEST_PAUSE = 3600.0
LONGEST_NUMBER = 60  # characters; a longer one is damage, or meant to hurt
LARGEST_EXPONENT = 40


class Rejected(Refused):
    """400: the request, or something in it. ``field`` and ``values``: what, where FactSet says;
    ``text``: FactSet's words alone."""

    def __init__(self, message: str, said: Said) -> None:
        super().__init__(message, source=SOURCE)
        self.code, self.text = said.code or "badRequest", said.text
        self.field, self.values = said.field, said.values

    def named(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of ``ids`` that the rejection speaks of."""
        values = {value.strip().casefold() for value in self.values}
        words = set(re.findall(r"[^\s\"'`,;:()\[\]{}<>]+", self.text.casefold()))
        words |= {word.rstrip(".") for word in words}
        return tuple(
            one for one in ids
            if one.casefold() in values or (_is_no_word(one) and one.casefold() in words)
        )  # fmt: skip

    @property
    def is_of_ids(self) -> bool:
        """Whether it may be the ids that are wrong, and not the rest of the request."""
        return not self.field or self.field.casefold().endswith(("id", "ids", "data"))


def _is_no_word(one: str) -> bool:
    # An id such as IT or ALL would be found in any sentence.
    return "-" in one or any(letter.isdigit() for letter in one)


class Unauthorised(Refused):
    """401: a token that has expired, or wrong credentials."""


class Forbidden(Refused):
    """403: known, but not allowed."""


@dataclass(frozen=True)
class Said:
    """An error in FactSet's words, whichever shape they came in; all may be empty."""

    code: str = ""
    text: str = ""
    field: str = ""
    values: tuple[str, ...] = ()

    def cleaned(self, clean: Callable[[str], str]) -> Said:
        """Without secrets, and then no longer than a message should be."""
        return Said(
            _short(clean(self.code)),
            _short(clean(self.text)),
            _short(clean(self.field)),
            tuple(clean(value) for value in self.values),
        )


def judge(reply: Reply, clean: Callable[[str], str] = str) -> None:
    """Raises what the status means. ``clean`` takes secrets out of what FactSet says."""
    if reply.status in {200, 201, 202}:
        return
    said = said_in(reply).cleaned(clean)
    what = "FactSet" + (f" says: {said.text}" if said.text else f" answered {reply.status}")
    if key := request_key(reply):
        what += f" (request key {clean(key)})"
    if reply.status == 400:
        raise Rejected(what, said)
    if reply.status == 401:
        raise Unauthorised(
            f"{what}. Check FA_FACTSET_USER and FA_FACTSET_KEY, or FA_FACTSET_OAUTH: the key may "
            "have expired, and it is valid from its IP range only.",
            source=SOURCE,
        )
    if reply.status == 403:
        raise Forbidden(
            f"{what}. Check that this machine's address is in the key's IP range and that the "
            "licence covers this API.",
            source=SOURCE,
        )
    if reply.status == 429:
        raise Blocked(f"{what}: too many requests", source=SOURCE, retry_after=_pause_of_429(reply))
    if reply.status >= 500 or reply.status == 408:
        raise Unavailable(f"{what} ({reply.status})", source=SOURCE, retry_after=reply.retry_after)
    if reply.status == 404 and "/batch-" in reply.url:
        raise Missing(f"{what}: the batch is unknown or has expired", source=SOURCE)
    if reply.status == 404:
        raise Refused(f"{what}: nothing there; check FA_FACTSET_URL", source=SOURCE)
    if 400 <= reply.status < 500:
        raise Refused(f"{what} ({reply.status})", source=SOURCE)
    raise Malformed(f"FactSet answered with status {reply.status}", source=SOURCE)


def said_in(reply: Reply) -> Said:
    """What an error's body says; nothing where it is a gateway's page or garbage."""
    try:
        return said_of(json.loads(reply.content, parse_int=str, parse_float=str))
    except (ValueError, RecursionError):
        return Said()


def said_of(body: Any) -> Said:
    if not isinstance(body, dict):
        return Said()
    if isinstance(body.get("errors"), list):  # Fundamentals and batches; with detail: calendars
        errors = [error for error in body["errors"] if isinstance(error, dict)]
        texts = [_joined(error.get("title"), error.get("detail")) for error in errors]
        code = next((_text(error.get("code")) for error in errors), "")
        return Said(code, "; ".join(text for text in texts if text))
    subs = body.get("subErrors")  # Prices and Estimates
    found = [sub for sub in (subs if isinstance(subs, list) else [subs]) if isinstance(sub, dict)]
    text = _joined(body.get("message"), *(sub.get("message") for sub in found))
    fields = {_text(sub.get("field")) for sub in found}
    values = tuple(value for sub in found for value in _values(sub.get("rejectedValue")))
    # Faults in several fields: what is wrong isn't one of them alone.
    field = fields.pop() if len(fields) == 1 else ""
    return Said(_text(body.get("status")), text, field, values)


def _values(rejected: Any) -> Iterator[str]:
    for value in rejected if isinstance(rejected, list) else [rejected]:
        if isinstance(value, str):
            # Seen as a list, and as one text of all ids.
            yield from (part.strip(" []\"'") for part in value.split(","))


def _joined(*texts: Any) -> str:
    return ": ".join(dict.fromkeys(text for one in texts if (text := _text(one))))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _short(text: str) -> str:
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= 300 else clean[:299] + "…"


def body_of(reply: Reply) -> dict[str, Any]:
    """A reply's JSON object, its numbers as Decimal from their own digits.

    Raises Unavailable for what is cut off or comes from a gateway, Malformed else.
    """
    if "html" in reply.content_type:
        raise Unavailable(
            "A web page came instead of FactSet's data: a gateway between us, or maintenance",
            source=SOURCE,
        )
    if reply.content_type and not re.fullmatch(
        r"(application|text)/([\w.-]+\+)?json", reply.content_type
    ):
        known = re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,30}", reply.content_type)
        kind = known[0] if known else "something"
        raise Malformed(f"FactSet sent {kind}, not JSON", source=SOURCE)
    if not reply.content.strip():
        raise Unavailable("FactSet sent an empty reply", source=SOURCE)
    body = _loaded(reply.content)
    if not isinstance(body, dict):
        raise Malformed("FactSet's JSON isn't an object", source=SOURCE)
    return body


def _loaded(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("{") and _is_cut(error, text):
            raise Unavailable("FactSet's reply is cut off", source=SOURCE) from None
        raise Malformed(f"FactSet's reply isn't JSON: {error}", source=SOURCE) from None
    except RecursionError:
        raise Malformed("FactSet's JSON is nested too deeply", source=SOURCE) from None
    except ValueError as error:
        raise Malformed(
            f"FactSet's reply isn't JSON: {_short(str(error))}", source=SOURCE
        ) from None


def _is_cut(error: json.JSONDecodeError, text: str) -> bool:
    # A text that ends early fails in its last token: a word, an escape, an open string.
    return error.pos >= len(text.rstrip()) - 8 or error.msg.startswith("Unterminated string")


def _number(digits: str) -> Decimal:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} characters")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        raise ValueError(f"the number {digits}") from None
    if value and abs(value.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(f"the number {digits}")
    return value if value else Decimal(0)


def _no_number(word: str) -> Decimal:
    raise ValueError(f"{word} as a number")


def request_key(reply: Reply) -> str:
    """What FactSet's support finds a request by."""
    for name in ("x-datadirect-request-key", "x-factset-api-request-key"):
        if key := reply.headers.get(name, "").strip():
            return _short(key)
    return ""


def pause_asked(headers: Mapping[str, str]) -> float | None:
    """Seconds until the limit's reset, where no request remains; both generations of names."""
    for prefix in ("x-factset-api-ratelimit", "x-ratelimit"):
        remaining = _first_number(headers.get(f"{prefix}-remaining", ""))
        if remaining is not None and remaining <= 0:
            return _seconds_until(headers.get(f"{prefix}-reset", ""))
    return None


def _pause_of_429(reply: Reply) -> float:
    said = reply.retry_after or pause_asked(reply.headers)
    if said is None:
        resets = ("x-factset-api-ratelimit-reset", "x-ratelimit-reset")
        said = next((s for n in resets if (s := _seconds_until(reply.headers.get(n, "")))), None)
    return min(said or PAUSE_UNSAID, LONGEST_PAUSE)


def _seconds_until(reset: str) -> float | None:
    # Seconds from now by FactSet's habit; others send the time itself, in seconds or ms.
    value = _first_number(reset)
    if value is None or value <= 0:
        return None
    if value > 1e11:
        value = value / 1000 - time.time()
    elif value > 1e9:
        value -= time.time()
    return min(max(value, 0.0), LONGEST_PAUSE) or None


def _first_number(text: str) -> float | None:
    found = re.match(r"\s*(-?\d{1,15}(?:\.\d{1,6})?)", text)
    return float(found[1]) if found else None
