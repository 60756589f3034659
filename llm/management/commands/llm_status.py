"""How the door to the models stands: for people and monitoring."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from llm.circuits import CircuitState, State
from llm.limits import Limits
from llm.routing import Rung
from llm.standing import Standing, problem, standing

NAMES = {State.CLOSED: "in use", State.OPEN: "left alone", State.HALF_OPEN: "one call tries"}


class Command(BaseCommand):
    help = (
        "Tell which models are in use, their circuits and limits, what the caches saved and which "
        "calls are unknown. With --check each provider is asked for a few tokens; exits 1 where "
        "one doesn't answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="ask each provider for a word")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            now = standing()
        except ProgrammingError as error:
            raise CommandError("The tables are missing. Run manage.py migrate.") from error
        self.stdout.write("\n".join(_lines(now)))
        if check:
            sys.exit(0 if self._answer(now) else 1)

    def _answer(self, now: Standing) -> bool:
        all_well = True
        for rung in _first_of_each(now):
            told = problem(rung)
            all_well &= not told
            self.stdout.write(f"{rung.provider} {rung.model}: {told or 'answers'}")
        return all_well


def _lines(now: Standing) -> list[str]:
    if not now.providers:
        return ["No provider is set up: set ANTHROPIC_API_KEY or OPENAI_API_KEY.", *_open(now)]
    lines = ["All models are switched off (llm_off)."] if now.is_off else []
    lines += [
        f"{complexity}: {', then '.join(rung.model for rung in rungs) or 'no model'}"
        for complexity, rungs in now.ladders.items()
    ]
    if now.circuits is None:
        lines.append("Valkey is away: circuits and shared limits are unknown.")
    else:
        lines += [_circuit(state, now.limits) for state in now.circuits]
    lines.append(
        f"A minute: {now.limits.requests:,} requests and {now.limits.tokens:,} tokens a provider."
    )
    ratio = now.cache.ratio
    lines.append(
        "Prompt tokens read from caches in 24 hours: "
        + ("none asked" if ratio is None else f"{ratio:.1%} of {now.cache.prompt:,}")
    )
    return [*lines, *_open(now)]


def _circuit(state: CircuitState, limits: Limits) -> str:
    told = (
        f"{state.provider}: {NAMES[state.state]}, {state.seats} of {limits.seats} calls under way, "
        f"{state.ill} of {state.ok + state.ill} failed in the last minute"
    )
    if state.state is not State.CLOSED and state.until:
        told += f", {state.reason}, until {state.until:%H:%M:%S} UTC"
    if state.held_seconds:
        told += f", everybody waits {state.held_seconds:.0f} s more as it asked"
    return told


def _open(now: Standing) -> list[str]:
    return [f"Calls on the ledger under way: {now.sending}, of unknown outcome: {now.unknown}"]


def _first_of_each(now: Standing) -> list[Rung]:
    first: dict[str, Rung] = {}
    for rungs in now.ladders.values():
        for rung in rungs:
            first.setdefault(rung.provider, rung)
    return list(first.values())
