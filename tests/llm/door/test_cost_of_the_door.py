"""What the door costs in CPU, against the bare SDK in the same process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import anthropic
import pytest

import llm
from costs import ledger
from costs.tokens import Tokens
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


def test_cpu_of_a_call(site: ModelSite, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "llm")  # what pytest keeps of a log costs more
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

        def ledger_alone() -> None:
            row = ledger.open_call(
                ledger.Entry(
                    "anthropic", "claude-haiku-5-5", "write", "queries", "tester",
                    estimated_tokens=5000, most_output_tokens=200,
                )
            )  # fmt: skip
            ledger.settle(row.pk, Tokens(input=5000, output=20))

        def door() -> None:
            llm.write(ask)

        kinds = (bare, ledger_alone, door)
        for each in kinds:
            each()
        # In turn, and the least of each: what else the machine does only adds.
        rounds = [[cpu_ms(each) for each in kinds] for _ in range(ROUNDS)]
    sdk_ms, ledger_ms, door_ms = (min(each) for each in zip(*rounds, strict=True))
    print(
        f"\nCPU a call: SDK {sdk_ms:.2f} ms, ledger {ledger_ms:.2f} ms, door {door_ms:.2f} ms, "
        f"of that its own {door_ms - sdk_ms - ledger_ms:.2f} ms"
    )
    assert door_ms - ledger_ms < 3 * sdk_ms
