import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summaries.periods import Period
from summaries.sources import bundle
from summaries.sources.companyfacts import (
    MalformedFacts,
    Reported,
    ReportedFact,
    ReportedFiling,
    merged,
    once,
    parse,
)

YEAR = {"start": "2024-01-01", "end": "2024-12-31"}
FILED = {
    "accn": "0000000001-25-000001",
    "fy": 2024,
    "fp": "FY",
    "form": "10-K",
    "filed": "2025-02-01",
}


def facts(*rows: dict[str, Any], concept: str = "Revenues", unit: str = "USD") -> bytes:
    body = {
        "cik": 1,
        "entityName": "ACME TOOLS INC",
        "facts": {"us-gaap": {concept: {"units": {unit: [{**FILED, **row} for row in rows]}}}},
    }
    return json.dumps(body).encode()


def test_parse_gives_filings_with_their_facts() -> None:
    assert parse(facts({**YEAR, "val": 1500000})) == (
        1,
        "ACME TOOLS INC",
        [
            Reported(
                ReportedFiling(
                    "0000000001-25-000001", "10-K", date(2025, 2, 1), 2024, "FY", date(2024, 12, 31)
                ),
                (
                    ReportedFact(
                        "us-gaap:Revenues",
                        "USD",
                        Period(date(2024, 12, 31), date(2024, 1, 1)),
                        Decimal(1500000),
                    ),
                ),
            )
        ],
    )


def test_values_keep_every_digit() -> None:
    _, _, reported = parse(facts({**YEAR, "val": 0.7467}, concept="EarningsPerShareDiluted"))
    assert reported[0].facts[0].value == Decimal("0.7467")


def test_rounded_repeat_of_a_figure_gives_way_to_the_finer() -> None:
    _, _, reported = parse(facts({**YEAR, "val": 28800000000}, {**YEAR, "val": 28766000000}))
    assert [fact.value for fact in reported[0].facts] == [Decimal(28766000000)]


def test_two_values_that_disagree_are_both_dropped() -> None:
    _, _, reported = parse(facts({**YEAR, "val": 28100000000}, {**YEAR, "val": 28766000000}))
    assert reported[0].facts == ()


def test_forms_without_statements_are_left_out() -> None:
    assert parse(facts({**YEAR, "val": 1, "form": "DEF 14A"}))[2] == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Request Rate Threshold Exceeded</html>",
        b"[]",
        b'{"cik": 1}',
        b'{"cik": "x", "entityName": "A", "facts": {}}',
        facts({**YEAR, "val": "n/a"}),
        facts({"end": "2024-13-01", "val": 1}),
        facts({"start": "2025-01-01", "end": "2024-01-01", "val": 1}),
        facts({**YEAR, "val": None}),
        facts({**YEAR, "val": 1})[:-9],
    ],
)
def test_malformed_facts_are_refused_with_what_was_expected(content: bytes) -> None:
    with pytest.raises(MalformedFacts, match="expected cik, entityName and facts"):
        parse(content)


def test_a_filing_known_by_date_and_by_accession_is_one() -> None:
    at = Period(date(2024, 12, 31), date(2024, 1, 1))
    fact = ReportedFact("us-gaap:Revenues", "USD", at, Decimal(5))
    by_date = ReportedFiling("", "10-K", date(2025, 2, 1), None, "", at.end)
    by_number = ReportedFiling("0000000001-25-000001", "10-K", None, 2024, "FY", at.end)
    both = ReportedFiling("0000000001-25-000001", "10-K", date(2025, 2, 1), 2024, "FY", at.end)
    assert merged([Reported(by_date, (fact,)), Reported(by_number, (fact,))]) == [
        Reported(both, (fact,))
    ]


def test_two_filings_of_one_period_stay_two() -> None:
    at = Period(date(2024, 12, 31), date(2024, 1, 1))
    fact = ReportedFact("us-gaap:Revenues", "USD", at, Decimal(5))
    two = [
        Reported(ReportedFiling(f"0000000001-25-00000{n}", "8-K", None, 2024, "", at.end), (fact,))
        for n in (1, 2)
    ]
    assert merged(two) == two


values = st.decimals(
    min_value=Decimal("-1e15"), max_value=Decimal("1e15"), places=4, allow_nan=False
)
dates = st.dates(min_value=date(2000, 1, 1), max_value=date(2030, 1, 1))


@given(st.lists(st.tuples(dates, values), min_size=1, max_size=20))
def test_bundle_gives_back_what_was_put_in(rows: list[tuple[date, Decimal]]) -> None:
    facts_ = once(ReportedFact("us-gaap:Assets", "USD", Period(end), value) for end, value in rows)
    filing = ReportedFiling("", "10-Q", None, None, "Q1", date(2030, 1, 1))
    loaded = bundle.load(bundle.dump([Reported(filing, facts_)]))
    assert {(f.period, f.value) for one in loaded for f in one.facts} == {
        (f.period, f.value) for f in facts_
    }


def test_bundle_that_is_damaged_names_the_line() -> None:
    good = bundle.dump(
        parse(facts({**YEAR, "val": 1}, {"end": "2023-12-31", "start": "2023-01-01", "val": 2}))[2]
    )
    import gzip

    broken = gzip.compress(gzip.decompress(good).replace(b",2\n", b",two\n"))
    with pytest.raises(MalformedFacts, match=r"bundle, line 2: "):
        bundle.load(broken)
    with pytest.raises(MalformedFacts, match="bundle, line 1: "):
        bundle.load(good[:40])
