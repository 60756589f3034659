"""A process of its own that goes through the door: killed, or one of several.

    python -m tests.llm.door.worker <what> [argument]

Says a line before the work and one after it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.conf import settings  # noqa: E402

settings.LLM_CIRCUIT_SECONDS = 10

import sentry_sdk  # noqa: E402
import structlog  # noqa: E402

import llm  # noqa: E402
from llm import attempts, limits, retrying, tracing  # noqa: E402
from llm.errors import NoModel  # noqa: E402
from llm.values import Part, Prompt, Turn  # noqa: E402
from tests.llm.door.asks import Verdict, an_ask  # noqa: E402

log = structlog.get_logger(__name__)


def write(replay: str = "") -> None:
    print(llm.write(an_ask(replay=replay)).provider, flush=True)


def before_sending() -> None:
    """Hangs when the row stands and nothing is sent yet."""
    from llm.providers.anthropic import Anthropic

    def send(*_: object) -> None:
        print("sending", flush=True)
        time.sleep(60)

    Anthropic.send = send  # type: ignore[method-assign, assignment]
    llm.write(an_ask(seconds=100))


def after_answer() -> None:
    """Hangs when the provider has answered and nothing of it is written yet."""

    def settled(*_: object) -> None:
        print("answered", flush=True)
        time.sleep(60)

    attempts.settled = settled  # type: ignore[assignment]
    llm.write(an_ask(seconds=100))


def many(count: str) -> None:
    for _ in range(int(count)):
        try:
            llm.write(an_ask())
        except NoModel:
            print("none", flush=True)


CLIENT = ("Harriet", "Quillfeather", "quillfeather.example", "4111 1111 1111 1111", "555-0147")
INSTRUCTIONS = "Answer the advisor from the numbered evidence below and nothing else whatsoever."
EVIDENCE = (
    "Aster Widgets shipped eleven thousand gyroscopes to Patagonia during the second quarter."
)
QUESTION = (
    "My client Mrs. Harriet Quillfeather (harriet@quillfeather.example, (212) 555-0147, card "
    "4111 1111 1111 1111) holds Aster Widgets: should she worry about its shipments?"
)


def ask_for_a_client(times: str) -> None:
    """In all ways that the door has, each failure logged as a worker logs it."""
    retrying.FIRST_SECONDS = 0.01
    parts = (Part(EVIDENCE), Part(QUESTION, is_private=True))
    for number in range(int(times)):
        ask = an_ask(
            prompt=Prompt("tests/client", "v1", INSTRUCTIONS),
            turns=(Turn("user", parts),),
            schema=Verdict if number % 2 else None,
        )
        try:
            if number % 3:
                llm.write(ask)
            else:
                list(llm.stream(ask))
        except NoModel:
            log.exception("asking.failed", number=number)
    tracing.flush()
    sentry_sdk.flush()


def hold_a_seat() -> None:
    limits.take("anthropic", tokens=1, within=1, lasting=60)


WORK: dict[str, Callable[..., None]] = {
    each.__name__: each
    for each in (write, before_sending, after_answer, many, ask_for_a_client, hold_a_seat)
}

if __name__ == "__main__":
    print("ready", os.getpid(), flush=True)
    WORK[sys.argv[1]](*sys.argv[2:])
    print("done", flush=True)
