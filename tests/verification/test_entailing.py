"""Sentences in words of their own, weighed against invented passages and tables."""

from __future__ import annotations

import time

import pytest

from summaries.verification.documents.entailing import prove
from summaries.verification.documents.entailing.binding import How, bound
from summaries.verification.documents.entailing.clauses import clauses_of
from summaries.verification.documents.entailing.features import weigh
from summaries.verification.documents.entailing.passages import index_of
from summaries.verification.documents.judging import judge, score_of, told
from summaries.verification.documents.sources import Sentence, Source, source_of
from summaries.verification.verdicts import Verdict

TEXT = """Net sales of the Harbour segment increased 12 percent to $84.0 million in fiscal 2023, \
compared with $75.0 million in fiscal 2022, mainly on higher prices for marine paint.

Gross margin fell because freight costs rose sharply in the second half. The Company did not pay \
dividends in 2023 and has no plan to do so.

In March 2023 the Company issued $300 million of senior notes due 2030. The proceeds were used to \
repay the term loan of $180 million. The notes are senior obligations of the Company.

The lease of the Oslo warehouse was terminated in August 2022. Derivatives are used to hedge \
currency exposure and are not used for speculation.

| | Year Ended December 31, |
| (in thousands) | 2023 | 2022 |
| Net sales | $ | 84,000 | $ | 75,000 |
| Research and development | 6,300 | 6,000 |
| Selling and administrative | 9,120 | 9,600 |
| Net loss | $ | (2,150 | ) | $ | (4,500 | ) |
"""
SOURCE = source_of(TEXT, meta={"company": "Fjord Coatings", "year": 2023})

TRUE = [
    "Sales of the Harbour segment grew by 12% to $84.0 million in fiscal 2023 from $75.0 million the year before, thanks to higher prices for its marine paint.",
    "In 2023 the company issued senior notes of $300 million due in 2030, while part of the proceeds went to repaying a term loan of $180 million.",
    "Research and development expense rose to $6.3 million in 2023, while selling and administrative expense declined by 5.0% to $9.12 million from $9.6 million in 2022.",
    "The ratio of research and development to net sales decreased to 7.5%.",
    "Research and development expense increased by 5.0% from 2022 to 2023.",
    "The net loss decreased by $2.35 million from 2022 to 2023.",
]
FALSE = [
    # A figure that the source hasn't, and that nothing leads to.
    "Sales of the Harbour segment grew by 19% to $84.0 million in fiscal 2023 from $75.0 million the year before, thanks to higher prices for its marine paint.",
    "In 2023 the company issued senior notes of $400 million due in 2030, while part of the proceeds went to repaying a term loan of $180 million.",
    # A direction turned round.
    "Sales of the Harbour segment decreased by 12% to $84.0 million in fiscal 2023 from $75.0 million the year before, thanks to higher prices for its marine paint.",
    "Research and development expense fell to $6.3 million in 2023, while selling and administrative expense declined by 5.0% to $9.12 million from $9.6 million in 2022.",
    # An opposite.
    "In 2023 the company issued junior notes of $300 million due in 2030, while part of the proceeds went to repaying a term loan of $180 million.",
    # More than the source says.
    "In 2023 the company issued senior notes of $300 million due in 2030, used solely and exclusively for repaying a term loan of $180 million that it had.",
    # Worked out wrongly.
    "Research and development expense increased by 6.1% from 2022 to 2023.",
    "The ratio of research and development to net sales decreased to 9.5%.",
    # No figure vouches for it.
    "The company moved its headquarters to a new building near the harbour and opened a research laboratory there together with a university.",
]


@pytest.mark.parametrize("claim", TRUE)
def test_true_claims_are_borne_out(claim: str) -> None:
    judged = prove(Sentence(0, claim), SOURCE)

    assert judged.is_supported
    assert judged.evidence
    assert 0.77 < (judged.score or 0) < 1


@pytest.mark.parametrize("claim", FALSE)
def test_false_claims_are_not(claim: str) -> None:
    judged = prove(Sentence(0, claim), SOURCE)

    assert judged.verdict is Verdict.NOT_FOUND
    assert judged.reasons


