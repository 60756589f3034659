"""A model's answer as it comes: sentences whole, what must not be told left out."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import structlog

import llm
from llm.errors import NoModel
from llm.routing import EXTRACTIVE
from llm.values import Ask, Done, Piece, Restart, Stop
from queries.checking.cutting import Cited, Cutter
from queries.checking.withholding import why_withheld
from queries.stopping import stoppable

log = structlog.get_logger(__name__)

_UNSAID = re.compile(
    r"\s*the\s+(?:sources|evidence|documents)\s+(?:don['’]t|do\s+not)\s+say\b", re.I
)


@dataclass(frozen=True)
class Void:
    """All sentences so far are void: another provider starts again."""

    reason: str


@dataclass(frozen=True)
class Unsaid:
    """The model says that the evidence doesn't answer."""


@dataclass(frozen=True)
class Unwritten:
    """No model wrote it to the end."""

    reason: str


Drafted = Cited | Void | Unsaid | Unwritten


def drafted(ask: Ask) -> Generator[Drafted, None, None]:
    """Closing it stops the provider, and what was used is on the ledger. Raises OverBudget."""
    cutter = Cutter()
    told = False
    with llm.stream(ask) as streaming, stoppable(ask.purpose.query, streaming.stop):
        try:
            for event in streaming:
                match event:
                    case Piece(text=text):
                        for one in _allowed(cutter.feed(text), ask):
                            told = True
                            yield _read(one)
                    case Restart(reason=reason, provider=provider):
                        cutter = Cutter()
                        if told and provider != EXTRACTIVE.provider:
                            told = False
                            yield Void(reason)
                    case Done(reply=reply):
                        if reply.provider == EXTRACTIVE.provider:
                            yield Unwritten("unavailable")
                            return
                        is_cut_off = reply.stop is not Stop.END
                        for one in _allowed(cutter.finish(is_cut_off=is_cut_off), ask):
                            yield _read(one)
        except NoModel as error:
            log.warning("queries.no_model", query=ask.purpose.query, failures=len(error.failures))
            yield Unwritten("unavailable")


def _read(one: Cited) -> Cited | Unsaid:
    return Unsaid() if _UNSAID.match(one.text) else one


def _allowed(found: Iterator[Cited], ask: Ask) -> Iterator[Cited]:
    for one in found:
        if why := why_withheld(one.text, ask.prompt.text):
            log.warning("queries.withheld", query=ask.purpose.query, why=why)
        else:
            yield one
