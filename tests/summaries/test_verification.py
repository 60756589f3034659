"""Verdicts, reasons, focus, citations and risk."""

from __future__ import annotations

import gc
import weakref
from decimal import Decimal

import pytest

from summaries.factbook import Fact, FactBook
from summaries.periods import Span
from summaries.verification import (
    ClaimCheck,
    Finding,
    Sources,
    Verdict,
    check_citations,
    risk,
    verify,
)
from summaries.verification.figures import Stretch, figures_of
from summaries.verification.terms import Median, Plain
from tests.summaries.books import ACME, book, filing, year
from tests.summaries.test_verification_templates import OTHERS, made_up, sector_of

SOURCES = dict(made_up())["growing"]
LOSSES = dict(made_up())["losing"]


def verdicts(text: str, sources: Sources = SOURCES) -> list[str]:
    return [check.verdict.value for check in verify(text, sources)]


def findings(text: str, sources: Sources = SOURCES) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.reason)
        for check in verify(text, sources)
        for finding in check.findings
    ]


def test_check_carries_offsets_computed_value_formula_and_facts() -> None:
    text = "A note. In fiscal 2025, Acme Tools's revenue rose 13.8% to $118.6bn."
    check = verify(text, SOURCES)[1]
    assert text[check.start : check.end] == check.text == text[8:]
    now, before = (SOURCES.book.item("revenue", year(n)) for n in (2025, 2024))
    assert now
    assert before
    shown = [(p.printed, p.computed, p.measure, p.fact_ids, p.formula) for p in check.proofs]
    assert shown == [
        ("13.8%", "13.76%", "revenue", (now.id, before.id), "(118.57bn - 104.23bn) / 104.23bn"),
        ("$118.6bn", "118.57bn", "revenue", (now.id,), "118.57bn"),
    ]
    assert [text[p.start : p.end] for p in check.proofs] == ["13.8%", "$118.6bn"]
    assert (check.verdict, check.findings) == (Verdict.SUPPORTED, ())


