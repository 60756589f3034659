"""The real commands over the real broker and worker processes, in a product of their own."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.site import Site, below, is_living, kill, until

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"
)

STATES = """
    SELECT stock.ticker, item.state FROM summaries_batchitem item
    JOIN summaries_stock stock ON stock.id = item.stock_id
    WHERE item.run_id = (SELECT max(id) FROM summaries_batchrun) ORDER BY 1
"""


def test_batch_from_nothing_to_published_and_again(new_site: Callable[[str], Site]) -> None:
    site = new_site("chain")
    assert site.manage("run_batch") == (
        1,
        "CommandError: The tables are missing. Run manage.py migrate.\n",
    )
    assert site.manage("migrate", "-v", "0")[0] == 0
    code, told = site.manage("run_batch")
    assert (code, "Run manage.py load_bundle" in told) == (1, True)
    assert site.manage("load_bundle", "--tickers", "AAPL,MSFT")[0] == 0

    # A stock of the list without facts is no error: there is not enough to say.
    code, told = site.manage("run_batch", "--tickers", "msft,AAPL,ABNB")
    assert code == 0, told
    assert site.ask(STATES) == [
        ("AAPL", "published"),
        ("ABNB", "not_enough"),
        ("MSFT", "published"),
    ]
    assert "3 stocks: 1 not enough, 2 published." in told

    # Again, beside workers that run anyway: nothing is redone, and they are left alone.
    workers = site.start("work", "--processes", "1", "--threads", "1")
    until(lambda: len(below(workers.pid)) >= 1, 120, "workers are up")
    assert site.manage("run_batch", "--all", "--quiet") == (0, "")
    assert site.ask(STATES) == [("AAPL", "unchanged"), ("MSFT", "unchanged")]
    assert workers.poll() is None
    workers.send_signal(signal.SIGTERM)
    assert workers.wait(20) == 0


def test_interrupted_batch_says_how_to_go_on_and_is_gone_on_with(
    new_site: Callable[[str], Site],
) -> None:
    site = new_site("interrupted")
    site.prepare("AAPL,MSFT,CAT,BA,NVDA,JPM,PG,WMT")
    batch = site.start("run_batch", "--concurrency", "1")
    until(lambda: site.done() >= 1, 120, "a stock is done")
    children = below(batch.pid)
    batch.send_signal(signal.SIGINT)
    told, _ = batch.communicate(timeout=90)
    assert batch.returncode == 130, told
    assert "Stopped. Batch 1 can be resumed: run the same command again." in told
    assert not any(map(is_living, children))
    assert 1 <= site.done() < 8
    code, told = site.manage("run_batch")
    assert (code, "Going on with Batch 1" in told) == (0, True), told
    assert site.done() == 8


def test_start_from_nothing_to_a_served_site_that_heals_and_leaves_nothing_behind(
    new_site: Callable[[str], Site],
) -> None:
    site = new_site("served")
    site.settings = {"SERVE": "0"}
    code, told = site.manage("start", timeout=400)
    assert code == 0, told
    assert " 0 contradicted, 0 without citation." in told
    assert "claims read again: all hold." in told

    site.settings = {"PORT": "18400"}
    process = site.start("start")
    address = wait_for_address(process)
    until(lambda: ready(address), 120, "the site is ready")
    kill(*below(process.pid), site.valkey_pid(), site.postgres_pid())
    until(lambda: ready(address), 180, "the site is ready again, with workers")
    assert_ends_with_all_children(process, signal.SIGINT)

    process = site.start("start")
    wait_for_address(process)
    assert_ends_with_all_children(process, signal.SIGKILL)


def assert_ends_with_all_children(process: subprocess.Popen[str], sign: signal.Signals) -> None:
    children = below(process.pid)
    # The site and its fork, the schedule, the workers and their forks.
    assert len(children) >= 5
    process.send_signal(sign)
    process.communicate(timeout=90)
    until(lambda: not any(map(is_living, children)), 60, "all children are gone")


def ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}ready", timeout=5) as page:  # noqa: S310
            return b'"workers": {"ok": true' in page.read()
    except OSError:
        return False


def wait_for_address(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    told = []
    for line in process.stdout:
        told.append(line)
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError("".join(told))
