"""Lines of JSON that prove that nothing in between was changed, taken out or put in.

Each line holds the hash of the one before it and its own: SHA-256 of the line's canonical JSON
without ``hash``. The first is ``begin``, the last ``end`` with the number of lines, so that a
file that was cut is found out as well. Whoever rewrites the whole chain is found out by the last
hash, which the audit trail keeps. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FIRST = "0" * 64


class Broken(ValueError):
    """The chain doesn't hold; the message names the line."""


def chained(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines with ``previous`` and ``hash``, and the end after them."""
    previous, number = FIRST, 0
    for line in lines:
        number += 1
        text, previous = _linked(line, previous)
        yield text
    yield _linked({"kind": "end", "lines": number}, previous)[0]


def verified(lines: Iterable[str]) -> str:
    """The last hash. Raises Broken."""
    previous, number, is_ended = FIRST, 0, False
    for number, text in enumerate(lines, start=1):
        if is_ended:
            raise Broken(f"Line {number} stands after the end.")
        line = _read(text, number)
        if number == 1 and line.get("kind") != "begin":
            raise Broken("Line 1 is not the beginning of an export.")
        told = line.pop("hash", None)
        if line.get("previous") != previous:
            raise Broken(f"Line {number} doesn't follow the line before it.")
        if told != _hash(line):
            raise Broken(f"Line {number} was changed.")
        is_ended = line.get("kind") == "end"
        if is_ended and line.get("lines") != number - 1:
            raise Broken(f"Line {number} counts {line.get('lines')} lines, there are {number - 1}.")
        previous = told
    if not is_ended:
        raise Broken(f"It is cut after line {number}: the end is missing.")
    return previous


def _linked(line: Mapping[str, Any], previous: str) -> tuple[str, str]:
    whole = {**line, "previous": previous}
    digest = _hash(whole)
    return json.dumps({**whole, "hash": digest}), digest


def _hash(line: Mapping[str, Any]) -> str:
    told = json.dumps(line, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _read(text: str, number: int) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise Broken(f"Line {number} is no JSON.") from error
    if not isinstance(line, dict):
        raise Broken(f"Line {number} is no object.")
    return line
