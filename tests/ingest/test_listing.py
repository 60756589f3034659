"""Stocks added by ticker, from EDGAR's own list."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from summaries.models import Stock
from tests.factories import make_stock
from tests.ingest.conftest import needs_recordings
from tests.sources.edgar_site import EdgarSite, Fault

pytestmark = [needs_recordings, pytest.mark.django_db]


def add(tickers: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("add_stocks", tickers, stdout=out, stderr=err)
    return int(end.value.code or 0), out.getvalue(), err.getvalue()


def test_listed_ticker_becomes_a_stock_once(edgar: EdgarSite) -> None:
    code, told, _ = add("mrvl,snow")
    stock = Stock.objects.get(ticker="MRVL")
    assert (code, stock.cik, stock.exchange, stock.sic) == (0, 1835632, "Nasdaq", "3674")
    assert "CIK 1835632" in told
    # EDGAR lists it, and its submissions weren't recorded: the trade is not known then.
    assert Stock.objects.get(ticker="SNOW").sic == ""
    assert add("MRVL")[0] == 0
    assert Stock.objects.count() == 2


def test_unknown_ticker_and_one_of_another_registrant_are_told(edgar: EdgarSite) -> None:
    make_stock("TSLA", cik=99)
    code, _, told = add("NOSUCHTICKER,TSLA")
    assert code == 1
    assert "EDGAR lists no NOSUCHTICKER." in told
    assert "TSLA is CIK 99 here and CIK 1318605" in told
    assert list(Stock.objects.values_list("ticker", "cik")) == [("TSLA", 99)]


def test_source_that_is_away_and_nothing_named_are_told(edgar: EdgarSite) -> None:
    edgar.faults.append(Fault("unavailable"))
    with pytest.raises(CommandError, match="EDGAR"):
        call_command("add_stocks", "SNOW")
    with pytest.raises(CommandError, match="No ticker is named"):
        call_command("add_stocks", " , ")
