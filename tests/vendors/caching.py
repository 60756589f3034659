"""Prompt caches as the providers keep them, by what a prompt begins with.

An entry can be read from when the reply that wrote it began: calls sent side by side all write.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from tests.vendors.tokens import Counting, scaled

LIFETIMES = {
    "5m": timedelta(minutes=5),
    "1h": timedelta(hours=1),
    "30m": timedelta(minutes=30),
    "12h": timedelta(hours=12),
}
SHORT = ("5m", "30m")

# The fewest tokens of a prefix that is kept. Lists agree on the older models; for the newest
# none was found, so they have the least favourable one of their family.
MINIMUM: Mapping[str, int] = {
    "claude-sonnet-5-5": 2048,
    "claude-sonnet-4-6": 2048,
    "claude-sonnet-4-5": 1024,
}
MINIMUM_OTHERWISE = 4096
OPENAI_MINIMUM = 1024
OPENAI_STEP = 128


@dataclass(frozen=True)
class Part:
    """A block of a prompt: what it says, its word pieces, and the lifetime of the breakpoint at
    its end, if it has one."""

    text: str
    pieces: int
    ttl: str | None = None


@dataclass(frozen=True)
class Input:
    """A prompt's tokens by class, and what the caches will know once the reply begins."""

    fresh: int
    write_short: int = 0  # 5 minutes; OpenAI: 30
    write_long: int = 0  # 1 hour; OpenAI: 12
    read: int = 0
    kept: tuple[tuple[bytes, str], ...] = ()

    @property
    def written(self) -> int:
        return self.write_short + self.write_long

    @property
    def total(self) -> int:
        return self.fresh + self.written + self.read


class Cache:
    """The prefixes that one provider keeps."""

    def __init__(self) -> None:
        self._entries: dict[bytes, tuple[datetime, str]] = {}  # until when, and its lifetime

    def clear(self) -> None:
        self._entries.clear()

    def keep(self, told: Input, now: datetime) -> None:
        """Called when the reply begins. What was read lives anew."""
        for digest, ttl in told.kept:
            self._entries[digest] = (now + LIFETIMES[ttl], ttl)

    def alive(self, digest: bytes, now: datetime) -> bool:
        entry = self._entries.get(digest)
        return entry is not None and now < entry[0]

    def marked(
        self,
        model: str,
        parts: Sequence[Part],
        now: datetime,
        *,
        seed: str = "",
        minimum: int,
        lookback: int,
    ) -> Input:
        """By breakpoints: read up to the longest prefix that is kept and ends at most ``lookback``
        blocks before a breakpoint; write from there to each later breakpoint.

        https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
        """
        sums = [scaled(pieces, model) for pieces in accumulate(part.pieces for part in parts)]
        total = sums[-1] if sums else 0
        marks = [place for place, part in enumerate(parts) if part.ttl]
        if not marks:
            return Input(total)
        digests = _prefixes(f"{model}\0{seed}", parts[: marks[-1] + 1])
        found = self._longest(digests, marks, lookback, now)
        reached = sums[found] if found is not None else 0
        read = reached
        kept = []
        if found is not None:
            kept.append((digests[found], self._entries[digests[found]][1]))
        short = long = 0
        for mark in marks:
            ttl = parts[mark].ttl or ""
            if (found is not None and mark <= found) or sums[mark] < minimum:
                continue
            kept.append((digests[mark], ttl))
            if ttl in SHORT:
                short += sums[mark] - reached
            else:
                long += sums[mark] - reached
            reached = sums[mark]
        return Input(total - reached, short, long, read, tuple(kept))

    def stepped(self, model: str, text: str, total: int, count: Counting, now: datetime) -> Input:
        """OpenAI's automatic cache: prefixes of 1,024 tokens and then by steps of 128; writing
        costs nothing extra. ``text`` begins with whatever else must be the same."""
        if total < OPENAI_MINIMUM:
            return Input(total)
        digests = _steps(model, text, count)
        read = 0
        for place, digest in enumerate(digests):
            if not self.alive(digest, now):
                break
            read = OPENAI_MINIMUM + place * OPENAI_STEP
        read = min(read, total)
        return Input(total - read, read=read, kept=tuple((digest, "30m") for digest in digests))

    def _longest(
        self, digests: Sequence[bytes], marks: Sequence[int], lookback: int, now: datetime
    ) -> int | None:
        for mark in reversed(marks):
            for place in range(mark, max(mark - lookback, -1), -1):
                if self.alive(digests[place], now):
                    return place
        return None


def _prefixes(seed: str, parts: Sequence[Part]) -> list[bytes]:
    state = hashlib.sha256(seed.encode())
    digests = []
    for part in parts:
        state.update(b"%d\0" % len(part.text))
        state.update(part.text.encode("utf-8", "surrogatepass"))
        digests.append(state.digest())
    return digests


def _steps(model: str, text: str, count: Counting) -> list[bytes]:
    words = text.split()
    sums = list(accumulate(count.each(words)))
    state = hashlib.sha256(model.encode())
    digests = []
    start = 0
    for tokens in range(OPENAI_MINIMUM, (sums[-1] if sums else 0) + 1, OPENAI_STEP):
        end = bisect_left(sums, tokens) + 1
        state.update(" ".join(words[start:end]).encode("utf-8", "surrogatepass"))
        digests.append(state.digest())
        start = end
    return digests
