"""What comes after an entry without an answer: another attempt, another model, or the end.

A row ends once and stays as it ended; what is tried next is a row of its own, waiting, under the
same key. So each row stands for one attempt in one batch, with its own row on the ledger.
"""

from __future__ import annotations

from dataclasses import replace

from llm import structured
from llm.errors import Kind
from llm.estimating import estimate_tokens
from llm.models import BatchEntry
from llm.outbox.packing import Background, packed, unpacked

MOST_ATTEMPTS = 3
# About the provider, not the question: another one may answer it.
PROVIDERS_OWN = frozenset({Kind.UNAUTHORISED, Kind.NO_CREDIT})
UNPRICED, OVER_BUDGET, SWITCHED_OFF = "unpriced", "over_budget", "switched_off"
CANCELLED = "cancelled"


def after_failure(entry: BatchEntry, kind: Kind) -> BatchEntry | None:
    """The entry that follows one whose result is no answer; None: it has failed for good."""
    if kind in PROVIDERS_OWN:
        return on_next_model(entry)
    if kind.is_permanent or entry.attempts >= MOST_ATTEMPTS:
        return None
    return _anew(entry, attempts=entry.attempts)


def on_next_model(entry: BatchEntry) -> BatchEntry | None:
    """The same question to the next model of its ladder; None: it was the last."""
    background = Background.unpacked(entry.purpose)
    if not background.rungs:
        return None
    rung, *others = background.rungs
    request = replace(unpacked(entry.request), model=rung.model, effort=rung.effort)
    background = replace(
        background.attempted(entry.attempts),
        rungs=tuple(others),
        estimated_tokens=estimate_tokens(request),
    )
    return _anew(
        entry,
        provider=rung.provider,
        model=rung.model,
        request=packed(request),
        purpose=background.packed(),
    )


def repair(entry: BatchEntry, answer: str, problems: tuple[str, ...]) -> BatchEntry | None:
    """The question for a right answer; None where this was the answer to it."""
    background = Background.unpacked(entry.purpose)
    if background.is_repair:
        return None
    request = unpacked(entry.request)
    request = replace(request, turns=structured.repair_turns(request.turns, answer, problems))
    background = replace(
        background.attempted(entry.attempts),
        is_repair=True,
        estimated_tokens=estimate_tokens(request),
    )
    return _anew(entry, request=packed(request), purpose=background.packed())


def _anew(entry: BatchEntry, **changes: object) -> BatchEntry:
    told = {
        "key": entry.key, "provider": entry.provider, "model": entry.model, "run": entry.run,
        "request": entry.request, "purpose": entry.purpose,
    }  # fmt: skip
    return BatchEntry(**{**told, **changes})
