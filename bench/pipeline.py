"""A real batch at concurrency 100 against models that take a second: how near to the ideal?

Ideal is calls x latency / concurrency: all hands busy waiting. What is on top is our own work
(packs, verifying, storing), the queue, and the last stocks that nobody is left to overlap with.
The workers, the driver, PostgreSQL, Valkey and the loopback models share the machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from bench.companies import load_companies
from bench.figures import figure
from bench.scratch import scratch
from tests.vendors import model_process

STOCKS = 300
CONCURRENCY = 100
LATENCY = 1.0
LIMIT = 1.10


def main() -> None:
    with (
        model_process(
            tokens="approximate", latency=LATENCY, author="bench.authors:summariser"
        ) as models,
        scratch(
            ANTHROPIC_API_KEY="fake-key-for-bench",
            FA_ANTHROPIC_BASE_URL=models.anthropic_url,
            FA_LLM_CONCURRENCY=str(CONCURRENCY),
            FA_LLM_REQUESTS_A_MINUTE="1000000",
            FA_LLM_TOKENS_A_MINUTE="1000000000",
            FA_LOG_LEVEL="WARNING",
            FA_EMBEDDER="hashing-384",
        ),
    ):
        stocks = _prepared()
        memory = Memory()
        memory.start()
        began = time.monotonic()
        code = subprocess.run(
            [sys.executable, "manage.py", "run_batch", "--concurrency", str(CONCURRENCY)],
            check=False,
        ).returncode
        wall = time.monotonic() - began
        peak = memory.stop()
        _tell(stocks, wall, peak, code)


def _prepared() -> int:
    from django.core.management import call_command

    from costs.budgets import ensure_budgets
    from costs.models import Budget

    call_command("load_prices", verbosity=0)
    ensure_budgets()
    Budget.objects.update(amount_usd=1_000_000)
    made = load_companies(STOCKS)
    _index()
    return made


def _index() -> None:
    """What the sources brought is in search before the batch, as in any week but the first."""
    from summaries.benchmarking import ensure_snapshots
    from summaries.models import Stock
    from summaries.passages import index_statements
    from summaries.statements import ensure_documents

    ensure_snapshots(refresh=True)
    for stock in Stock.objects.covered():
        ensure_documents(stock)
        index_statements(stock)


def _tell(stocks: int, wall: float, peak: float, code: int) -> None:
    from django.db.models import Count

    from costs.models import UsageRecord
    from summaries.models import BatchItem

    calls = UsageRecord.objects.filter(provider="anthropic").count()
    states = dict(BatchItem.objects.values_list("state").annotate(n=Count("pk")).order_by())
    ideal = calls * LATENCY / CONCURRENCY
    print(json.dumps({"stocks": stocks, "calls": calls, "states": states, "exit": code,
                      "wall_s": round(wall, 1), "ideal_s": round(ideal, 1)}))  # fmt: skip
    figure("pipeline", "wall_over_ideal", wall / ideal, "x", LIMIT)
    figure("pipeline", "stocks_per_hour", stocks * 3600 / wall, "stocks", 1_000)
    figure("pipeline", "peak_memory_mb", peak, "MB", 2_048)


class Memory(threading.Thread):
    """The most that the batch and its workers took, in MB (proportional set size)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ending = threading.Event()
        self._peak = 0.0

    def run(self) -> None:
        while not self._ending.wait(1.0):
            self._peak = max(self._peak, sum(_pss(pid) for pid in _below(os.getpid())))

    def stop(self) -> float:
        self._ending.set()
        self.join()
        return self._peak


def _below(parent: int) -> list[int]:
    """The batch's processes: those whose command line says manage.py or dramatiq, below us."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, todo = [], [parent]
    while todo:
        todo += (below := children.get(todo.pop(), []))
        found += below
    return [pid for pid in found if _is_ours(pid)]


def _is_ours(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"manage.py" in command or b"dramatiq" in command


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
