"""Everything is killed in the middle, and nothing is lost and nothing is double.

The story: one product does its batch undisturbed. In another, the workers, then
Valkey, then PostgreSQL and at last the command itself are killed with -9 while
stocks are in work. The command is run again, and what is published is the same
to the letter.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.site import PUBLISHED, Site, below, is_living, kill, until

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]

COMPANIES = "AAPL,ABBV,ADBE,AMD,BA,CAT,CRM,GOOGL,JPM,META,MSFT,NFLX,NKE,NVDA,PG,UNP,V,WMT"

DOUBLES = """
    SELECT stock.ticker FROM summaries_stock stock JOIN summaries_summary s ON s.stock_id = stock.id
    GROUP BY stock.ticker HAVING count(*) <> 1 OR min(s.version) <> 1 OR max(s.version) <> 1
"""
UNFINISHED = "SELECT id FROM summaries_summary WHERE state <> 'published'"
RUNS = "SELECT state FROM summaries_batchrun"
ITEMS = """
    SELECT state, claim_token IS NULL, lease_until IS NULL, finished_at IS NOT NULL
    FROM summaries_batchitem GROUP BY 1, 2, 3, 4 ORDER BY 1
"""


def test_batch_survives_the_death_of_everything(new_site: Callable[[str], Site]) -> None:
    calm = new_site("calm")
    calm.prepare(COMPANIES)
    code, told = calm.manage("run_batch")
    assert code == 0, told
    expected = calm.ask(PUBLISHED)
    stocks = calm.done()
    assert len({row[0] for row in expected}) == stocks == len(COMPANIES.split(","))

    stormy = new_site("stormy")
    stormy.prepare(COMPANIES)
    batch = stormy.start("run_batch", "--concurrency", "2")
    storm(stormy, batch, stocks)
    assert stormy.done() < stocks
    # Its workers end with the command, and the run stands open.
    assert stormy.ask(RUNS) == [("running",)]

    code, told = stormy.manage("run_batch", "--concurrency", "2")
    assert code == 0, told
    assert "Going on with Batch 1" in told
    assert stormy.ask(PUBLISHED) == expected
    assert stormy.ask(DOUBLES) == stormy.ask(UNFINISHED) == []
    assert stormy.ask(RUNS) == [("finished",)]
    assert all(row[1:] == (True, True, True) for row in stormy.ask(ITEMS))
    assert stormy.manage("verify_published")[0] == 0


def storm(site: Site, batch: subprocess.Popen[str], stocks: int) -> None:
    def after(done: int) -> None:
        until(lambda: site.done() >= done or batch.poll() is not None, 180, f"{done} stocks done")
        assert batch.poll() is None, batch.communicate()[0]
        assert site.done() < stocks, "the batch was too quick for the storm"

    after(1)
    kill(*below(batch.pid))
    after(site.done() + 2)
    kill(site.valkey_pid())
    after(site.done() + 2)
    kill(site.postgres_pid())
    after(site.done() + 2)
    orphans = below(batch.pid)
    kill(batch.pid)
    until(lambda: not any(map(is_living, orphans)), 60, "the workers end with the command")
