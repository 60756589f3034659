"""What is asked of a model and what comes back, whoever the provider is. Pure values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel

from costs.tokens import Tokens


class Complexity(StrEnum):
    """How hard a task is: decides the model that routing chooses."""

    SIMPLE = "simple"
    MODERATE = "moderate"
    COMPLEX = "complex"


class Stop(StrEnum):
    """Why a model stopped."""

    END = "end"
    LENGTH = "length"  # the answer is cut: max_output_tokens, or the context is full
    REFUSAL = "refusal"
    STOPPED = "stopped"  # by us


@dataclass(frozen=True)
class Purpose:
    """Who asks and what for; goes onto the ledger, never to the provider.

    ``category``: batch, queries or infrastructure, whose budget it is. ``run``: the batch run.
    """

    agent: str
    category: str
    task: str = ""
    stock: str = ""
    summary: int | None = None
    query: str = ""
    run: str = ""
    user: int | None = None
    team: int | None = None
    variant: str = ""


@dataclass(frozen=True)
class Prompt:
    """The instructions: a versioned file. ``version`` is the hash of its text."""

    name: str
    version: str
    text: str


@dataclass(frozen=True)
class Part:
    """A piece of a turn. ``is_stable``: the same for many calls, so that the provider's cache may
    keep all up to its end. ``is_private``: a person typed it, so that it is masked before it leaves."""

    text: str
    is_stable: bool = False
    is_private: bool = False


@dataclass(frozen=True)
class Turn:
    role: Literal["user", "assistant"]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Ask:
    """One thing wanted of a model.

    ``prompt`` goes first, then the turns, stable parts before the others. With ``schema`` the
    answer is JSON and comes back as that type. ``extractive`` says what to answer without any
    model, as text (JSON where there is a schema); without it there is no last rung.
    ``seconds``: the whole time, all attempts together. ``names``: people known to be private.
    ``replay``: a key under which the answer is kept, so that the same question asked again
    after a crash is not paid for again; "" asks anew each time.
    """

    purpose: Purpose
    prompt: Prompt
    turns: tuple[Turn, ...]
    complexity: Complexity
    max_output_tokens: int
    schema: type[BaseModel] | None = None
    extractive: Callable[[], str] | None = field(default=None, compare=False)
    seconds: float = 120.0
    names: frozenset[str] = frozenset()
    replay: str = ""


@dataclass(frozen=True)
class Request:
    """What leaves the house: an Ask with the model chosen and private text masked.

    ``system`` and the turns' parts keep their order; ``schema`` is a JSON schema.
    ``hold_1h``: stable parts stay in the provider's cache for an hour, not five minutes.
    """

    model: str
    system: tuple[Part, ...]
    turns: tuple[Turn, ...]
    max_output_tokens: int
    schema: Mapping[str, Any] | None = None
    schema_name: str = ""
    effort: str = ""  # "": the provider's default
    seconds: float = 60.0
    hold_1h: bool = False


@dataclass(frozen=True)
class Answer:
    """What a provider gave. ``tokens`` is what it says it bills; None where it said nothing.

    ``is_estimate``: the answer was stopped before the provider told its bill, and ``tokens``
    are what it told so far with our own estimate of the rest.
    """

    text: str
    stop: Stop
    tokens: Tokens | None
    model: str
    response_id: str = ""
    request_id: str = ""
    is_estimate: bool = False


@dataclass(frozen=True)
class Reply:
    """What the door gives back. ``data``: the checked result where a schema was asked for.

    ``record``: the ledger's row of the attempt that answered; ``cost_usd``: of all attempts.
    """

    text: str
    data: BaseModel | None
    stop: Stop
    provider: str
    model: str
    tokens: Tokens
    cost_usd: Decimal
    record: int
    attempts: int = 1
    is_replay: bool = False


# What a stream tells, in order: pieces of text; that all text so far is void because another
# provider starts again; and last the whole.


@dataclass(frozen=True)
class Piece:
    text: str


@dataclass(frozen=True)
class Restart:
    """All text so far is void: it starts again with another provider, or the same anew."""

    provider: str
    model: str
    reason: str  # a kind of failure, no message of a provider


@dataclass(frozen=True)
class Done:
    reply: Reply


Event = Piece | Restart | Done
