"""What a call costs in CPU through the door, against the bare SDK: the same request, the same server.

The door admits the call, writes the ledger before and after, keeps budgets, masks, traces.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bench.figures import figure
from bench.scratch import scratch
from tests.vendors import model_process

CALLS = 400
WARM = 40
THREADS = 8
# About 5,000 tokens of prompt, as a standard question has.
EVIDENCE = (
    "Revenue was 1,204.5 million in fiscal 2025, against 1,180.2 million a year before. " * 240
)
# Three times the SDK's own cost leaves room for two transactions and two steps in Valkey.
LIMIT = 3.0


def main() -> None:
    with (
        model_process(tokens="approximate") as models,
        scratch(
            ANTHROPIC_API_KEY="fake-key-for-bench",
            FA_ANTHROPIC_BASE_URL=models.anthropic_url,
            FA_LLM_REQUESTS_A_MINUTE="10000000",
            FA_LLM_TOKENS_A_MINUTE="10000000000",
        ),
    ):
        from django.core.management import call_command

        from costs.budgets import ensure_budgets
        from costs.models import Budget

        call_command("load_prices", verbosity=0)
        ensure_budgets()
        Budget.objects.update(amount_usd=1_000_000)
        bare, door = measured(_bare(models.anthropic_url)), measured(_door())
    figure("door", "bare_sdk_cpu_ms_per_call", bare, "ms", bare)
    figure("door", "cpu_ms_per_call", door, "ms", bare * LIMIT)


def measured(call: Callable[[], object]) -> float:
    """CPU milliseconds of this process a call, eight at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda _: call(), range(WARM)))
        before = time.process_time()
        list(pool.map(lambda _: call(), range(CALLS)))
        return (time.process_time() - before) * 1000 / CALLS


def _bare(url: str) -> Callable[[], object]:
    import anthropic

    client = anthropic.Anthropic(base_url=url, api_key="fake-key-for-bench", max_retries=0)
    return lambda: client.messages.create(
        model="claude-haiku-5-5",
        max_tokens=500,
        system=[{"type": "text", "text": "Answer from the evidence."}],
        messages=[{"role": "user", "content": [{"type": "text", "text": EVIDENCE}]}],
        timeout=60,
    )


def _door() -> Callable[[], object]:
    import llm
    from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn

    ask = Ask(
        purpose=Purpose(agent="bench", category="queries", task="door"),
        prompt=Prompt("bench", "0" * 16, "Answer from the evidence."),
        turns=(Turn("user", (Part(EVIDENCE),)),),
        complexity=Complexity.SIMPLE,
        max_output_tokens=500,
    )
    return lambda: llm.write(ask)


if __name__ == "__main__":
    main()
