"""Who answers: what is meant is read first, then the chain, then the depth that was chosen.

The companies are read out of the question before anything else, because the cache keeps an answer
by the companies it rests on, and a limit or a budget refuses by the depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from django.contrib.auth.models import User

from queries import deep, quick, standard
from queries.chain import chain
from queries.models import plan_of
from queries.understanding import Meant, Register, route, understand
from queries.values import Asked, Depth, Event, Handler

Make = Callable[[User], Handler]

HANDLERS: dict[Depth, Make] = {
    Depth.QUICK: lambda user: partial(quick.answer, reader=user),
    Depth.STANDARD: lambda user: partial(standard.answer, reader=user),
    Depth.DEEP: lambda user: partial(deep.answer, reader=user),
}
AROUND: list[Callable[[Handler], Handler]] = [chain]  # what stands before all depths


def handler_for(user: User) -> Handler:
    """Answers as this reader may read. Raises what the database raises."""
    handler = unchained_for(user)
    for around in AROUND:
        handler = around(handler)
    return partial(_meant_first, handler)


def unchained_for(user: User) -> Handler:
    """Answers a question whose depth is chosen, with nothing before it: for warming."""

    def answer(asked: Asked) -> Iterator[Event]:
        return HANDLERS[asked.depth or Depth.QUICK](user)(asked)

    return answer


def _meant_first(handler: Handler, asked: Asked) -> Iterator[Event]:
    yield from handler(routed(asked))


def routed(asked: Asked) -> Asked:
    """The question with its companies and its depth: the asker's own, else what it needs, as far
    as their plan goes."""
    names = quick.register()
    meant = understand(asked.question, names, chosen=asked.stocks, before=asked.before)
    depth = asked.depth or _within_plan(route(meant, asked.question), asked.user)
    return replace(asked, depth=depth, stocks=_stocks(asked, meant, names))


def _stocks(asked: Asked, meant: Meant, names: Register) -> tuple[str, ...]:
    """What was chosen and isn't ours stays, so that whoever answers says so."""
    unknown = (one for one in asked.stocks if one not in names)
    return tuple(dict.fromkeys((*meant.stocks, *unknown)))


def _within_plan(wanted: Depth, user: int) -> Depth:
    """The deepest that the plan has, up to what is wanted."""
    depths = plan_of(user).depths
    order = list(Depth)
    upto = order[: order.index(wanted) + 1]
    return next((one for one in reversed(upto) if one in depths), wanted)
