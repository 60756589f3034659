"""What the SDK raises, as our errors: permanent, or when to try again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime

import openai

from llm.embedding.errors import (
    EmbeddingError,
    EmbeddingMalformed,
    EmbeddingRefused,
    EmbeddingUnavailable,
)

TRY_AGAIN = {408, 409, 425, 429}
# 429 as well, but waiting doesn't help: somebody has to pay.
OUT_OF_MONEY = {"insufficient_quota", "billing_hard_limit_reached"}


def classified(error: openai.OpenAIError, key: str) -> EmbeddingError:
    """The error to raise. ``key`` is taken out of what the server says."""
    if isinstance(error, openai.APIStatusError):
        return _status(error, key)
    if isinstance(error, openai.APITimeoutError):
        return EmbeddingUnavailable("The embedding server did not answer in time.")
    if isinstance(error, openai.APIConnectionError):
        reason = type(error.__cause__).__name__ if error.__cause__ else "no reason given"
        return EmbeddingUnavailable(f"The embedding server can't be reached ({reason}).")
    return EmbeddingMalformed(
        f"The embedding server's answer can't be read: {type(error).__name__}."
    )


def _status(error: openai.APIStatusError, key: str) -> EmbeddingError:
    status = error.status_code
    if status == 401:
        # Its words are left out: they repeat part of the key.
        return EmbeddingRefused("The embedding server refused the key (401): check OPENAI_API_KEY.")
    said = _said(error, key)
    if OUT_OF_MONEY & {error.code, error.type}:
        return EmbeddingRefused(f"The account of OPENAI_API_KEY has no credit left: {said}")
    if status in TRY_AGAIN or status >= 500:
        return EmbeddingUnavailable(
            f"The embedding server answered {status}: {said}", retry_after(error.response.headers)
        )
    return EmbeddingRefused(f"The embedding server refused the call ({status}): {said}")


def _said(error: openai.APIStatusError, key: str) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    words = message if isinstance(message, str) and message else "no reason given"
    return (words.replace(key, "(the key)") if key else words)[:300]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, from ``retry-after-ms`` or ``retry-after`` (seconds or a date, RFC 9110)."""
    for name, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        with suppress(ValueError):
            seconds = float(headers.get(name, "")) / divisor
            return seconds if math.isfinite(seconds) and seconds >= 0 else None
    with suppress(ValueError):
        date = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (date - datetime.now(date.tzinfo)).total_seconds())
    return None
