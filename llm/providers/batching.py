"""What batches of both providers share: limits, and whether one was submitted at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from llm.errors import CallFailed, Kind

CALL_SECONDS = 30.0
SUBMIT_SECONDS = 300.0
RESULTS_SECONDS = 900.0

CUSTOM_ID = re.compile(r"[A-Za-z0-9_-]{1,47}")
TAG_LENGTH = 16

# A submission that nobody answered may still be on its way: until its own time-out, and while
# the provider takes it in.
IN_FLIGHT = timedelta(seconds=SUBMIT_SECONDS + 60)
# How far a provider's clock may be from ours.
SKEW = timedelta(minutes=5)


class Unsendable(CallFailed):
    """A batch that no provider takes; the message says which limit it breaks."""

    def __init__(self, provider: str, told: str) -> None:
        super().__init__(Kind.BAD_REQUEST, provider=provider, model="")
        self.args = (f"{provider}: {told}",)


def check_ids(provider: str, ids: Iterable[str], most: int) -> None:
    """Raises Unsendable."""
    counted = Counter(ids)
    number = sum(counted.values())
    if not number:
        raise Unsendable(provider, "a batch needs at least one request.")
    if number > most:
        raise Unsendable(provider, f"a batch holds at most {most:,} requests, not {number:,}.")
    if len(counted) < number:
        raise Unsendable(provider, "each request of a batch needs a custom id of its own.")
    if not all(map(CUSTOM_ID.fullmatch, counted)):
        told = "a custom id is up to 47 letters, digits, hyphens and underscores."
        raise Unsendable(provider, told)


def check_size(provider: str, size: int, most: int) -> None:
    """``most``: bytes. Raises Unsendable."""
    if size > most:
        megabytes = most // 1024**2
        told = f"a batch has at most {megabytes} MB, not {size / 1024**2:,.1f}: make two of it."
        raise Unsendable(provider, told)


def tag(marker: str) -> str:
    """The marker in few characters, as a batch's custom ids carry it."""
    return sha256(marker.encode()).hexdigest()[:TAG_LENGTH]


def may_be_in_flight(since: datetime) -> bool:
    """Whether a submission begun then may come to the provider later than now."""
    return datetime.now(UTC) < since + IN_FLIGHT


def could_be(created: datetime, since: datetime) -> bool:
    """Whether a batch made then can be of a submission begun at ``since``."""
    return since - SKEW <= created <= since + IN_FLIGHT + SKEW
