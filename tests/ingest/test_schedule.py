"""Each configured source once a slot, however often one looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from summaries.batches.runs import cancel_run, finish_if_done
from summaries.batches.schedule import BadSchedule
from summaries.ingest import start_ingest
from summaries.ingest.runs import NothingToIngest
from summaries.ingest.schedule import next_ingest, start_due_ingests, unattended_ingests
from summaries.models import AuditEvent, IngestItem, IngestRun, Stock
from tests.batch.test_schedule import at
from tests.factories import make_filing, make_stock

pytestmark = pytest.mark.django_db

TEN_IN_THE_EVENING = at("2026-11-16 03:00:00")  # 22:00 EST of the day before


@pytest.fixture
def stock(sources: object) -> Stock:
    sources.EDGAR_USER_AGENT = "Sample Company admin@example.com"  # type: ignore[attr-defined]
    found = make_stock("AAPL")
    make_filing(found)
    return found


def ran_before(stock: Stock) -> None:
    run, _ = start_ingest(source="edgar", stocks=[stock], trigger="command")
    close(run)
    IngestRun.objects.update(started_at=TEN_IN_THE_EVENING - timedelta(hours=2))


def close(run: IngestRun) -> None:
    run.items.update(state="done", finished_at=TEN_IN_THE_EVENING)
    assert finish_if_done(run)


def test_slot_gets_one_run_a_source(stock: Stock) -> None:
    ran_before(stock)
    assert start_due_ingests(TEN_IN_THE_EVENING - timedelta(seconds=1)) == []
    (run,) = start_due_ingests(TEN_IN_THE_EVENING)
    assert (run.source, run.trigger, run.slot) == ("edgar", "schedule", TEN_IN_THE_EVENING)
    assert unattended_ingests() == [run]
    assert start_due_ingests(TEN_IN_THE_EVENING + timedelta(minutes=5)) == []
    close(run)
    assert start_due_ingests(TEN_IN_THE_EVENING + timedelta(hours=1)) == []
    assert unattended_ingests() == []


def test_first_start_and_sources_not_set_up_make_up_for_nothing(
    stock: Stock, sources: object
) -> None:
    assert start_due_ingests(TEN_IN_THE_EVENING) == []
    ran_before(stock)
    sources.EDGAR_USER_AGENT = ""  # type: ignore[attr-defined]
    assert start_due_ingests(TEN_IN_THE_EVENING) == []


def test_slot_joins_a_run_that_still_lasts(stock: Stock) -> None:
    ran_before(stock)
    lasting, _ = start_ingest(source="edgar", stocks=[stock], trigger="command")
    IngestRun.objects.filter(pk=lasting.pk).update(
        started_at=TEN_IN_THE_EVENING - timedelta(hours=1)
    )
    assert start_due_ingests(TEN_IN_THE_EVENING) == []
    assert IngestRun.objects.filter(state="running").count() == 1


def test_asked_again_on_a_page_is_done_again(stock: Stock) -> None:
    run, _ = start_ingest(source="edgar", stocks=[stock], trigger="admin")
    other = make_stock("MSFT")
    run.items.update(state="done", attempts=2, finished_at=TEN_IN_THE_EVENING)
    start_ingest(source="edgar", stocks=[stock, other], trigger="admin")
    assert list(run.items.order_by("pk").values_list("state", "attempts")) == [
        ("pending", 0), ("pending", 0),
    ]  # fmt: skip


def test_cancelled_run_leaves_nothing_open_and_a_trail(stock: Stock) -> None:
    run, _ = start_ingest(source="edgar", stocks=[stock], trigger="admin")
    cancel_run(run=run)
    run.refresh_from_db()
    assert (run.state, run.items.get().state) == ("cancelled", IngestItem.State.CANCELLED)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", "subject_type")) == [
        ("ingest", "ingest"), ("cancel", "ingest"),
    ]  # fmt: skip


def test_no_stocks_is_told() -> None:
    with pytest.raises(NothingToIngest, match="load_bundle"):
        start_ingest(source="edgar", stocks=[], trigger="command")


def test_unreadable_schedule_is_told(settings: object) -> None:
    settings.INGEST_SCHEDULE = "sometimes"  # type: ignore[attr-defined]
    with pytest.raises(BadSchedule, match="FA_INGEST_SCHEDULE is 'sometimes'"):
        next_ingest()
