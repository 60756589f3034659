"""What an entry stores: the request as it leaves, and what its answer is worked up with.

Both are JSON, because whoever settles an entry is another process than the one that asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from llm.routing import Rung
from llm.values import Part, Purpose, Request, Turn


@dataclass(frozen=True)
class Background:
    """``call``: what the ledger's rows of all attempts share; ``earlier``: how many attempts were
    made before this entry. ``rungs``: the models still to be tried after this entry's. ``schema``: the
    result's type, as "module:Name"; "" for a plain text. ``estimated_tokens``: of the prompt.
    """

    purpose: Purpose
    prompt: str
    prompt_version: str
    call: str
    estimated_tokens: int
    max_output_tokens: int
    schema: str = ""
    rungs: tuple[Rung, ...] = ()
    earlier: int = 0
    is_repair: bool = False

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpacked(cls, told: Mapping[str, Any]) -> Background:
        purpose = Purpose(**told["purpose"])
        rungs = tuple(Rung(**rung) for rung in told["rungs"])
        return cls(**{**told, "purpose": purpose, "rungs": rungs})

    def attempted(self, attempts: int) -> Background:
        """For an entry that starts anew after so many attempts of this one."""
        return replace(self, earlier=self.earlier + attempts)


def packed(request: Request) -> dict[str, Any]:
    return asdict(request)


def unpacked(told: Mapping[str, Any]) -> Request:
    turns = tuple(Turn(turn["role"], _parts(turn["parts"])) for turn in told["turns"])
    return Request(**{**told, "system": _parts(told["system"]), "turns": turns})


def name_of(schema: type[BaseModel]) -> str:
    """Raises ValueError for a type that another process couldn't import by its name."""
    name = f"{schema.__module__}:{schema.__qualname__}"
    try:
        found: Any = named(name)
    except (ImportError, AttributeError):
        found = None
    if found is not schema:
        raise ValueError(
            f"{name} can't be imported by that name: define a batch's schemas at the top of a module."
        )
    return name


def named(name: str) -> type[BaseModel]:
    """Raises ImportError or AttributeError where it is gone since."""
    module, _, place = name.partition(":")
    found: Any = import_module(module)
    for step in place.split("."):
        found = getattr(found, step)
    schema: type[BaseModel] = found
    return schema


def _parts(told: list[dict[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(**part) for part in told)