WRONG = {
    "Revenue was $181.6bn in fiscal 2025.": (
        "value",
        "revenue for fiscal 2025 was $118.57bn, the text says $181.6bn",
    ),
    "Revenue was $104.2bn in fiscal 2025.": (
        "period",
        "revenue for fiscal 2025 was $118.57bn; the figure is that of fiscal 2024, the text says $104.2bn",
    ),
    "Revenue was $118.6m in fiscal 2025.": (
        "scale",
        "revenue for fiscal 2025 was $118.57bn, the text says $118.6m",
    ),
    "Revenue was -$118.6bn in fiscal 2025.": (
        "sign",
        "revenue for fiscal 2025 was $118.57bn, the text says -$118.6bn",
    ),
    "Revenue was €118.6bn in fiscal 2025.": ("unit", "the company reports in USD"),
    "Revenue was 118.6bn in fiscal 2025.": ("unit", "a count can't be a value in money"),
    "Revenue fell in fiscal 2025.": (
        "direction",
        "revenue for fiscal 2025 was $118.57bn, beside $104.23bn",
    ),
    "Revenue rose 13.8 percentage points in fiscal 2025.": (
        "unit",
        "points are the change of a percentage",
    ),
    "Globex's revenue was $118.6bn in fiscal 2025.": (
        "entity",
        "“Globex” is not this company, nor a name the sources explain",
    ),
    "In fiscal 2025 revenue, unlike Zyxcorp, rose.": (
        "entity",
        "“Zyxcorp” is not this company, nor a name the sources explain",
    ),
    "In fiscal 2025 revenue was the lowest in five years.": (
        "rank",
        "revenue was lower in fiscal 2021",
    ),
    "Revenue was the highest in the seven years on record here.": (
        "count",
        "the sources have 8 years of revenue in a row",
    ),
    "Revenue rose for the fifth year running in fiscal 2025.": (
        "streak",
        "the rise has lasted 6 years",
    ),
    "In fiscal 2025 the operating margin of 26.1% was above the sector median of 20.4%.": (
        "value",
        "the sector's median of operating margin for fiscal 2025 was 20.30%, the text says 20.4%",
    ),
    "The operating margin of 26.1% in fiscal 2025 compares with a median of 20.3% for the nine "
    "industrials companies covered.": ("count", "the sector snapshot has 5 companies"),
    "The operating margin of 26.1% in fiscal 2025 compares with a median of 20.3% for the five "
    "energy companies covered.": ("sector", "the sector snapshot is of Industrials"),
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_statement_is_told_apart_with_a_reason(text: str) -> None:
    assert WRONG[text] in findings(text)
    assert verdicts(text) != ["supported"]


NOT_FOUND = [
    "Revenue was $118.6bn.",  # no period anywhere
    "Revenue was $118.6bn in fiscal 2012.",
    "Exploration expense was $1.2bn in fiscal 2025.",
    "Revenue did not fall in fiscal 2025.",
    "Adjusted revenue was $118.6bn in fiscal 2025.",
    "Revenue from services was $118.6bn in fiscal 2025.",
    "Revenue soared in fiscal 2025.",
    "Revenue was a record in fiscal 2025.",
    "Acme Tools has nine segments.",
    "It paid no dividends.",
]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_the_sources_do_not_say_is_not_found(text: str) -> None:
    assert verdicts(text) == ["not_found"]


@pytest.mark.parametrize(
    "text",
    ["Acme Tools makes tools for professionals.", "Revenue comes from sales of tools.", "Costs."],
)
def test_sentence_without_a_claim_on_figures_is_not_checkable(text: str) -> None:
    assert verdicts(text) == ["not_checkable"]


def test_empty_text_has_no_checks() -> None:
    assert verify("", SOURCES) == ()
    assert verify(" \n ", SOURCES) == ()


def test_period_in_focus_carries_over_until_another_is_named() -> None:
    text = (
        "In fiscal 2024, revenue was $104.2bn. Net income was $18.4bn. In fiscal 2025 it earned $24.0bn. "
        "Net income was $24.0bn. At the end of the year, cash was $17.3bn. The gross margin was 46.1%."
    )
    assert verdicts(text) == ["supported"] * 6


def test_focus_on_a_quarter_does_not_make_a_figure_of_the_year_true() -> None:
    text = "In the quarter ended 30 June 2026, revenue was $33.0bn. Revenue was $118.6bn."
    assert verdicts(text) == ["supported", "contradicted"]


def test_second_statement_of_a_sentence_has_its_own_period() -> None:
    assert verdicts("Revenue was $104.2bn in fiscal 2024 and $118.6bn in fiscal 2025.") == [
        "supported"
    ]
    assert verdicts("Revenue was $118.6bn in fiscal 2024 and $104.2bn in fiscal 2025.") == [
        "contradicted"
    ]


def test_direction_of_a_share_is_proven_of_the_share_and_not_of_the_amount() -> None:
    # Research grew in dollars and shrank as a share of revenue.
    assert verdicts("R&D was 8.3% of revenue in fiscal 2025, down from 8.6%.") == ["supported"]
    assert verdicts("R&D was 8.3% of revenue in fiscal 2025, up from 8.6%.") == ["contradicted"]


def test_verb_said_once_is_proven_of_both_subjects() -> None:
    assert verdicts("R&D rose to $9.9bn and gross profit to $54.7bn in fiscal 2025.") == [
        "supported"
    ]
    assert verdicts("R&D rose to $9.9bn and long-term debt to $23.8bn in fiscal 2025.") == [
        "contradicted"
    ]


def test_loss_is_a_figure_below_zero() -> None:
    assert verdicts("The net loss was $36.4m in fiscal 2025.", LOSSES) == ["supported"]
    assert verdicts("Net income was $36.4m in fiscal 2025.", LOSSES) == ["contradicted"]
    assert verdicts("Net income was -$36.4m in fiscal 2025.", LOSSES) == ["supported"]
    assert verdicts("The net loss narrowed 55.4% in fiscal 2025.", LOSSES) == ["supported"]
    assert verdicts("Net income rose 55.4% in fiscal 2025.", LOSSES) == ["not_found"]


def test_swing_to_a_profit_needs_a_loss_before() -> None:
    turning = dict(made_up())["turning"]
    assert verdicts("It swung to a net profit of $36.4m in fiscal 2025.", turning) == ["supported"]
    assert verdicts("It swung to a net profit of $24.0bn in fiscal 2025.") == ["contradicted"]


def test_tie_may_be_rounded_either_way() -> None:
    sources = Sources(ACME, book({"revenue": [100, "106.46"]}), None, OTHERS)
    assert verdicts("Revenue rose 6.4% in 2025.", sources) == ["contradicted"]
    assert verdicts("Revenue rose 6.5% in 2025.", sources) == ["supported"]
    exact = Sources(ACME, book({"revenue": [2000, 2129]}), None, OTHERS)
    assert verdicts("Revenue rose 6.4% in 2025.", exact) == ["supported"]
    assert verdicts("Revenue rose 6.5% in 2025.", exact) == ["supported"]


def test_own_name_wins_over_another_company_of_the_same_name() -> None:
    names = Sources(SOURCES.company, SOURCES.book, None, OTHERS | {"Acme Tools", "Acme Toolsmiths"})
    assert verdicts("Acme Tools's revenue was $118.6bn in fiscal 2025.", names) == ["supported"]
    assert verdicts("Acme Toolsmiths's revenue was $118.6bn in fiscal 2025.", names) == [
        "contradicted"
    ]


# -- citations and risk --------------------------------------------------------------


def test_every_fact_of_a_proof_must_be_cited() -> None:
    [check] = verify("Revenue rose 13.8% in fiscal 2025.", SOURCES)
    [proof] = check.proofs
    assert check_citations(check, frozenset(proof.fact_ids), cites_benchmark=False) == ()
    [finding] = check_citations(check, frozenset(proof.fact_ids[:1]), cites_benchmark=False)
    assert finding == Finding("citation", "1 of the facts behind “13.8%” are not cited", 13, 18)


def test_sector_comparison_must_cite_the_snapshot() -> None:
    [check] = verify("The operating margin was above the sector median in fiscal 2025.", SOURCES)
    facts = frozenset(fact for proof in check.proofs for fact in proof.fact_ids)
    assert check_citations(check, facts, cites_benchmark=True) == ()
    assert [f.code for f in check_citations(check, facts, cites_benchmark=False)] == ["citation"]


def test_other_report_of_the_same_value_is_as_good_a_citation() -> None:
    at, later = year(2024), year(2025)
    reports = [
        Fact(1, "us-gaap:Revenues", "USD", at, Decimal(100), filing(at)),
        Fact(2, "us-gaap:Revenues", "USD", at, Decimal(100), filing(later)),
        Fact(3, "us-gaap:Revenues", "USD", at, Decimal(99), filing(at, id=7)),
    ]
    [check] = verify("Revenue was $100 in 2024.", Sources(ACME, FactBook(reports), None, OTHERS))
    assert check.verdict is Verdict.SUPPORTED
    for cited, wanted in ((1, 0), (2, 0), (3, 1)):
        assert len(check_citations(check, frozenset({cited}), cites_benchmark=False)) == wanted


def check_of(verdict: Verdict) -> ClaimCheck:
    return ClaimCheck("…", 0, 1, verdict)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([Verdict.SUPPORTED], "0"),
        ([Verdict.SUPPORTED, Verdict.NOT_CHECKABLE], "0.25"),
        ([Verdict.NOT_CHECKABLE], "0.5"),
        ([], "0.5"),
        ([Verdict.SUPPORTED] * 99 + [Verdict.NOT_FOUND], "0.8"),
        ([Verdict.SUPPORTED] * 99 + [Verdict.CONTRADICTED], "1"),
    ],
)
def test_one_wrong_sentence_vetoes_the_text(made: list[Verdict], expected: str) -> None:
    assert risk([check_of(verdict) for verdict in made]) == Decimal(expected)


def test_book_that_was_verified_against_goes_when_nobody_holds_it() -> None:
    """Without waiting for the search for cycles, which runs seldom in servers and workers."""
    own = book({"revenue": [90, 100]}, last=2025)
    kept = weakref.ref(own)
    checks = verify("Revenue was $100 in fiscal 2025.", Sources(ACME, own, None, OTHERS))
    assert [one.verdict for one in checks] == [Verdict.SUPPORTED]
    gc.disable()
    try:
        del own
        assert kept() is None
    finally:
        gc.enable()


def test_a_book_that_is_kept_keeps_no_sectors_median() -> None:
    """Another sector's might be told in its place."""
    own = book({"revenue": [90, 100], "operating_income": [20, 30]}, last=2025)
    term, year_end = Median(Plain("operating_margin")), Stretch(Span.YEAR, year(2025).end)
    figures = figures_of(own)
    for value, said in (("0.250", "0.203"), ("0.150", "0.155"), ("0.180", "0.180")):
        figure = figures.at(term, year_end, sector_of(Decimal(value)))
        assert figure is not None
        assert figure.value == Decimal(said)
    assert figures.at(term, year_end) is None
    assert not [key for key in figures._kept if isinstance(key[0], Median)]
