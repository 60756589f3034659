"""The ingest command's words and exit codes, and one source down beside two that answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from summaries.batches.runs import finish_if_done
from summaries.ingest import do_item, start_ingest
from summaries.ingest.progress import IngestProgress
from summaries.management.commands.ingest import failures
from summaries.models import DailyPrice, IngestRun, ResearchNote, SourceItem
from tests.factories import make_filing, make_stock
from tests.loopback import Answer, serving
from tests.sources.factset_site import KEY, USER, factset_site
from tests.sources.rixml_notes import RixmlNote, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def edgar_set_up(sources: object) -> object:
    sources.EDGAR_USER_AGENT = "Sample Company admin@example.com"  # type: ignore[attr-defined]
    return sources


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--source", "factset"], 2, "Not set up. FactSet: set FA_FACTSET_USER and FA_FACTSET_KEY"),
        (["--tickers", "AAP"], 2, "No stock has the ticker AAP. Did you mean AAPL?"),
        (["--tickers", ","], 2, "--tickers names no ticker."),
        (["--limit", "0"], 2, "--limit must be at least 1."),
        (["--concurrency", "0"], 2, "--concurrency must be between 1 and 256."),
        ([], 1, "No stocks are listed. Run manage.py load_bundle"),
    ],
)
def test_ingest_says_what_is_wrong_with_the_request(
    edgar_set_up: object, arguments: list[str], code: int, told: str
) -> None:
    make_stock("AAPL")
    with pytest.raises(CommandError) as refused:
        call_command("ingest", *arguments)
    assert refused.value.returncode == code
    assert str(refused.value).startswith(told)
    assert not IngestRun.objects.exists()


@pytest.mark.usefixtures("sources")
def test_without_any_source_it_says_what_to_set() -> None:
    with pytest.raises(CommandError, match="EDGAR: FA_EDGAR_USER_AGENT; BlueMatrix: FA_BLUEMATRIX"):
        call_command("ingest")


@pytest.fixture
def all_set_up(edgar_set_up: object, tmp_path: Path) -> Iterator[None]:
    """EDGAR answers every request with 503; BlueMatrix has a note, FactSet its figures."""
    given: dict[str, object] = {"BLUEMATRIX_FOLDER": str(tmp_path)}
    deliver(RixmlNote(), tmp_path)
    with serving(lambda _: Answer(503, b"<html>busy</html>", "text/html")) as edgar:
        given |= {"EDGAR_WWW": edgar.url, "EDGAR_DATA": edgar.url}
        with factset_site() as factset:
            given |= {"FACTSET_URL": factset.base, "FACTSET_USER": USER, "FACTSET_KEY": KEY}
            for name, value in given.items():
                setattr(edgar_set_up, name, value)
            yield


@pytest.mark.usefixtures("all_set_up")
def test_one_source_down_stops_no_other() -> None:
    stock = make_stock("AAPL")
    make_filing(stock)
    runs = [
        start_ingest(source=source, stocks=[stock], trigger="command")[0]
        for source in ("edgar", "bluematrix", "factset")
    ]
    for run in runs:
        for _ in range(6):
            run.items.update(not_before=None)
            for item in run.items.all():
                do_item(item.pk)
        assert finish_if_done(run)
    edgar, bluematrix, factset = (IngestProgress.of(run) for run in runs)
    assert (edgar.well, bluematrix.well, factset.well) == (False, True, True)
    assert ResearchNote.objects.count() == 1
    assert DailyPrice.objects.exists()
    assert stock.filings.count() == 1
    lines = failures(runs[0])
    assert lines[0].startswith("AAPL failed: EDGAR")
    assert "Given up after 5 attempts" in lines[0]
    assert not failures(runs[1])
    assert not SourceItem.objects.filter(source="edgar", state="stored").exists()
