"""Real services for the tests, found or started before Django reads its settings.

A plugin and not a conftest, because pytest-django reads the settings before any conftest.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

os.environ["FA_ENV"] = "test"
os.environ.setdefault("FA_DATA_DIR", str(Path(__file__).parent.parent / ".data" / "test"))

import pytest

from fa_site import embedded
from fa_site.services import attach, data_dir

# Who started the servers stops them; a run beside this one keeps the servers it found.
OURS = "PYTEST_XDIST_WORKER" not in os.environ and not any(
    status.running for status in embedded.status(data_dir())
)
# Of an earlier run, whose tables may have been others: tests/batch/site.py.
if "PYTEST_XDIST_WORKER" not in os.environ:
    for left in ("migrated", "migrated.first"):
        shutil.rmtree(data_dir() / left, ignore_errors=True)
attach()


def pytest_unconfigure(config: pytest.Config) -> None:
    if OURS:
        embedded.stop(data_dir())


# Each test process has a database of its own in PostgreSQL, so it gets one in Valkey too.
worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{worker}"
