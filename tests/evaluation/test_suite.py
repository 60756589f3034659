"""The suite as it stands: its truth is in the bundled facts, and today's product passes it."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest
from django.conf import settings

from summaries.evaluation.cases import BadSuite, Case, Expected, Figure, Kind, load, read
from summaries.evaluation.scores import Evaluator
from summaries.tiers import Tier
from summaries.verification import Verdict, verify
from tests.evaluation.conftest import Whole
from tests.summaries.bundled import companies, company, sources

SUITE = load(settings.REGRESSION_SUITES_DIR)
SCALES = {"tn": 12, "trillion": 12, "bn": 9, "billion": 9, "m": 6, "million": 6, "": 0}
PRINTED = re.compile(
    r"\$(?P<number>[\d,]+(?:\.\d+)?) ?(?P<scale>tn|trillion|bn|billion|m|million|)"
)


def of(*kinds: Kind) -> list[Case]:
    return [case for case in SUITE.cases if case.kind in kinds]


def test_there_are_enough_cases_of_every_bundled_company() -> None:
    counts = Counter(case.kind for case in SUITE.cases)
    assert len(SUITE.cases) >= 100
    assert set(SUITE.tickers) == {one.company.ticker for one in companies()}
    assert counts[Kind.SUMMARY] + counts[Kind.TOO_LITTLE] == len(companies())
    assert min(counts[kind] for kind in (Kind.FACT, Kind.TRUE, Kind.FALSE)) >= 50
    assert {"digit", "period", "entity", "scale", "direction"} <= {
        case.wrong for case in of(Kind.FALSE)
    }


def test_every_expected_fact_is_reported_in_the_filing_that_is_named() -> None:
    reported = {
        one.company.ticker: {
            (
                Figure(fact.concept, fact.period.start, fact.period.end, fact.value, fact.unit),
                fact.filing.form,
                fact.filing.period_end,
                fact.filing.accession or "",
            )
            for fact in one.book.facts()
        }
        for one in companies()
    }
    missing = [
        (case.id, one)
        for case in SUITE.cases
        for one in case.expected
        if (one.figure, one.form, one.period_end, one.accession) not in reported[case.ticker]
    ]
    assert missing == []


def is_printed_right(one: Expected, printed: str) -> bool:
    """Whether the print is the value, rounded to the places that it shows; by nobody's code but
    this test's."""
    found = PRINTED.fullmatch(printed)
    assert found is not None, printed
    places = len(found["number"].partition(".")[2])
    scale = SCALES[found["scale"]]
    shown = Decimal(found["number"].replace(",", "")).scaleb(scale)
    return abs(shown - abs(one.figure.value)) <= Decimal(5).scaleb(scale - places - 1)


def test_every_answer_prints_its_figure_rounded_right() -> None:
    told = [(case, one) for case in of(Kind.FACT) for one in case.expected]
    assert all(one.printed in case.claim for case, one in told)
    assert [case.id for case, one in told if not is_printed_right(one, one.printed)] == []


def test_a_wrong_digit_or_scale_is_no_rounding_of_the_figure() -> None:
    wrong = [case for case in of(Kind.FALSE) if case.wrong in {"digit", "scale"}]
    printed = [
        (case.id, one, found.group())
        for case in wrong
        for one in case.expected
        if one.printed
        for found in PRINTED.finditer(case.claim)
    ]
    assert len(printed) >= 30
    assert [name for name, one, text in printed if is_printed_right(one, text)] == []


def test_the_truth_behind_every_false_claim_holds() -> None:
    upheld = [
        case.id
        for case in of(Kind.FALSE)
        for check in verify(case.truth, sources(company(case.ticker)))
        if check.verdict is not Verdict.SUPPORTED
    ]
    assert upheld == []
    assert all(case.claim != case.truth for case in of(Kind.FALSE))


@pytest.mark.django_db
def test_the_product_passes_every_case_today(whole: Whole) -> None:
    assert whole.ran.code == 0, whole.ran.out
    cases = whole.ran.report["cases"]
    assert {one["id"] for one in cases} == {case.id for case in SUITE.cases}
    assert [one for one in cases if one["score"] != 1 and one["evaluator"] != "response_time"] == []
    assert [(one["evaluator"], one["undetermined"]) for one in whole.ran.report["evaluators"]] == [
        (one.value, 0) for one in Evaluator
    ]
    assert whole.ran.report["result"] == "passed"


@pytest.mark.django_db
def test_nothing_is_published_or_kept_of_the_texts(whole: Whole) -> None:
    assert whole.after == {"Summary": 0, "Claim": 0, "AuditEvent": 0}


LINE = (
    '{"id": "a", "kind": "fact", "ticker": "AAPL", "claim": "It was $1m.", "facts": [{"concept": '
    '"us-gaap:Revenues", "end": "2024-12-31", "value": "1000000", "unit": "USD", "form": "10-K", '
    '"period_end": "2024-12-31"}]}'
)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"fact"', '"guess"', "is no case: ValueError"),
        ('"1000000"', '"a million"', "is no case: InvalidOperation"),
        ('"claim"', '"clam"', "is no case: TypeError"),
        ('"It was $1m."', '""', "a claim, and nothing else, has a text"),
        ('"fact"', '"false"', "a false claim, and no other, has its truth"),
        ('"fact"', '"summary"', "a claim, and nothing else, has a text"),
        ('"AAPL"', '""', "a case has an id and a ticker"),
    ],
)
def test_a_bad_case_is_named_by_its_line(old: str, new: str, fault: str) -> None:
    (case,) = read([LINE])
    assert case.expected[0].figure.value == 1_000_000
    with pytest.raises(BadSuite, match=r"Line 2.*" + fault):
        list(read([LINE, LINE.replace(old, new)]))


def test_a_summary_says_in_which_tiers_a_fact_must_stand() -> None:
    assert all(one.tiers for case in of(Kind.SUMMARY) for one in case.expected)
    assert {
        tier for case in of(Kind.SUMMARY) for one in case.expected for tier in one.tiers
    } == set(Tier)
