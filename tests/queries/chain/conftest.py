"""Nothing is kept from one test to the next: neither in Valkey nor in the process."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from llm import shared
from queries.cache import store, valkey
from queries.chain import allowance, masking


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    shared.back()
    valkey.back()
    valkey.ask(_delete_all)
    store.forget_local()
    allowance.forget()
    masking.names_of.cache_clear()


@pytest.fixture
def plan_rows(db: None) -> None:
    """Those of the migration: a test that empties the tables may have run before."""
    migration = import_module("queries.migrations.0002_usage_plan_rows")
    migration.add(apps, SimpleNamespace(connection=connection))


def _delete_all(client: Any) -> None:
    for pattern in (valkey.name("*"), "fa:queries:*"):
        for name in client.scan_iter(pattern):
            client.delete(name)