def test_reasons_name_the_words_of_the_claim() -> None:
    claim = FALSE[2].replace("12%", "19%")

    reasons = prove(Sentence(0, claim), SOURCE).reasons

    assert {(one.code, claim[one.start : one.end]) for one in reasons} >= {
        ("value", "19%"),
        ("direction", "decreased"),
    }


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Net sales were $84.0 million.", [How.SAID]),
        ("Net sales were 84.", [How.RESCALED]),
        ("Net sales rose by $9.0 million.", [How.COMPUTED]),
        ("Net sales rose by $8.0 million.", [How.MISSING]),
        ("Net sales and net loss: (84.0 + 75.0) / 2 = 79.5.", [How.RESCALED, How.RESCALED, How.COMPUTED]),
        ("The term loan was €180 million.", [How.MISSING]),
        ("Selling costs fell by 5.0% from 2022 to 2023.", [How.COMPUTED]),
        ("Selling costs fell by 5.0% from 2021 to 2022.", [How.MISSING]),
        ("As Note 7 on page 31 says, the term loan was $180 million.", [How.SAID]),
    ],
)  # fmt: skip
def test_figures_are_bound_to_the_source_or_worked_out(claim: str, expected: list[How]) -> None:
    found = bound(clauses_of(Sentence(0, claim)), index_of(SOURCE))

    assert [one.how for one in found] == expected


def test_a_figure_of_another_year_is_told_apart() -> None:
    index = index_of(SOURCE)
    texts = (
        "Selling costs were $9.60 million in 2022.",
        "Selling costs were $9.60 million in 2023.",
    )

    found = [bound(clauses_of(Sentence(0, text)), index)[0].is_of_period for text in texts]

    assert found == [True, False]


def test_clauses_part_at_conjunctions_and_not_within_numbers() -> None:
    text = (
        "Net sales rose to $1,250 million, driven by dearer marine paint, while freight costs fell."
    )

    clauses = clauses_of(Sentence(0, text))

    assert [text[one.start : one.end].strip() for one in clauses] == [
        "Net sales rose to $1,250 million",
        "driven by dearer marine paint",
        "while freight costs fell.",
    ]


@pytest.mark.parametrize(
    ("claim", "feature", "count"),
    [
        ("Gross margin rose because freight costs fell sharply in the second half.", "turned", 1),
        ("Gross margin fell because freight costs rose sharply in the second half.", "turned", 0),
        ("The net loss increased.", "turned_rows", 1),
        ("The net loss decreased.", "turned_rows", 0),
        ("Derivatives are used for speculation.", "denied", 1),
        ("The company didn't issue senior notes due 2030.", "denied", 1),
        ("The notes are junior obligations of the company.", "opposed", 1),
        ("Derivatives are used solely to hedge currency exposure.", "sweeping", 1),
        ("The lease of the Oslo warehouse was terminated in 2023.", "strange_years", 1),
        ("The lease of the Oslo warehouse was terminated in 2022.", "strange_years", 0),
        ("The lease of the Oslo warehouse was terminated in 2017.", "unknown_years", 1),
    ],
)
def test_what_speaks_against_a_claim(claim: str, feature: str, count: int) -> None:
    weighed = weigh(Sentence(0, claim), index_of(SOURCE))

    assert getattr(weighed.features, feature) == count


def test_exact_provers_go_first_and_a_refuted_claim_stays_so() -> None:
    proven = judge("Net sales were $84.0 million in 2023.", SOURCE)
    refuted = judge("Net sales were $85.0 million in 2023.", SOURCE)

    assert (proven.verdict, proven.score) == (Verdict.SUPPORTED, None)
    assert refuted.verdict is Verdict.CONTRADICTED
    assert score_of(refuted) < 0.1 < 0.9 < score_of(proven)


def test_what_is_only_borne_out_is_for_a_person_to_read() -> None:
    found = told(TRUE[3], SOURCE)

    assert found.verdict is Verdict.SUPPORTED
    assert 0.4 <= found.risk < 0.6


@pytest.mark.parametrize(
    "claim",
    [
        "",
        " ",
        "|||",
        "5",
        "%",
        "a" * 20_000,
        "1 2 3 " * 900,
        "\u200b",
        "9" * 500,
        "$0." + "0" * 400 + "1 fell",
    ],
)
@pytest.mark.parametrize(
    "text", ["", "|", "| 1 |\n| 2 |\n", "9" * 500 + " fell to 0.0 and 0." + "0" * 400 + "1.", TEXT]
)
def test_nothing_is_too_odd(claim: str, text: str) -> None:
    assert not prove(Sentence(0, claim), source_of(text)).is_supported


def test_a_source_of_three_hundred_pages_is_read_once_and_soon() -> None:
    page = "Costs of {} were $1.{} million in 2023, an increase of {} percent.\n\n"
    source = Source("".join(page.format(f"plant {at}", at, at % 40) for at in range(9000)) + TEXT)

    prove(Sentence(0, TRUE[0]), source)
    began = time.process_time()
    judged = prove(Sentence(0, TRUE[1]), source)

    assert judged.is_supported
    assert time.process_time() - began < 2
