"""Which models an Ask may go to, in which order.

From the admin's Routes, or routes.toml where they say nothing of that kind of task; changed by
switches that operators flip (``llm_off``, ``llm_small_only``, ``llm_without_<provider>``) and by
an experiment's override. What is longer than a model's price band skips that model.
"""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from waffle import get_waffle_switch_model

from costs import pricing
from costs.errors import Unpriced
from costs.price_list import price_for
from costs.tokens import Tokens
from llm.models import Route
from llm.providers import setup
from llm.values import Ask, Complexity

DEFAULTS = Path(__file__).with_name("routes.toml")

OFF = "llm_off"
SMALL_ONLY = "llm_small_only"
WITHOUT = "llm_without_"

# How old what a process knows of routes and switches may be: two queries in so many seconds,
# and none a call.
FRESH_SECONDS = 2.0


@dataclass(frozen=True)
class Rung:
    """A model to try. ``effort``: "" is the provider's default."""

    provider: str
    model: str
    effort: str = ""


EXTRACTIVE = Rung("extractive", "extractive")

Override = Callable[[Ask], tuple[Rung, ...] | None]


@dataclass(frozen=True)
class _Step:
    rung: Rung
    up_to_tokens: int | None


@dataclass(frozen=True)
class _Known:
    ladders: Mapping[str, tuple[_Step, ...]]
    switches: frozenset[str]
    at: float


_known: _Known | None = None
_lock = threading.Lock()
_overrides: list[Override] = []


def rungs(ask: Ask, tokens: int) -> tuple[Rung, ...]:
    """The models to try for a prompt of so many tokens, in order; may be none.

    Last comes EXTRACTIVE where the Ask says what to answer without a model.
    """
    return models(ask, tokens) + ((EXTRACTIVE,) if ask.extractive else ())


def models(ask: Ask, tokens: int) -> tuple[Rung, ...]:
    """The same without EXTRACTIVE."""
    known = _fresh()
    if OFF in known.switches:
        return ()
    usable = {name for name in setup.in_use() if f"{WITHOUT}{name}" not in known.switches}
    for override in _overrides:
        if (wanted := override(ask)) is not None:
            return tuple(rung for rung in wanted if rung.provider in usable)
    complexity = Complexity.SIMPLE if SMALL_ONLY in known.switches else ask.complexity
    ladder = _usable(known.ladders[complexity], usable)
    fitting = tuple(
        step.rung for step in ladder if step.up_to_tokens is None or tokens <= step.up_to_tokens
    )
    if fitting or not ladder:
        return fitting
    everything = [step for each in Complexity for step in _usable(known.ladders[each], usable)]
    return _by_price({step.rung for step in everything}, tokens, ask.max_output_tokens)


def ladders() -> dict[Complexity, tuple[Rung, ...]]:
    """What each kind of task may use now, prompts of any length."""
    known = _fresh()
    usable = {name for name in setup.in_use() if f"{WITHOUT}{name}" not in known.switches}
    return {
        each: tuple(step.rung for step in _usable(known.ladders[each], usable))
        for each in Complexity
    }


def is_off() -> bool:
    """Whether operators have switched all models off."""
    return OFF in _fresh().switches


def use_override(override: Override) -> None:
    """From now on ``override`` is asked first; None from it leaves the usual order."""
    _overrides.append(override)


def drop_override(override: Override) -> None:
    _overrides.remove(override)


@receiver((post_save, post_delete), sender=Route, dispatch_uid="forget_routes")
@receiver(
    (post_save, post_delete), sender=get_waffle_switch_model(), dispatch_uid="forget_switches"
)
def forget(**_: Any) -> None:
    """Read routes and switches anew at the next call."""
    global _known
    _known = None


def cache_minimum(model: str) -> int:
    """Tokens below which the provider's cache doesn't keep a stable part."""
    table: dict[str, int] = _defaults()["cache_minimum"]
    return table.get(model, table["otherwise"])


def is_warmed(provider: str) -> bool:
    """Whether its cache is filled on purpose."""
    return provider in _defaults()["warm"]["providers"]


def _usable(ladder: tuple[_Step, ...], providers: set[str]) -> list[_Step]:
    return [step for step in ladder if step.rung.provider in providers]


def _fresh() -> _Known:
    global _known
    known = _known
    if known is None or time.monotonic() - known.at > FRESH_SECONDS:
        with _lock:
            known = _known
            if known is None or time.monotonic() - known.at > FRESH_SECONDS:
                _known = known = _read()
    return known


def _read() -> _Known:
    at = time.monotonic()
    rows: dict[str, list[Route]] = {}
    for row in Route.objects.order_by("complexity", "position"):
        rows.setdefault(row.complexity, []).append(row)
    switches = get_waffle_switch_model().objects.filter(name__startswith="llm_", active=True)
    return _Known(
        ladders={each: _ladder(each, rows.get(each)) for each in Complexity},
        switches=frozenset(switches.values_list("name", flat=True)),
        at=at,
    )


def _ladder(complexity: Complexity, rows: list[Route] | None) -> tuple[_Step, ...]:
    if rows is None:
        return tuple(
            _Step(
                Rung(row["provider"], row["model"], row.get("effort", "")), row.get("up_to_tokens")
            )
            for row in _defaults()[complexity]
        )
    return tuple(
        _Step(Rung(row.provider, row.model, row.effort), row.up_to_tokens)
        for row in rows
        if row.is_enabled
    )


@cache
def _defaults() -> dict[str, Any]:
    return tomllib.loads(DEFAULTS.read_text())


def _by_price(rungs: set[Rung], tokens: int, output: int) -> tuple[Rung, ...]:
    """The cheapest first for a prompt of this length, its price band counted; priced ones alone."""
    costs = {rung: _usd(rung, tokens, output) for rung in rungs}
    priced = [(cost, rung) for rung, cost in costs.items() if cost is not None]
    return tuple(rung for _, rung in sorted(priced, key=lambda each: (each[0], str(each[1]))))


def _usd(rung: Rung, tokens: int, output: int) -> Decimal | None:
    try:
        price = price_for(rung.provider, rung.model, timezone.now(), tokens)
    except Unpriced:
        return None
    return pricing.cost(Tokens(input=tokens, output=output), price, is_batch=False)
