"""A worker that is killed at one point: ``python -m tests.llm.outbox.dying POINT``.

It kills itself with -9, so that nothing is cleaned up. Points: collected, claimed, sent, noted,
settling.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django


def die(*args: Any, **more: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def after(number: int, act: Callable[..., Any]) -> Callable[..., Any]:
    """Dies when it has been done so often."""
    done = 0

    def counted(*args: Any, **more: Any) -> Any:
        nonlocal done
        given = act(*args, **more)
        done += 1
        return die() if done == number else given

    return counted


def live(point: str) -> None:
    from django.utils import timezone

    from llm import outbox
    from llm.outbox import collecting, settling, submitting
    from llm.providers import setup

    adapters: list[Any] = [setup.provider(name) for name in setup.in_use()]
    match point:
        case "collected":
            collecting.collect(run="", least=1, now=timezone.now())
            die()
        case "claimed":
            for adapter in adapters:
                adapter.submit = die
        case "sent":
            for adapter in adapters:
                adapter.submit = after(1, adapter.submit)
        case "noted":
            submitting._note = after(1, submitting._note)
        case "settling":
            settling.PORTION = 10
            settling._settle = after(2, settling._settle)
    outbox.submit_due()
    outbox.poll_due()


if __name__ == "__main__":
    django.setup()
    live(sys.argv[1])
