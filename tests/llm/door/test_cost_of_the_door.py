"""What the door costs in CPU, against the bare SDK in the same process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

import llm
from tests.llm.door.asks import an_ask
from tests.vendors import ModelSite, model_process

pytestmark = pytest.mark.enable_socket

CALLS, ROUNDS = 40, 4


def cpu_ms(work: Callable[[], Any]) -> float:
    """Of this process, user and system, a call."""
    began = time.process_time()
    for _ in range(CALLS):
        work()
    return (time.process_time() - began) * 1000 / CALLS


def test_cpu_of_a_call(site: ModelSite, settings: Any) -> None:
    with (
        model_process() as process,
        anthropic.Anthropic(
            api_key="sk-test-key", base_url=process.anthropic_url, max_retries=0
        ) as sdk,
    ):
        settings.ANTHROPIC_BASE_URL = process.anthropic_url
        ask = an_ask("The evidence says so. " * 800)

        def bare() -> None:
            sdk.messages.create(
                model="claude-haiku-5-5",
                max_tokens=200,
                system=ask.prompt.text,
                messages=[{"role": "user", "content": ask.turns[0].parts[0].text}],
            )

        bare(), llm.write(ask)
        # In turn, and the least of each: what else the machine does only adds.
        pairs = [(cpu_ms(bare), cpu_ms(lambda: llm.write(ask))) for _ in range(ROUNDS)]
    least_bare, least_door = (min(each) for each in zip(*pairs, strict=True))
    print(f"\nCPU a call: SDK {least_bare:.2f} ms, door {least_door:.2f} ms")
    assert least_door < 5 * least_bare
