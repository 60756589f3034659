"""Real filings through the adapter that the live site would get, on loopback."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from summaries.ingest import do_item, start_ingest
from summaries.management.commands.ingest import held as held_of
from summaries.models import (
    Chunk,
    Document,
    Fact,
    Filing,
    IngestItem,
    IngestRun,
    Section,
    SourceItem,
    Stock,
    Table,
    TaggedValue,
)
from tests.ingest.conftest import ingest, needs_recordings, stock_of
from tests.sources.edgar_site import EdgarSite, Fault

pytestmark = [needs_recordings, pytest.mark.django_db]

# As often as a request is made before it is given up for now.
TRIES = 3
UNION_PACIFIC, WELLS_FARGO, EXXON = ("UNP", 100885), ("WFC", 72971), ("XOM", 34088)
State = SourceItem.State


@pytest.fixture
def railway(edgar: EdgarSite) -> Stock:
    """A 10-K and a 10-Q."""
    return stock_of(*UNION_PACIFIC)


def held() -> list[tuple[object, ...]]:
    """All that an ingest writes, but for ids and moments."""
    return [
        *Document.objects.order_by("name", "sha256").values_list("name", "kind", "sha256", "is_current"),
        *Filing.objects.order_by("accession").values_list("accession", "form", "period_end", "filed"),
        (Section.objects.count(), Table.objects.count(), TaggedValue.objects.count()),
        (Fact.objects.count(), Chunk.objects.count()),
    ]  # fmt: skip


def test_every_filing_is_stored_or_named_with_the_reason(railway: Stock) -> None:
    progress = ingest("edgar", railway)
    items = SourceItem.objects.filter(stock=railway)
    assert {item.state for item in items} <= {State.STORED, State.FAILED}
    assert all(item.error for item in items if item.state == State.FAILED)
    stored = items.filter(state=State.STORED, kind__in=("10-K", "10-Q"))
    assert stored.count() == 2
    assert progress.done == progress.total == 1
    told = re.fullmatch(
        r"2 filings held: (\d+) sections, (\d+) tables, (\d+) of (\d+) tagged values .*",
        held_of(IngestRun.objects.get()),
    )
    assert told
    assert [int(one) for one in told.groups()[2:]] == [
        sum(item.about[name] for item in stored) for name in ("printed", "tagged")
    ]
    for item in stored:
        assert item.about["sections"] > 3
        assert item.about["tables"] > 20
        assert item.about["printed"] > 300


def test_documents_have_sections_tables_and_values_at_their_place(railway: Stock) -> None:
    ingest("edgar", railway)
    report = Document.objects.get(kind="filing", filing__form="10-K")
    items = {one.item for one in report.sections.all()}
    assert {"1", "1A", "7", "7A", "8"} <= items
    spans = list(report.sections.order_by("position").values_list("start", "end"))
    assert spans[0][0] == 0
    assert spans[-1][1] == len(report.text)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    for table in report.tables.all()[:20]:
        for row in table.rows:
            assert all(table.start <= cell[0] < cell[1] <= table.end for cell in row)
    assert report.filing is not None
    assert report.public_at == report.filing.public_at
    for fact in Fact.objects.filter(filing=report.filing, concept="us-gaap:Revenues"):
        printed = report.tagged_values.filter(
            concept=fact.concept, period_end=fact.end, period_start=fact.start, value=fact.value
        )
        assert printed.exists()


def test_second_ingest_fetches_chunks_and_embeds_nothing(railway: Stock, edgar: EdgarSite) -> None:
    ingest("edgar", railway)
    before, chunks = held(), set(Chunk.objects.values_list("pk", flat=True))
    edgar.asked.clear()
    progress = ingest("edgar", railway)
    assert progress.stored == 0
    assert not [one for one in edgar.asked if "/Archives/" in one.path]
    assert held() == before
    assert set(Chunk.objects.values_list("pk", flat=True)) == chunks


def test_listing_in_any_order_and_twice_gives_the_same(railway: Stock, edgar: EdgarSite) -> None:
    edgar.faults.append(Fault("shuffled", "submissions"))
    ingest("edgar", railway)
    shuffled = held()
    Document.objects.all().delete()
    SourceItem.objects.all().delete()
    Filing.objects.all().delete()
    edgar.faults.clear()
    ingest("edgar", railway)
    assert held() == shuffled


@pytest.mark.parametrize(
    ("kind", "permanent"),
    [
        ("cut", False), ("garbage", True), ("unavailable", False), ("missing", True),
        ("away", False), ("short", False), ("other page", True),
    ],
)  # fmt: skip
def test_fault_of_one_document_is_noted_with_it_and_stops_no_other(
    railway: Stock, edgar: EdgarSite, kind: str, permanent: bool
) -> None:
    edgar.faults.append(Fault(kind, r"\.htm$", times=1 if permanent else TRIES))  # type: ignore[arg-type]
    progress = ingest("edgar", railway)
    reports = SourceItem.objects.filter(kind__in=("10-K", "10-Q"))
    assert Counter(reports.values_list("state", flat=True)) == {"stored": 1, "failed": 1}
    failed = reports.get(state="failed")
    assert failed.error
    assert progress.failed >= 1
    assert failed.is_permanent is permanent
    assert (failed.try_after is None) is permanent


def test_what_failed_for_now_is_tried_again_and_what_we_held_stays(
    railway: Stock, edgar: EdgarSite
) -> None:
    edgar.faults.append(Fault("unavailable", r"\.htm$", times=TRIES))
    ingest("edgar", railway)
    first = held()
    ingest("edgar", railway)
    assert held() == first  # not before its time
    SourceItem.objects.filter(state="failed").update(try_after="2020-01-01T00:00:00Z")
    ingest("edgar", railway)
    assert Document.objects.filter(kind="filing").count() == 2
    edgar.faults.append(Fault("unavailable"))
    full = held()
    ingest("edgar", railway)
    assert held() == full


def test_silent_list_fails_the_item_and_takes_nothing_away(
    railway: Stock, edgar: EdgarSite
) -> None:
    ingest("edgar", railway)
    full = held()
    edgar.faults.append(Fault("unavailable", "submissions"))
    run, _ = start_ingest(source="edgar", stocks=[railway], trigger="command")
    item = run.items.get()
    do_item(item.pk)
    item.refresh_from_db()
    assert item.state == IngestItem.State.PENDING
    assert item.not_before
    assert "EDGAR" in item.message
    for _ in range(6):
        run.items.update(not_before=None)
        do_item(item.pk)
    item.refresh_from_db()
    assert (item.state, "Given up" in item.message) == (IngestItem.State.FAILED, True)
    assert held() == full


def test_block_leaves_the_item_for_later_and_costs_no_attempt(
    railway: Stock, edgar: EdgarSite
) -> None:
    edgar.faults.append(Fault("block", r"\.htm$", times=1))
    run, _ = start_ingest(source="edgar", stocks=[railway], trigger="command")
    item = run.items.get()
    do_item(item.pk)
    item.refresh_from_db()
    assert (item.state, item.attempts) == (IngestItem.State.PENDING, 0)
    assert item.not_before
    asked = len(edgar.asked)
    run.items.update(not_before=None)
    do_item(item.pk)
    assert len(edgar.asked) == asked  # nobody asks while the block lasts


def test_statements_in_an_exhibit_are_read_where_there_is_one(edgar: EdgarSite) -> None:
    """Wells Fargo's 10-K holds four facts; its recorded filing lacks the exhibit, which is said."""
    ingest("edgar", stock_of(*WELLS_FARGO))
    item = SourceItem.objects.get(kind="10-K", state="stored")
    assert item.about["documents"]
    assert Document.objects.filter(kind="filing", filing__form="10-K").count() == 1


