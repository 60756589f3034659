"""Tests run on real, embedded services (tests/services.py); only loopback is open."""

from __future__ import annotations

import pytest
from hypothesis import settings
from pytest_socket import socket_allow_hosts

from fa_site import garbage
from tests import emptying  # noqa: F401 - by being imported

# The same examples at every landing, and no clock: machines are slow at times.
settings.register_profile("landing", deadline=None, derandomize=True)
settings.load_profile("landing")


def pytest_collection_finish() -> None:
    garbage.search_seldom()


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


# Files of a minute and more.
LONG = (
    "licences/test_without", "batch/test_chain", "golden/", "batch/test_chaos", "batch/test_outage",
    "authoring/test_summarising", "licences/test_with", "ingest/test_chaos",
    "llm/outbox/test_deaths", "filings/test_corpus", "llm/outbox/", "search/test_spaces",
    "batch/test_reviewing", "faces/test_browser", "batch/test_summarise", "llm/door/test_crashes",
    "faces/test_printed_values", "faces/test_rights", "authoring/", "ingest/test_edgar",
    "llm/door/", "batch/",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first: at the end no process waits for another."""

    def place(item: pytest.Item) -> int:
        path = item.nodeid.removeprefix("tests/")
        return next((at for at, one in enumerate(LONG) if path.startswith(one)), len(LONG))

    items.sort(key=place)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
