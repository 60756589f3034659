"""What leaves the house for an Ask, and what of the answer comes back in.

Parts that a person typed leave with placeholders for personal data; the Vault that undoes it
belongs to the one Ask and never leaves.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from llm import structured
from llm.masking import Unmasker, Vault, mask, unmask
from llm.routing import Rung
from llm.values import Ask, Part, Request, Turn


def request(ask: Ask, rung: Rung) -> tuple[Request, Vault]:
    """The instructions first, as the stable part, then the turns in their order.

    The same Ask gives the same placeholders each time.
    """
    vault = Vault()
    return Request(
        model=rung.model,
        system=(Part(ask.prompt.text, is_stable=True),) if ask.prompt.text else (),
        turns=tuple(_masked(turn, vault, ask.names) for turn in ask.turns),
        max_output_tokens=ask.max_output_tokens,
        schema=structured.json_schema(ask.schema) if ask.schema else None,
        schema_name=ask.schema.__name__ if ask.schema else "",
        effort=rung.effort,
        seconds=ask.seconds,
    ), vault


def has_private(ask: Ask) -> bool:
    """Whether a person typed any of it."""
    return any(part.is_private for turn in ask.turns for part in turn.parts)


def _masked(turn: Turn, vault: Vault, names: frozenset[str]) -> Turn:
    if not any(part.is_private for part in turn.parts):
        return turn
    return Turn(
        turn.role,
        tuple(
            Part(mask(part.text, vault, known_names=names), part.is_stable, part.is_private)
            if part.is_private
            else part
            for part in turn.parts
        ),
    )


def text_back(text: str, vault: Vault, *, is_json: bool) -> str:
    """An answer with the originals in it again; in JSON as JSON writes them."""
    return unmask(text, _escaped(vault) if is_json else vault) if len(vault) else text


def data_back(data: BaseModel, vault: Vault) -> BaseModel:
    """A checked result with the originals in its strings.

    Not checked again: a constraint on a string's length was kept with the placeholder.
    """
    back: BaseModel = _back(data, vault) if len(vault) else data
    return back


def unmasker(vault: Vault, *, is_json: bool) -> Unmasker:
    """For the pieces of a stream, in order."""
    return Unmasker(_escaped(vault) if is_json else vault)


def _escaped(vault: Vault) -> Vault:
    return Vault.from_dict(
        {
            placeholder: json.dumps(original, ensure_ascii=False)[1:-1]
            for placeholder, original in vault.as_dict().items()
        }
    )


def _back(value: Any, vault: Vault) -> Any:
    match value:
        case str():
            # A subclass is an enumeration's member, which holds nothing of a person's.
            return unmask(value, vault) if type(value) is str else value
        case BaseModel():
            fields = {name: _back(getattr(value, name), vault) for name in type(value).model_fields}
            return value.model_copy(update=fields)
        case dict():
            return {_back(key, vault): _back(each, vault) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return type(value)(_back(each, vault) for each in value)
    return value
