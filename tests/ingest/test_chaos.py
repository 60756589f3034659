"""An ingest is killed in the middle, and nothing is lost and nothing is double.

The story: one product ingests three companies undisturbed. In another, the workers, then
Valkey, then PostgreSQL and at last the command itself are killed with -9 while documents are
being stored. The command is run again, and what is held is the same.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.batch.site import Site, below, is_living, kill, until
from tests.sources.conftest import AGENT, RECORDED, needs_recordings
from tests.sources.edgar_site import EdgarSite, edgar_site

pytestmark = [
    pytest.mark.enable_socket,
    needs_recordings,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc"),
]

COMPANIES = "UNP,PG,BA"  # two documents each

DOCUMENTS = """
    SELECT stock.ticker, document.name, document.sha256, document.is_current,
           (SELECT count(*) FROM summaries_section s WHERE s.document_id = document.id),
           (SELECT count(*) FROM summaries_table t WHERE t.document_id = document.id),
           (SELECT count(*) FROM summaries_taggedvalue v WHERE v.document_id = document.id),
           (SELECT md5(string_agg(c.start || ' ' || c.sha256, ',' ORDER BY c.position))
            FROM summaries_chunk c WHERE c.document_id = document.id)
    FROM summaries_document document JOIN summaries_stock stock ON stock.id = document.stock_id
    WHERE document.kind IN ('filing', 'exhibit') ORDER BY 1, 2, 3
"""
FACTS = "SELECT stock_id, count(*), sum(value) FROM summaries_fact GROUP BY 1 ORDER BY 1"
ITEMS = """
    SELECT stock.ticker, item.key, item.state FROM summaries_sourceitem item
    JOIN summaries_stock stock ON stock.id = item.stock_id
    WHERE item.kind IN ('10-K', '10-Q') ORDER BY 1, 2
"""
RUNS = "SELECT state FROM summaries_ingestrun"


@pytest.fixture
def edgar() -> Iterator[EdgarSite]:
    with edgar_site(RECORDED) as site:
        yield site


def test_ingest_survives_the_death_of_everything(
    new_site: Callable[[str], Site],
    edgar: EdgarSite,
) -> None:
    def product(name: str) -> Site:
        site = new_site(name)
        site.settings.update(
            FA_EDGAR_USER_AGENT=AGENT, FA_EDGAR_WWW=edgar.url, FA_EDGAR_DATA=edgar.url,
        )  # fmt: skip
        site.prepare(COMPANIES)
        return site

    ingest = ("ingest", "--source", "edgar", "--tickers", COMPANIES, "--concurrency", "1")
    calm = product("calm")
    calm.manage(*ingest, timeout=180)
    expected = calm.ask(DOCUMENTS)
    assert len(expected) >= 5
    assert all(row[-1] for row in expected)
    total = len(expected)

    stormy = product("stormy")
    command = stormy.start(*ingest)
    storm(stormy, command, total)
    assert stormy.ask(RUNS) == [("running",)]
    stormy.manage(*ingest, timeout=180)
    assert stormy.ask(DOCUMENTS) == expected
    assert stormy.ask(FACTS) == calm.ask(FACTS)
    assert stormy.ask(ITEMS) == calm.ask(ITEMS)
    assert stormy.ask(RUNS) == [("finished",)]


def storm(site: Site, command: subprocess.Popen[str], total: int) -> None:
    def held() -> int:
        return len(site.ask(DOCUMENTS))

    def after(count: int) -> None:
        until(lambda: held() >= count or command.poll() is not None, 90, f"{count} documents")
        assert command.poll() is None, command.communicate()[0]
        assert held() < total, "the ingest was too quick for the storm"

    after(1)
    kill(*below(command.pid))
    after(2)
    kill(site.valkey_pid())
    after(3)
    kill(site.postgres_pid())
    orphans = below(command.pid)
    kill(command.pid)
    until(lambda: not any(map(is_living, orphans)), 15, "the workers end with the command")
