"""EDGAR as recorded, on loopback, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from summaries.sources.edgar import Edgar
from tests.sources.edgar_site import EdgarSite, edgar_site

RECORDED = Path(settings.SHARED_DATA_DIR) / "edgar"
AGENT = "Sample Company admin@example.com"

needs_recordings = pytest.mark.skipif(
    not RECORDED.is_dir(),
    reason=f"no recorded SEC data in {RECORDED}; name it with FA_SHARED_DATA",
)


@pytest.fixture
def site() -> Iterator[EdgarSite]:
    with edgar_site(RECORDED, most_per_second=None) as site:
        yield site


@pytest.fixture
def client(site: EdgarSite) -> Iterator[Edgar]:
    with Edgar(user_agent=AGENT, www=site.url, data=site.url, pace=None) as client:
        yield client
