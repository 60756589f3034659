"""Questions on the figures of real companies, answered whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from queries.values import Answer, Kind
from summaries.books import company, fact_book
from summaries.models import Fact, Stock
from summaries.verification import Sources, Verdict, verify
from tests.factories import make_user
from tests.queries.quick.asking import ask, texts

pytestmark = pytest.mark.django_db
ANSWERED, UNSAID, DECLINED = Kind.ANSWERED, Kind.UNSAID, Kind.DECLINED
ADVICE = (
    "Whether to buy, hold or sell, or where a price will go, isn't for this page to say: that is "
    "for you and your client to weigh. What the sources do say:"
)
# fmt: off
TOLD: list[tuple[str, Kind, list[str]]] = [
    ("revenue of AAPL last year", ANSWERED, [
        "Apple's revenue was $416.2bn in fiscal 2025, up 6.4% from $391.0bn in fiscal 2024."]),
    ("What was Apple's diluted EPS in fiscal 2023?", ANSWERED, [
        "Apple's diluted earnings per share were $6.13 in fiscal 2023, up 0.3% from $6.11 in "
        "fiscal 2022."]),
    ("Apple revenue last quarter", ANSWERED, [
        "Apple's revenue was $111.2bn in the quarter ended 28 March 2026, up 16.6% from $95.4bn in "
        "the quarter ended 29 March 2025."]),
    ("apple revenue q3'24", ANSWERED, [
        "Apple's revenue was $85.8bn in the quarter ended 29 June 2024, up 4.9% from $81.8bn in "
        "the quarter ended 1 July 2023."]),
    ("how much cash did Apple have at the end of fiscal 2024", ANSWERED, [
        "Apple's cash and equivalents was $29.9bn at the end of fiscal 2024, down from $30.0bn at "
        "the end of fiscal 2023."]),
    ("debt/equity of Apple 2025", ANSWERED, [
        "Apple's debt to equity was 1.23 times at the end of fiscal 2025, down from 1.70 times at "
        "the end of fiscal 2024."]),
    ("how has the margin moved at apple", ANSWERED, [
        "Apple's gross margin rose 5.1 percentage points to 46.9% in fiscal 2025 from 41.8% in "
        "fiscal 2021.",
        "Apple's gross margin of 46.9% in fiscal 2025 was the highest of the past five fiscal "
        "years.",
        "Apple's operating margin rose 2.2 percentage points to 32.0% in fiscal 2025 from 29.8% in "
        "fiscal 2021.",
        "Apple's operating margin of 32.0% in fiscal 2025 was the highest of the past five fiscal "
        "years.",
        "Apple's net margin rose 1.0 percentage point to 26.9% in fiscal 2025 from 25.9% in fiscal "
        "2021.",
        "Apple's net margin of 26.9% in fiscal 2025 was the highest of the past five fiscal "
        "years."]),
    ("msft capex 2022 vs 2023", ANSWERED, [
        "Microsoft's capital expenditure rose 17.7% to $28.1bn in fiscal 2023 from $23.9bn in "
        "fiscal 2022.",
        "Microsoft's capital expenditure was $23.9bn in fiscal 2022 and $28.1bn in fiscal 2023."]),
    ("Apple revenue ttm", ANSWERED, [
        "Apple's revenue over the twelve months to 28 March 2026 was $451.4bn: $416.2bn in fiscal "
        "2025, plus $254.9bn in the six months ended 28 March 2026, less $219.7bn in the six "
        "months ended 29 March 2025.",
        "Apple's revenue was $416.2bn in fiscal 2025.",
        "Apple's revenue was $254.9bn in the six months ended 28 March 2026.",
        "Apple's revenue was $219.7bn in the six months ended 29 March 2025."]),
    ("msft net income trailing twelve months", ANSWERED, [
        "Microsoft's net income over the twelve months to 31 March 2026 was $125.2bn: $101.8bn in "
        "fiscal 2025, plus $27.7bn in the quarter ended 30 September 2025, plus $38.5bn in the "
        "quarter ended 31 December 2025, plus $31.8bn in the quarter ended 31 March 2026, less "
        "$24.7bn in the quarter ended 30 September 2024, less $24.1bn in the quarter ended 31 "
        "December 2024, less $25.8bn in the quarter ended 31 March 2025.",
        "Microsoft's net income was $101.8bn in fiscal 2025.",
        "Microsoft's net income was $27.7bn in the quarter ended 30 September 2025.",
        "Microsoft's net income was $38.5bn in the quarter ended 31 December 2025.",
        "Microsoft's net income was $31.8bn in the quarter ended 31 March 2026.",
        "Microsoft's net income was $24.7bn in the quarter ended 30 September 2024.",
        "Microsoft's net income was $24.1bn in the quarter ended 31 December 2024.",
        "Microsoft's net income was $25.8bn in the quarter ended 31 March 2025."]),
    ("compare AAPL and MSFT on free cash flow", ANSWERED, [
        "By free cash flow, highest first: Apple $98.8bn in fiscal 2025; Microsoft $71.6bn in "
        "fiscal 2025.",
        "Apple's free cash flow was $98.8bn in fiscal 2025, down 9.2% from $108.8bn in fiscal "
        "2024.",
        "Microsoft's free cash flow was $71.6bn in fiscal 2025, down 3.3% from $74.1bn in fiscal "
        "2024."]),
    ("Which of AAPL, NOSUCH and MSFT has the lowest net margin?", ANSWERED, [
        "We don't know a company “NOSUCH”.",
        "By net margin, lowest first: Apple 26.9% in fiscal 2025; Microsoft 36.1% in fiscal 2025.",
        "Apple's net margin was 26.9% in fiscal 2025, up from 24.0% in fiscal 2024.",
        "Microsoft's net margin was 36.1% in fiscal 2025, up from 36.0% in fiscal 2024."]),
    ("Should I buy Apple?", DECLINED, [
        ADVICE,
        "Apple's revenue was $416.2bn in fiscal 2025, up 6.4% from $391.0bn in fiscal 2024.",
        "Apple's operating margin was 32.0% in fiscal 2025, up from 31.5% in fiscal 2024.",
        "Apple's net income was $112.0bn in fiscal 2025, up 19.5% from $93.7bn in fiscal 2024.",
        "Apple's free cash flow was $98.8bn in fiscal 2025, down 9.2% from $108.8bn in fiscal "
        "2024.",
        "Apple's total debt was $90.7bn at the end of fiscal 2025, down 6.2% from $96.7bn at the "
        "end of fiscal 2024."]),
    ("why did Apple's revenue rise last year?", ANSWERED, [
        "Apple's revenue was $416.2bn in fiscal 2025, up 6.4% from $391.0bn in fiscal 2024.",
        "Why, the figures don't say, and no sentence of a filing here does."]),
    ("Apple iPhone revenue last year", ANSWERED, [
        "The reported figures are of the whole of Apple; of “iphone” they say nothing by "
        "themselves.",
        "Apple's revenue was $416.2bn in fiscal 2025, up 6.4% from $391.0bn in fiscal 2024."]),
    ("Should my client buy JPM?", DECLINED, [ADVICE, "No reported figures of JPMorgan Chase are held."]),
    ("Apple revenue in 1995", UNSAID, ["The sources don't say Apple's revenue for fiscal 1995."]),
    ("Apple revenue in Q4 2024", UNSAID, [
        "The sources don't say Apple's revenue for quarter 4 of fiscal 2024."]),
    ("what is the P/E of Apple in 2025", UNSAID, ["The sources don't say the P/E of Apple."]),
    ("What was JPM's revenue last year?", UNSAID, [
        "No reported figures of JPMorgan Chase are held."]),
    ("revenue of Microsft last year", UNSAID, [
        "We don't know a company “Microsft”. Near it: Microsoft (MSFT)."]),
    ("revenue last year", UNSAID, [
        "Name a company or its ticker, as in “revenue of AAPL last year”, or choose one beside the "
        "question."]),
]
# fmt: on


@pytest.fixture
def reader(db: None) -> User:
    return make_user("reader", "advisor")


def test_questions_are_answered_by_facts(giants: dict[str, Stock], reader: User) -> None:
    wrong = []
    for question, kind, wanted in TOLD:
        told = ask(question, reader)
        if (told.kind, texts(told)) != (kind, wanted):
            wrong.append((question, told.kind, texts(told)))
        check_proof(told, giants)
    assert wrong == []
    check_follow_ups(reader)
    check_charts(reader)
    check_close(reader)
    check_suggestions(reader)
    check_cost(reader)


def check_proof(told: Answer, stocks: dict[str, Stock]) -> None:
    """Each claim is supported and cites the facts that print it, or is our own remark."""
    for claim in told.claims + told.close:
        if claim.verdict is Verdict.NOT_CHECKABLE:
            assert not claim.citations
            continue
        assert claim.verdict is Verdict.SUPPORTED
        for cited in claim.citations:
            fact = Fact.objects.select_related("filing").get(pk=cited.fact or 0)
            assert cited.url == f"/facts/{fact.pk}/"
            assert cited.quote == f"{fact.value.normalize():,f} {fact.unit}"
            assert cited.label.startswith(fact.filing.form)


def check_follow_ups(reader: User) -> None:
    before = ask("and the year before?", reader, "AAPL revenue in 2024")
    assert texts(before) == [
        "Apple's revenue was $383.3bn in fiscal 2023, down 2.8% from $394.3bn in fiscal 2022."
    ]
    other = ask("what about MSFT?", reader, "AAPL revenue in 2024", "and the year before?")
    assert other.stocks == ("MSFT",)
    assert texts(other)[0].startswith("Microsoft's revenue was $211.9bn in fiscal 2023")


def check_charts(reader: User) -> None:
    [chart] = ask("Apple operating margin and net margin since 2023", reader).charts
    assert (chart.title, chart.unit) == ("Apple: operating margin, net margin", "%")
    shown = {
        one.name: [(point.label, round(point.value or 0, 1)) for point in one.points]
        for one in chart.series
    }
    assert shown == {
        "operating margin": [
            ("FY2023", Decimal("29.8")), ("FY2024", Decimal("31.5")), ("FY2025", Decimal("32.0")),
        ],
        "net margin": [
            ("FY2023", Decimal("25.3")), ("FY2024", Decimal("24.0")), ("FY2025", Decimal("26.9")),
        ],
    }  # fmt: skip
    assert all(point.citation for one in chart.series for point in one.points)
    assert ask("AAPL revenue last year", reader).charts == ()
    [both] = ask("compare AAPL and MSFT on revenue since 2024", reader).charts
    assert [one.name for one in both.series] == ["Apple", "Microsoft"]
    assert both.unit == "USD"


def check_close(reader: User) -> None:
    """What comes near what isn't said."""
    early = ask("Apple revenue in 1995", reader)
    assert [one.text for one in early.close] == [
        "Apple's revenue was $416.2bn in fiscal 2025, up 6.4% from $391.0bn in fiscal 2024.",
        "Apple's revenue was $111.2bn in the quarter ended 28 March 2026, up 16.6% from $95.4bn in "
        "the quarter ended 29 March 2025.",
    ]
    ratio = ask("what is the P/E of Apple in 2025", reader)
    assert [one.text for one in ratio.close] == [
        "Apple's diluted earnings per share were $7.46 in fiscal 2025, up 22.7% from $6.08 in "
        "fiscal 2024."
    ]


