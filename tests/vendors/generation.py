"""What a model writes, before either provider's format: thinking, texts, calls of tools."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.vendors.author import Author, Seen, instance
from tests.vendors.faults import Fault
from tests.vendors.tokens import Count, scaled

Stop = Literal["end", "length", "sequence", "tool", "refusal", "nothing"]
THOUGHT = "Compare the two years, then the margin, then the cash that came of it. "


@dataclass(frozen=True)
class Call:
    """A tool called by the model."""

    name: str
    arguments: dict[str, Any]

    @property
    def json(self) -> str:
        return json.dumps(self.arguments)


@dataclass(frozen=True)
class Written:
    """``output_tokens`` includes ``thinking_tokens``, as both providers count."""

    text: str
    thinking: str
    call: Call | None
    stop: Stop
    output_tokens: int
    thinking_tokens: int = 0
    stop_sequence: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What of a request decides the writing. ``tool``: the one to call, with its schema."""

    seen: Seen
    thinking_words: int = 0
    stop_sequences: Sequence[str] = ()
    tool: tuple[str, dict[str, Any]] | None = None
    only_tool: bool = False


def write(wanted: Wanted, author: Author, count: Count, fault: Fault | None) -> Written:
    """Raises ValueError where the author's text breaks the schema that it was given."""
    seen = wanted.seen
    if seen.max_tokens == 0:
        return Written("", "", None, "nothing", 0)
    if fault is not None and fault.kind == "refusal":
        return Written("", "", None, "refusal", 1)
    thinking = _thinking(wanted.thinking_words)
    thought = count(thinking)
    if wanted.tool is not None:
        call = Call(wanted.tool[0], instance(wanted.tool[1]))
        text = "" if wanted.only_tool else "Checking."
        pieces = thought + count(text) + count(call.name) + count(call.json)
        output = max(1, scaled(pieces, seen.model))
        return Written(text, thinking, call, "tool", output, scaled(thought, seen.model))
    text = _authored(seen, author, fault)
    text, sequence = _stopped(text, wanted.stop_sequences)
    whole = max(1, scaled(thought + count(text), seen.model))
    most = seen.max_tokens if seen.max_tokens is not None else whole
    if fault is not None and fault.kind == "truncated":
        most = min(most, max(1, whole // 2))
    if whole <= most:
        stop: Stop = "sequence" if sequence else "end"
        return Written(text, thinking, None, stop, whole, scaled(thought, seen.model), sequence)
    thought = min(scaled(thought, seen.model), most)
    return Written(
        _shortened(text, most - thought, seen.model, count), thinking, None, "length", most, thought
    )


def deltas(text: str, words: int) -> list[str]:
    """The text in pieces of so many words, as a stream tells it; joined they are the text."""
    cuts = [match.end() for match in re.finditer(r"\S+\s*", text)][words - 1 : -1 : words]
    places = [0, *cuts, len(text)]
    return [text[a:b] for a, b in itertools.pairwise(places) if a < b]


def broken(text: str) -> str:
    """Valid JSON that no schema with a required member accepts."""
    return json.dumps({"unexpected": [text[:20]]})


def _authored(seen: Seen, author: Author, fault: Fault | None) -> str:
    text = author(seen)
    if seen.schema is not None:
        if fault is not None and fault.kind == "broken_schema":
            return broken(text)
        _check(text, seen.schema)
    return text


def _check(text: str, schema: dict[str, Any]) -> None:
    """The providers' decoding can't leave the schema: neither may an author here."""
    problem = next(_validator(json.dumps(schema)).iter_errors(json.loads(text)), None)
    if problem is not None:
        raise ValueError(f"The author's answer breaks the schema at {problem.json_path}.")


@lru_cache(maxsize=64)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def _thinking(words: int) -> str:
    known = THOUGHT.split()
    return " ".join((known * (words // len(known) + 1))[:words])


def _stopped(text: str, sequences: Sequence[str]) -> tuple[str, str | None]:
    found = [(text.find(each), each) for each in sequences if each and each in text]
    if not found:
        return text, None
    place, sequence = min(found)
    return text[:place], sequence


def _shortened(text: str, tokens: int, model: str, count: Count) -> str:
    used = 0
    end = 0
    for match in re.finditer(r"\S+\s*", text):
        used += count(match.group())
        if scaled(used, model) > tokens:
            break
        end = match.end()
    return text[:end] or text[: max(0, tokens)]
