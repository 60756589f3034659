"""What is asked of FactSet and what its rows become, on a site that speaks its shapes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from summaries.sources.errors import Malformed
from summaries.sources.factset.reading import scaled
from summaries.sources.factset.rows import (
    Answer,
    Consensus,
    ConsensusRating,
    Fundamental,
    Price,
    Problem,
)
from tests.loopback import Answer as Said
from tests.sources.factset_site import FactSetSite, client_of, company_id, factset_site, ok

START, END = date(2025, 1, 1), date(2025, 3, 31)


@pytest.fixture
def site() -> Iterator[FactSetSite]:
    with factset_site() as site:
        yield site


def fundamentals(site: FactSetSite, **given: Any) -> Answer[Fundamental]:
    asked = {"ids": ["AAPL-US"], "metrics": ["FF_SALES"], "periodicity": "QTR",
             "start": START, "end": END}  # fmt: skip
    with client_of(site) as factset:
        return factset.fundamentals(**{**asked, **given})


def prices(site: FactSetSite, **given: Any) -> Answer[Price]:
    asked = {"ids": ["AAPL-US"], "start": date(2025, 1, 3), "end": date(2025, 1, 6)}
    with client_of(site) as factset:
        return factset.prices(**{**asked, **given})


GOLDEN = b"""{"data": [
 {"requestId": "AAPL-US", "fsymId": "MH33D6-R", "metric": "FF_SALES", "periodicity": "QTR",
  "fiscalPeriod": 1, "fiscalYear": 2025, "fiscalPeriodLength": 91, "fiscalEndDate": "2025-03-31",
  "reportDate": "2025-05-01", "epsReportDate": "2025-05-01", "updateType": "Preliminary",
  "currency": "USD", "value": 95359.000000000000001, "newInVersion9": {"a": [1]}},
 {"requestId": "AAPL-US", "fsymId": "MH33D6-R", "metric": "FF_SALES", "periodicity": "QTR",
  "fiscalPeriod": null, "fiscalYear": 2024.0, "fiscalPeriodLength": null,
  "fiscalEndDate": "2024-12-31", "reportDate": null, "epsReportDate": null, "updateType": null,
  "currency": null, "value": -1.24300e2},
 {"requestId": "NOPE-US", "fsymId": null, "metric": "FF_SALES", "periodicity": "QTR",
  "fiscalPeriod": null, "fiscalYear": null, "fiscalPeriodLength": null, "fiscalEndDate": null,
  "reportDate": null, "epsReportDate": null, "updateType": null, "currency": null, "value": null}
]}"""


def test_fundamentals_are_values_in_units_digit_by_digit(site: FactSetSite) -> None:
    catalogue = site.metrics(None)  # type: ignore[arg-type]
    site.faults.extend([catalogue, Said(body=GOLDEN)])
    answer = fundamentals(site, ids=["AAPL-US", "NOPE-US"])
    first = Fundamental(
        request_id="AAPL-US", fsym_id="MH33D6-R", metric="FF_SALES", periodicity="QTR",
        fiscal_year=2025, fiscal_period=1, fiscal_end=date(2025, 3, 31), period_days=91,
        report_date=date(2025, 5, 1), eps_report_date=date(2025, 5, 1),
        update_type="Preliminary", currency="USD", value=Decimal("95359000000.000000001"),
    )  # fmt: skip
    second = replace(
        first, fiscal_year=2024, fiscal_period=None, fiscal_end=date(2024, 12, 31),
        period_days=None, report_date=None, eps_report_date=None, update_type="", currency="",
        value=Decimal(-124_300_000),
    )  # fmt: skip
    assert answer == Answer((first, second), ("NOPE-US",), (), ("dd-2",))
    assert [str(row.value) for row in answer.rows] == ["95359000000.000000001", "-124300000"]


def test_fundamentals_are_asked_for_in_factsets_words(site: FactSetSite) -> None:
    fundamentals(site, metrics=["FF_EPS_DIL", "FF_SALES"], currency="USD", update_type="RF")
    assert site.bodies("/fundamentals") == [
        {
            "data": {
                "ids": ["AAPL-US"],
                "metrics": ["FF_EPS_DIL", "FF_SALES"],
                "periodicity": "QTR",
                "fiscalPeriod": {"start": "2025-01-01", "end": "2025-03-31"},
                "currency": "USD",
                "updateType": "RF",
                "batch": "N",
            }
        }
    ]


def test_metrics_of_two_data_types_are_two_requests(site: FactSetSite) -> None:
    answer = fundamentals(site, metrics=["FF_AUDITOR", "FF_SALES", "FF_ROE"])
    asked = [body["data"]["metrics"] for body in site.bodies("/fundamentals")]
    assert asked == [["FF_SALES", "FF_ROE"], ["FF_AUDITOR"]]
    values = {row.metric: row.value for row in answer.rows}
    plain = sum(b"AAPL-US") * 100 + 3
    assert values == {
        "FF_SALES": Decimal(f"{plain}123456.789012345"),
        "FF_ROE": Decimal(f"{plain}.123456789012345"),
        "FF_AUDITOR": "Ernst & Young LLP",
    }


def test_metric_without_a_known_factor_is_not_bought(site: FactSetSite) -> None:
    answer = fundamentals(site, metrics=["FF_NEW"])
    said = Problem((), "unknownMetric", "FactSet's catalogue has no FF_NEW")
    assert answer == Answer((), ("AAPL-US",), (said,), ())
    assert not site.asked("/fundamentals")


def test_text_where_a_number_belongs_is_said_and_left_out(site: FactSetSite) -> None:
    site.edit = lambda body: {"data": [body["data"][0] | {"value": "n/a"}, body["data"][1]]}
    answer = fundamentals(site, ids=["AAPL-US", "MSFT-US"])
    assert [row.request_id for row in answer.rows] == ["MSFT-US"]
    assert [(one.ids, one.code) for one in answer.problems] == [(("AAPL-US",), "notANumber")]


def test_prices_become_days(site: FactSetSite) -> None:
    answer = prices(site, ids=["AAPL-US", "NOPE-US"], fields=["price", "volume"], currency="EUR")
    day = Price(
        request_id="AAPL-US", fsym_id="MH33D6-R", on=date(2025, 1, 3), currency="USD",
        close=Decimal("189.71000671"), open=Decimal("188.5"), high=Decimal("190.321"),
        low=Decimal(187), volume=Decimal("48794.363"), turnover=None,
        trade_count=Decimal(512000), vwap=Decimal("189.1"),
    )  # fmt: skip
    assert answer == Answer((day, replace(day, on=date(2025, 1, 6))), ("NOPE-US",), (), ("dd-1",))
    assert site.bodies("/prices") == [
        {
            "ids": ["AAPL-US", "NOPE-US"],
            "startDate": "2025-01-03",
            "endDate": "2025-01-06",
            "frequency": "D",
            "adjust": "SPLIT",
            "calendar": "LOCAL",
            "fields": ["price", "volume"],
            "currency": "EUR",
            "batch": "N",
        }
    ]


def test_consensus_is_in_units_too(site: FactSetSite) -> None:
    with client_of(site) as factset:
        answer = factset.consensus(
            ["AAPL-US", "NOPE-US"], ["SALES", "EPS"], start=date(2025, 1, 3), end=date(2025, 1, 6),
            frequency="W", relative_start=1, relative_end=1, currency="ESTIMATE",
        )  # fmt: skip
    eps = Consensus(
        request_id="AAPL-US", fsym_id="MH33D6-R", metric="EPS", periodicity="ANN",
        fiscal_year=2026, fiscal_period=1, fiscal_end=date(2026, 12, 31), relative_period=1,
        estimate_date=date(2025, 1, 6), currency="USD", estimate_currency="USD",
        mean=Decimal("7.2153"), median=Decimal("7.2"), high=Decimal("7.5"), low=Decimal("6.9"),
        standard_deviation=Decimal("0.0801"), estimate_count=38, up=12, down=3,
    )  # fmt: skip
    sales = replace(
        eps, metric="SALES", mean=Decimal(7_215_300), median=Decimal(7_200_000),
        high=Decimal(7_500_000), low=Decimal(6_900_000), standard_deviation=Decimal(80_100),
    )  # fmt: skip
    assert answer == Answer((sales, eps), ("NOPE-US",), (), ("dd-2",))
    assert site.bodies("/rolling-consensus") == [
        {
            "ids": ["AAPL-US", "NOPE-US"],
            "metrics": ["SALES", "EPS"],
            "startDate": "2025-01-03",
            "endDate": "2025-01-06",
            "frequency": "W",
            "periodicity": "ANN",
            "relativeFiscalStart": 1,
            "relativeFiscalEnd": 1,
            "currency": "ESTIMATE",
        }
    ]


def test_consensus_of_fixed_periods_has_an_address_of_its_own(site: FactSetSite) -> None:
    with client_of(site) as factset:
        factset.consensus(
            ["AAPL-US"], ["EPS"], start=START, end=END, frequency="AM", periodicity="QTR",
            fiscal_start="2025/1F", fiscal_end="2025/4F",
        )  # fmt: skip
    (body,) = site.bodies("/fixed-consensus")
    assert (body["fiscalPeriodStart"], body["fiscalPeriodEnd"]) == ("2025/1F", "2025/4F")
    assert "relativeFiscalStart" not in body


def test_ratings_are_counts_and_their_mean(site: FactSetSite) -> None:
    with client_of(site) as factset:
        answer = factset.ratings(["AAPL-US", "NOPE-US"], start=START, end=END)
    rating = ConsensusRating(
        request_id="AAPL-US", fsym_id="MH33D6-R", estimate_date=END, buy=24, overweight=5,
        hold=10, underweight=1, sell=2, total=42, score=Decimal("1.43"), rating="Overweight",
    )  # fmt: skip
    assert answer == Answer((rating,), ("NOPE-US",), (), ("dd-1",))


def test_long_history_of_estimates_is_asked_for_in_decades(site: FactSetSite) -> None:
    with client_of(site) as factset:
        factset.ratings(["AAPL-US"], start=date(2003, 1, 1), end=date(2025, 1, 1), frequency="AY")
    spans = [(body["startDate"], body["endDate"]) for body in site.bodies("/consensus-ratings")]
    assert spans == [
        ("2003-01-01", "2012-12-29"),
        ("2012-12-30", "2022-12-28"),
        ("2022-12-29", "2025-01-01"),
    ]


@pytest.mark.parametrize(
    ("count", "days", "sizes"),
    [(120, 2, [50, 50, 20]), (700, 1, [500, 200]), (50, 2, [50]), (500, 1, [500])],
)
def test_prices_keep_to_the_limits(
    site: FactSetSite, count: int, days: int, sizes: list[int]
) -> None:
    site.companies = {company_id(place): f"{place:06d}-R" for place in range(count)}
    first = date(2025, 1, 2)
    answer = prices(site, ids=list(site.companies), start=first, end=date(2025, 1, 1 + days))
    assert [len(body["ids"]) for body in site.bodies("/prices")] == sizes
    assert len(answer.rows) == count * days
    assert not answer.missing


def test_fundamentals_and_estimates_keep_to_the_limits(site: FactSetSite) -> None:
    ids = [company_id(place) for place in range(3100)]
    site.companies = dict.fromkeys(ids, "B00000-R")
    assert len(fundamentals(site, ids=ids[:600]).rows) == 600
    asked = [body["data"] for body in site.bodies("/fundamentals")]
    assert [(len(data["ids"]), data["batch"]) for data in asked] == [
        (250, "N"), (250, "N"), (100, "N"),
    ]  # fmt: skip
    with client_of(site) as factset:
        answer = factset.ratings(ids, start=END, end=END)
    assert [len(body["ids"]) for body in site.bodies("/consensus-ratings")] == [3000, 100]
    assert len(answer.rows) == 3100


def test_many_rows_an_id_are_fewer_ids_a_request(site: FactSetSite) -> None:
    ids = [company_id(place) for place in range(60)]
    site.companies = dict.fromkeys(ids, "B00000-R")
    prices(site, ids=ids, start=date(2022, 1, 1), end=date(2024, 12, 31))
    assert [len(body["ids"]) for body in site.bodies("/prices")] == [18, 18, 18, 6]


def test_catalogue_is_asked_for_once_by_all_threads(site: FactSetSite) -> None:
    with client_of(site) as factset, ThreadPoolExecutor(8) as pool:
        catalogues = list(pool.map(lambda _: factset.metric_catalogue(), range(16)))
        estimates = factset.estimate_catalogue()
    assert len(site.asked("/factset-fundamentals/v2/metrics")) == 1
    assert len({id(one[0]) for one in catalogues}) == 1
    assert [(one.metric, int(one.factor)) for one in catalogues[0]][:4] == [
        ("FF_SALES", 1_000_000), ("FF_EPS_DIL", 1), ("FF_EMPLOYEES", 1000), ("FF_ROE", 1),
    ]  # fmt: skip
    assert [(one.metric, int(one.factor)) for one in estimates] == [
        ("SALES", 1_000_000),
        ("EPS", 1),
    ]


def test_rows_of_others_and_twins_that_differ_are_said_and_left_out(site: FactSetSite) -> None:
    def edit(body: dict[str, Any]) -> dict[str, Any]:
        one, two = body["data"]
        return {
            "data": [
                one, one, one | {"requestId": "TSLA-US"}, one | {"metric": "FF_OTHER"},
                two, two | {"value": Decimal(3)},
            ]
        }  # fmt: skip

    site.edit = edit
    answer = fundamentals(site, ids=["AAPL-US", "MSFT-US"])
    assert [row.request_id for row in answer.rows] == ["AAPL-US"]
    assert answer.missing == ("MSFT-US",)
    assert [(one.ids, one.code) for one in answer.problems] == [
        (("AAPL-US",), "foreign"), (("TSLA-US",), "foreign"), (("MSFT-US",), "conflict"),
    ]  # fmt: skip


def test_id_in_other_letters_is_still_ours(site: FactSetSite) -> None:
    site.edit = lambda body: {"data": [row | {"requestId": "aapl-us"} for row in body["data"]]}
    assert [row.request_id for row in prices(site).rows] == ["AAPL-US", "AAPL-US"]


def test_ids_are_sent_once_and_only_what_can_be_one(site: FactSetSite) -> None:
    answer = prices(site, ids=["AAPL-US", "", "A, B", "AAPL-US", "ÄPFEL"])
    assert site.bodies("/prices")[0]["ids"] == ["AAPL-US"]
    assert [(one.ids, one.code) for one in answer.problems] == [(("", "A, B", "ÄPFEL"), "notAnId")]
    assert prices(site, ids=[]) == Answer()
    assert len(site.asked("/prices")) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"periodicity": "WEEKLY"}, "periodicity is 'WEEKLY'; it must be one of ANN"),
        ({"start": date(2025, 4, 1)}, "2025-04-01 is after 2025-03-31"),
        ({"update_type": "XX"}, "update_type is 'XX'; it must be one of RP, RF"),
    ],
)
def test_question_that_makes_no_sense_is_not_asked(
    site: FactSetSite, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        fundamentals(site, **given)
    assert not site.loopback.asked


def test_one_id_as_a_text_is_not_taken_apart(site: FactSetSite) -> None:
    with pytest.raises(TypeError, match="list of ids"):
        fundamentals(site, ids="AAPL-US")
    with pytest.raises(TypeError, match="list of metrics"):
        fundamentals(site, metrics="FF_SALES")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"requestId": None}, "data[0].requestId is missing"),
        ({"metric": None}, "data[0].metric is missing"),
        ({"fiscalEndDate": None}, "data[0].fiscalEndDate is missing"),
        ({"fiscalEndDate": "20250331"}, "data[0].fiscalEndDate isn't a date"),
        ({"fiscalEndDate": "2025-02-30"}, "data[0].fiscalEndDate isn't a date"),
        ({"reportDate": 20250331}, "data[0].reportDate isn't a text"),
        ({"fiscalYear": Decimal("2025.5")}, "data[0].fiscalYear isn't a whole number"),
        ({"fiscalYear": "2025"}, "data[0].fiscalYear isn't a number"),
        ({"fiscalYear": True}, "data[0].fiscalYear isn't a number"),
        ({"value": [1]}, "data[0].value is neither number nor text"),
        ({"value": False}, "data[0].value is neither number nor text"),
        ({"currency": 1}, "data[0].currency isn't a text"),
    ],
)
def test_field_that_is_wrong_or_not_there_is_named(
    site: FactSetSite, changed: dict[str, Any], words: str
) -> None:
    site.edit = lambda body: {"data": [body["data"][0] | changed]}
    with pytest.raises(Malformed) as caught:
        fundamentals(site)
    assert str(caught.value).startswith(f"FactSet's {words}")
    assert caught.value.source == "factset"


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"0": {}}}, {"data": [[]]}])
def test_reply_without_rows_is_malformed(site: FactSetSite, body: dict[str, Any]) -> None:
    site.faults.append(ok(body))
    with pytest.raises(Malformed, match="data"):
        prices(site)


def test_no_rows_at_all_is_everybody_missing(site: FactSetSite) -> None:
    site.faults.append(ok({"data": []}))
    assert prices(site, ids=["AAPL-US", "MSFT-US"]).missing == ("AAPL-US", "MSFT-US")


@pytest.mark.parametrize(
    ("value", "factor", "text"),
    [
        ("1.5", "1000", "1500"), ("0.00012", "1000", "0.12"), ("-3", "1000000", "-3000000"),
        ("7.20", "1", "7.20"), ("12345678901234567890.123456789", "1000000",
                               "12345678901234567890123456.789"),
    ],
)  # fmt: skip
def test_factor_loses_no_digit(value: str, factor: str, text: str) -> None:
    assert str(scaled(Decimal(value), Decimal(factor))) == text
