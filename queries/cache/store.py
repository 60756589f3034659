"""Answers by their key: the process's own layer, then Valkey, and whether the corpus is the same."""

from __future__ import annotations

import time
from contextlib import suppress

from queries.cache import corpus, valkey
from queries.cache.entries import Entry, entry_bytes, entry_of
from queries.cache.local import Local, Statistics

# What can't be known to be the same still, and what was told while a provider was out.
SHORT_SECONDS = 5 * 60
# What rests on stocks whose facts, documents and texts are as they were.
LONG_SECONDS = 24 * 3600
LARGEST = 1_000_000  # bytes of an answer
_local = Local(32_000_000)


def kept(key: str) -> Entry | None:
    """The answer under ``key`` if what it rests on hasn't changed; damaged bytes are a miss."""
    local = _local.get(key)
    body = local if local is not None else _shared(key)
    entry = entry_of(body)
    if entry is None or body is None:
        return None
    if corpus.version(entry.stocks).text != entry.corpus:
        _local.forget(key)
        return None
    if local is None:
        left = entry.kept_at + _seconds(entry) - time.time()
        _local.put(key, body, min(left, SHORT_SECONDS))
    return entry


def keep(key: str, entry: Entry, *, is_doubtful: bool = False) -> None:
    """For LONG_SECONDS, or SHORT_SECONDS where it names no stock or ``is_doubtful``."""
    body = entry_bytes(entry)
    if len(body) > LARGEST:
        return
    seconds = SHORT_SECONDS if is_doubtful else _seconds(entry)
    _local.put(key, body, min(seconds, SHORT_SECONDS))
    with suppress(valkey.Away):
        valkey.ask(lambda client: client.set(_name(key), valkey.sealed(body), ex=seconds))


def forget_local() -> None:
    """What this process keeps by itself; the others' and Valkey's stay."""
    _local.clear()


def statistics() -> Statistics:
    return _local.statistics()


def top(count: int) -> list[tuple[str, int]]:
    return _local.top(count)


def _shared(key: str) -> bytes | None:
    with suppress(valkey.Away):
        return valkey.opened(valkey.ask(lambda client: client.get(_name(key))))
    return None


def _seconds(entry: Entry) -> int:
    return LONG_SECONDS if entry.stocks else SHORT_SECONDS


def _name(key: str) -> str:
    return valkey.name("kept", key)
