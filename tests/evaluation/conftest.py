"""The bundled companies in the database, loaded once, and the whole suite run on them.

Everything happens in one transaction that is rolled back; tests get what came out.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from summaries.benchmarking import ensure_snapshots
from summaries.loading import load_bundle_file, load_listings
from summaries.models import AuditEvent, Claim, Stock, Summary
from summaries.sources.bundle import listings


@dataclass(frozen=True)
class Ran:
    """A command's exit code, what it said, and its report."""

    code: int
    out: str
    err: str
    report: dict[str, Any]


def regression(folder: Path, *options: str) -> Ran:
    """`manage.py run_regression` with these options."""
    file, out, err = folder / "report.json", io.StringIO(), io.StringIO()
    file.unlink(missing_ok=True)
    try:
        call_command("run_regression", *options, "--json", str(file), stdout=out, stderr=err)
    except SystemExit as end:
        code = int(end.code or 0)
    report = json.loads(file.read_text()) if file.exists() else {}
    return Ran(code, out.getvalue(), err.getvalue(), report)


def load_all() -> None:
    """Every company of the bundle, and the sectors' figures."""
    files = sorted((settings.BUNDLE_DIR / "facts").glob("CIK*.csv.gz"))
    held = {int(path.name[3:13]) for path in files}
    # The first ticker of a registrant is enough: a second would load the same facts again.
    rows = {
        row.cik: row
        for row in reversed(list(listings(settings.BUNDLE_DIR / "universe.csv")))
        if row.cik in held
    }
    load_listings(rows.values())
    for path in files:
        load_bundle_file(path)
    ensure_snapshots()


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Whole:
    """The suite on all bundled companies: ``after``: what stood in the tables of texts then."""

    ran: Ran
    after: dict[str, int]
    tickers: set[str]


@pytest.fixture(scope="session")
def whole(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Whole:
    with django_db_blocker.unblock(), rolled_back():
        load_all()
        ran = regression(tmp_path_factory.mktemp("whole"))
        after = {model.__name__: model.objects.count() for model in (Summary, Claim, AuditEvent)}
        return Whole(ran, after, set(Stock.objects.values_list("ticker", flat=True)))
