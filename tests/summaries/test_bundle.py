"""The bundle is what `build_bundle` makes of the recorded SEC data."""

import csv
import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from summaries.sources import bundle

RECORDED = Path(settings.SHARED_DATA_DIR) / "edgar"
COMMITTED = Path(settings.BUNDLE_DIR)


@pytest.mark.skipif(
    not (RECORDED / "companyfacts").is_dir(),
    reason=f"no recorded SEC data in {RECORDED}; name it with FA_SHARED_DATA",
)
def test_rebuilding_gives_the_committed_bundle(tmp_path: Path) -> None:
    with override_settings(BUNDLE_DIR=tmp_path):
        call_command("build_bundle")
    names = sorted(path.name for path in (COMMITTED / "facts").iterdir())
    assert sorted(path.name for path in (tmp_path / "facts").iterdir()) == names
    for name in names:
        built, held = (folder / "facts" / name for folder in (tmp_path, COMMITTED))
        assert gzip.decompress(built.read_bytes()) == gzip.decompress(held.read_bytes()), name
    assert (tmp_path / "universe.csv").read_text() == (COMMITTED / "universe.csv").read_text()


def test_command_without_data_says_where_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(
        CommandError, match="Name the data with --source DIR or the variable FA_SHARED_DATA"
    ):
        call_command("build_bundle", source=tmp_path)


def test_bundle_holds_facts_and_no_prose() -> None:
    total = 0
    for path in (COMMITTED / "facts").iterdir():
        rows = list(csv.reader(gzip.decompress(path.read_bytes()).decode().splitlines()))
        assert tuple(rows[0]) == bundle.COLUMNS
        assert all(" " not in cell for row in rows for cell in row), path.name
        total += len(rows) - 1
    assert total > 36_000


def test_list_of_stocks_is_whole() -> None:
    listed = list(bundle.listings(COMMITTED / "universe.csv"))
    assert len(listed) == 1602
    assert len({row.ticker for row in listed}) == 1602
    assert all(row.cik > 0 and row.name and row.exchange and row.sector for row in listed)
