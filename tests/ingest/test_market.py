"""FactSet's figures as rows: versions beside each other, nothing asked for twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from summaries.batches.runs import expire_claims
from summaries.ingest import do_item, start_ingest
from summaries.models import (
    DailyPrice,
    Estimate,
    Filing,
    Fundamental,
    SourceItem,
    Stock,
)
from tests.factories import make_filing, make_stock
from tests.ingest.conftest import ingest
from tests.sources.factset_site import KEY, USER, FactSetSite, factset_site, shape_1

pytestmark = pytest.mark.django_db


@pytest.fixture
def factset(sources: object) -> Iterator[FactSetSite]:
    with factset_site() as site:
        sources.FACTSET_URL, sources.FACTSET_USER, sources.FACTSET_KEY = site.base, USER, KEY  # type: ignore[attr-defined]
        yield site


@pytest.fixture
def covered() -> list[Stock]:
    stocks = [make_stock("AAPL", cik=320193), make_stock("MSFT", cik=789019)]
    for stock in stocks:
        make_filing(stock)
    assert Filing.objects.count() == 2
    return stocks


def counts() -> tuple[int, int, int]:
    return Fundamental.objects.count(), DailyPrice.objects.count(), Estimate.objects.count()


def test_figures_of_all_kinds_are_stored_once(factset: FactSetSite, covered: list[Stock]) -> None:
    progress = ingest("factset")
    assert (progress.stored, progress.failed) == (6, 0)
    full = counts()
    assert all(full)
    sales = Fundamental.objects.filter(stock=covered[0], metric="FF_SALES").first()
    assert sales is not None
    assert sales.value > 1_000_000  # the metric's factor is applied
    progress = ingest("factset")
    assert (progress.stored, progress.unchanged) == (0, 6)
    assert counts() == full


def test_changed_value_stands_beside_the_old_one(
    factset: FactSetSite, covered: list[Stock]
) -> None:
    ingest("factset")
    moment, before = timezone.now(), counts()
    held = Fundamental.objects.filter(metric="FF_SALES").order_by("fiscal_end").first()
    assert held is not None
    Fundamental.objects.filter(pk=held.pk).update(value=held.value - 1)
    ingest("factset")
    versions = Fundamental.objects.filter(
        stock=held.stock, metric=held.metric, fiscal_end=held.fiscal_end
    ).order_by("known_at")
    assert [one.value for one in versions] == [held.value - 1, held.value]
    assert [one.value for one in versions.known(moment)] == [held.value - 1]
    assert counts()[0] == before[0] + 1


def test_unknown_stock_is_named_and_loses_nobody_else_s(
    factset: FactSetSite, covered: list[Stock]
) -> None:
    make_filing(make_stock("NOSUCH", cik=1))
    progress = ingest("factset")
    assert (progress.stored, progress.failed) == (6, 3)
    failed = SourceItem.objects.filter(stock__ticker="NOSUCH")
    assert {item.state for item in failed} == {"failed"}
    assert all("NOSUCH-US" in item.error for item in failed)


def test_failing_kind_stops_no_other_and_empties_nothing(
    factset: FactSetSite, covered: list[Stock]
) -> None:
    ingest("factset")
    full = counts()
    # Fundamentals fail for good; prices and estimates answer.
    factset.faults.append(shape_1(403, "forbidden", "No licence for this"))
    progress = ingest("factset")
    assert progress.failed > 0
    assert progress.unchanged >= 2
    assert counts() == full
    assert SourceItem.objects.filter(state="stored").count() == 6


def test_killed_ingest_asks_only_for_what_is_left(
    factset: FactSetSite, covered: list[Stock], monkeypatch: pytest.MonkeyPatch
) -> None:
    from summaries.ingest import market

    class Killed(BaseException):
        pass

    def dying(kind: market.Kind, *given: object) -> None:
        if kind.name == "prices":
            raise Killed
        ask(kind, *given)  # type: ignore[arg-type]

    ask = market._ask
    monkeypatch.setattr(market, "_ask", dying)
    run, _ = start_ingest(source="factset", stocks=covered, trigger="command")
    item = run.items.get()
    with pytest.raises(Killed):
        do_item(item.pk)
    monkeypatch.setattr(market, "_ask", ask)
    expire_claims(run)
    asked = len(factset.asked("/fundamentals"))
    do_item(item.pk)
    assert len(factset.asked("/fundamentals")) == asked
    assert all(counts())
    item.refresh_from_db()
    assert (item.state, item.stored) == ("done", 6)