def check_suggestions(reader: User) -> None:
    """What is suggested has an answer."""
    for question in ("AAPL revenue last year", "compare AAPL and MSFT on free cash flow"):
        offered = ask(question, reader).suggestions
        assert offered
        assert {ask(one, reader).kind for one in offered} == {ANSWERED}
    assert ask("revenue of Microsft", reader).suggestions == (
        "What was the revenue of MSFT last year?",
    )


def check_cost(reader: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        ask("AAPL revenue last year", reader)
    assert len(queries) <= 6


def test_an_answer_as_of_a_moment_knows_nothing_later(
    giants: dict[str, Stock], reader: User
) -> None:
    Fact.objects.update(known_at=datetime(2020, 1, 1, tzinfo=UTC))
    then = datetime(2024, 6, 1, tzinfo=UTC)
    told = ask("AAPL revenue last year", reader, as_of=then)
    assert texts(told) == [
        "Apple's revenue was $383.3bn in fiscal 2023, down 2.8% from $394.3bn in fiscal 2022."
    ]
    assert texts(ask("AAPL revenue last year as of 1 June 2024", reader)) == texts(told)
    # The question can't see further than the asker may.
    early = ask(
        "AAPL revenue last year as of 1 June 2024", reader, as_of=then - timedelta(days=365)
    )
    assert texts(early) == [
        "Apple's revenue was $394.3bn in fiscal 2022, up 7.8% from $365.8bn in fiscal 2021."
    ]
    cited = [one.fact or 0 for claim in told.claims for one in claim.citations]
    assert not Fact.objects.filter(pk__in=cited, filing__filed__gt=then).exists()


def test_a_changed_fact_changes_the_answer(giants: dict[str, Stock], reader: User) -> None:
    """Nothing is remembered: the same question on other facts has another answer, as true."""
    stock = giants["AAPL"]
    newest = stock.facts.filter(concept__contains="Revenue", value=Decimal(416161000000))
    assert newest.update(value=Decimal(500000000000)) > 0
    [told] = texts(ask("AAPL revenue last year", reader))
    assert told == (
        "Apple's revenue was $500.0bn in fiscal 2025, up 27.9% from $391.0bn in fiscal 2024."
    )
    sources = Sources(company(stock), fact_book(stock), None, frozenset())
    assert [one.verdict for one in verify(told, sources)] == [Verdict.SUPPORTED]