def test_missing_exhibit_is_named_and_the_filing_held(edgar: EdgarSite) -> None:
    """Adobe's 8-K is recorded without its press release."""
    progress = ingest("edgar", stock_of("ADBE", 796343))
    item = SourceItem.objects.get(kind="8-K", key="0000796343-23-000044")
    assert (item.state, item.is_permanent) == ("stored", True)
    assert "EDGAR has no" in item.error
    assert progress.failed >= 1
    assert Document.objects.filter(filing__accession=item.key).count() == 1


def test_same_bytes_under_two_tickers_are_two_documents_of_one_text(edgar: EdgarSite) -> None:
    one, other = stock_of(*UNION_PACIFIC), stock_of("UNPX", UNION_PACIFIC[1])
    ingest("edgar", one, other)
    texts = Document.objects.filter(kind="filing").values_list("stock__ticker", "sha256")
    assert {sha for ticker, sha in texts if ticker == "UNP"} == {
        sha for ticker, sha in texts if ticker == "UNPX"
    }


def test_two_at_once_store_it_once(railway: Stock) -> None:
    run, _ = start_ingest(source="edgar", stocks=[railway], trigger="command")
    again, new = start_ingest(source="edgar", stocks=[railway], trigger="admin")
    assert (again, new) == (run, False)
    item = run.items.get()
    assert do_item(item.pk)
    assert not do_item(item.pk)
