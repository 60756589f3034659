"""A small depth that really answers: from the rows of one stock, told in steps.

What a question says decides how it goes: "wait" stops after the first words until the gate in
Valkey is open, "break" breaks, "refuse CODE" refuses, "should I buy" is declined, "nothing" is
what the sources don't say. When its iterator is closed early, that is marked in Valkey.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.contrib.auth.models import User

from llm import shared
from queries import answerer, stopping
from queries.values import (
    Answer,
    Asked,
    Citation,
    Claim,
    Depth,
    Event,
    Finished,
    Handler,
    Kind,
    Marked,
    Refused,
    Step,
    Text,
)
from summaries.models import Fact
from summaries.verification.verdicts import Verdict

GATE, CLOSED, BEGUN = "test:gate", "test:closed", "test:begun"
FIRST = "Looked it up."
PATIENCE = 60.0


def register() -> None:
    """In place of every depth, with nothing before it."""
    answerer.AROUND.clear()
    for depth in Depth:
        answerer.HANDLERS[depth] = rows_of(depth)


def rows_of(depth: Depth) -> answerer.Make:
    def make(user: User) -> Handler:
        return lambda asked: _answer(asked, depth)

    return make


def open_gate() -> None:
    shared.client().set(GATE, "1", ex=120)


def forget() -> None:
    shared.client().delete(GATE, CLOSED, BEGUN)


def _answer(asked: Asked, depth: Depth) -> Iterator[Event]:
    shared.client().rpush(BEGUN, asked.id)
    question = asked.question.lower()
    if question.startswith("refuse"):
        yield Refused(question.split()[1], "It was not taken.", 7)
        return
    try:
        yield Step("search", "Looking for the figure")
        yield Step("search", "Looking for the figure", is_done=True)
        yield Text(FIRST)
        yield Marked(0, Claim(FIRST, Verdict.NOT_CHECKABLE), 0, len(FIRST))
        if "wait" in question:
            yield from _wait(asked)
        if "break" in question:
            raise RuntimeError(f"secret words: {asked.question}")
        yield from _finish(asked, depth, question)
    except GeneratorExit:
        shared.client().rpush(CLOSED, asked.id)
        raise


def _wait(asked: Asked) -> Iterator[Event]:
    """In silence, as a model that thinks, until the gate opens or we are stopped."""
    stopped: list[bool] = []
    until = time.monotonic() + PATIENCE
    with stopping.stoppable(asked.id, lambda: stopped.append(True)):
        while not stopped and time.monotonic() < until:
            try:
                if shared.client().exists(GATE):
                    break
            except OSError:
                pass
            time.sleep(0.02)
    yield Text(" Waited.")


def _finish(asked: Asked, depth: Depth, question: str) -> Iterator[Event]:
    if "should i buy" in question:
        yield Finished(Answer(Kind.DECLINED, depth, suggestions=("What was revenue?",)))
        return
    if "nothing" in question:
        yield Finished(Answer(Kind.UNSAID, depth))
        return
    claims = [Claim(FIRST, Verdict.NOT_CHECKABLE)]
    fact = Fact.objects.filter(stock__ticker__in=asked.stocks).select_related("stock").first()
    if fact is not None:
        document = fact.filing.documents.first()
        text = f"{fact.stock.name} reported {fact.value:,.0f} {fact.unit}."
        cited = Citation(
            "filing", "10-K", f"/facts/{fact.pk}/", f"{fact.value:,.0f}",
            document=document.pk if document else None, start=0, end=5, fact=fact.pk,
        )  # fmt: skip
        claims.append(Claim(text, Verdict.SUPPORTED, (cited,)))
        yield Text(f" {text}")
        yield Marked(1, claims[1], len(FIRST) + 1, len(FIRST) + 1 + len(text))
    if asked.before:
        last = Claim(f"Before, {asked.before[-1].question!r} was asked.", Verdict.NOT_CHECKABLE)
        claims.append(last)
        yield Text(f" {last.text}")
    yield Finished(Answer(Kind.ANSWERED, depth, tuple(claims), stocks=asked.stocks))
