from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from fa_site.broker import connection
from summaries.batches.runs import finish_if_done
from summaries.ingest import connections, do_item, start_ingest
from summaries.ingest.progress import IngestProgress
from summaries.models import IngestRun, Stock
from tests.batch.conftest import new_site
from tests.sources.conftest import AGENT, RECORDED, needs_recordings
from tests.sources.edgar_site import EdgarSite, edgar_site

__all__ = ["needs_recordings", "new_site"]


@pytest.fixture(scope="session")
def _recorded() -> Iterator[EdgarSite]:
    with edgar_site(RECORDED, most_per_second=None) as site:
        yield site


@pytest.fixture
def site(_recorded: EdgarSite) -> Iterator[EdgarSite]:
    """EDGAR as recorded, without a limit on haste; faults are gone after each test."""
    _recorded.asked.clear()
    yield _recorded
    _recorded.faults.clear()


@pytest.fixture
def sources(settings: object) -> Iterator[object]:
    """The settings, to name sources in; what was connected by them is closed afterwards."""
    _leave_alone_no_more()
    connections.forget()
    yield settings
    connections.forget()
    _leave_alone_no_more()


@pytest.fixture
def edgar(site: EdgarSite, sources: object) -> EdgarSite:
    """EDGAR as the settings name it."""
    sources.EDGAR_USER_AGENT = AGENT  # type: ignore[attr-defined]
    sources.EDGAR_WWW = sources.EDGAR_DATA = site.url  # type: ignore[attr-defined]
    sources.EDGAR_YEARS = 40  # type: ignore[attr-defined]
    return site


def _leave_alone_no_more() -> None:
    """A block that a test provoked is over with it."""
    for key in connection().scan_iter("fa:pace:*"):
        connection().delete(key)


def stock_of(ticker: str, cik: int) -> Stock:
    return Stock.objects.get_or_create(ticker=ticker, defaults={"cik": cik, "name": ticker})[0]


def ingest(source: str, *stocks: Stock, work: Callable[[int], object] = do_item) -> IngestProgress:
    """A whole run over the stocks in this process."""
    run, _ = start_ingest(source=source, stocks=stocks, trigger=IngestRun.Trigger.COMMAND)
    for item in run.items.order_by("pk"):
        work(item.pk)
    finish_if_done(run)
    return IngestProgress.of(run)
