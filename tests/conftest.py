"""Tests run on real, embedded services (tests/services.py); only loopback is open."""

from __future__ import annotations

import pytest
from pytest_socket import socket_allow_hosts

from fa_site import garbage


def pytest_collection_finish() -> None:
    garbage.search_seldom()


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


# Files of a minute and more.
LONG = (
    "golden/", "batch/test_chain", "licences/test_without", "batch/test_outage", "batch/test_chaos",
    "filings/test_corpus", "licences/test_with", "authoring/test_summarising", "ingest/test_chaos",
    "faces/test_printed_values", "llm/door/test_nothing_leaks", "llm/outbox/", "llm/door/",
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
