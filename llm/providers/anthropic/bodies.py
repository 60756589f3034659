"""Our Request as the body of Anthropic's messages.

No sampling parameters, no prefill, no forced tools, no citations: current models refuse them,
alone or beside structured output.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, takewhile

from llm.providers.wire import Json
from llm.structured import strict
from llm.values import Part, Request, Turn


def message_body(request: Request) -> Json:
    """For ``messages`` and a batch's entry."""
    return {**prompt_body(request), "max_tokens": request.max_output_tokens}


def prompt_body(request: Request) -> Json:
    """For ``count_tokens``: without how long the answer may be."""
    system = [part for part in request.system if part.text]
    turns = [(turn.role, said(turn)) for turn in request.turns]
    parts = [*system, *(part for _, spoken in turns for part in spoken)]
    blocks = iter(_blocks(parts, _breakpoints(parts, len(system)), request.hold_1h))
    body: Json = {"model": request.model}
    if system:
        body["system"] = list(islice(blocks, len(system)))
    body["messages"] = [
        {"role": role, "content": list(islice(blocks, len(spoken)))}
        for role, spoken in turns
        if spoken
    ]
    if config := _output(request):
        body["output_config"] = config
    return body


def said(turn: Turn) -> list[Part]:
    """Its parts that say something: empty blocks are refused."""
    return [part for part in turn.parts if part.text]


def _breakpoints(parts: Sequence[Part], system: int) -> set[int]:
    """After which parts the provider's cache keeps all up to there: the last of the system's
    (the first so many) and the last of the turns' that nothing but stable parts precede.

    Two of the four that a request may have; all with one life, as a shorter one may not
    precede a longer.
    """
    stable = len(list(takewhile(lambda part: part.is_stable, parts)))
    return {end - 1 for end in (min(stable, system), stable) if end}


def _blocks(parts: Sequence[Part], marked: set[int], hold_1h: bool) -> list[Json]:
    control = {"type": "ephemeral", "ttl": "1h" if hold_1h else "5m"}
    return [
        {"type": "text", "text": part.text}
        | ({"cache_control": control} if place in marked else {})
        for place, part in enumerate(parts)
    ]


def _output(request: Request) -> Json:
    config: Json = {}
    if request.effort:
        config["effort"] = request.effort
    if request.schema is not None:
        config["format"] = {"type": "json_schema", "schema": strict(request.schema)}
    return config
