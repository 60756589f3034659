"""Short claims of results and outlook against running text. Companies and figures are invented."""

from __future__ import annotations

import pytest

from summaries.verification.documents.prose import prove
from summaries.verification.documents.prose.facts import Role
from summaries.verification.documents.prose.reading import read
from summaries.verification.documents.results import Judged
from summaries.verification.documents.sources import Sentence, source_of
from summaries.verification.verdicts import Verdict

CALL = """Welcome to the third quarter 2021 call of Bellwater Pumps.
Third quarter net sales were $412.6 million, up 8% from $382 million a year ago.
On a GAAP basis, net income was $31 million or $1.12 per diluted share.
Adjusted earnings per share were $1.27, compared to $1.05 in the prior year.
Gross profit rose 11% to $150 million and free cash flow was $44 million.
In our Marine segment, sales were $96 million, up 3% sequentially and 12% year over year.
Organic sales grew 6%.
The Valves business reported an operating loss of $4 million.
Now to our outlook.
For the fourth quarter, we expect revenue of $420 million to $430 million.
We expect full year 2021 adjusted EBITDA to be in the range of $300 million to $310 million.
Capital expenditures should be approximately $60 million for the full year.
"""


def judged(claim: str, text: str = CALL, quarter: str = "Q3 2021") -> Judged:
    return prove(Sentence(0, claim), source_of(text, meta={"quarter": quarter}))


def codes(claim: str) -> list[str]:
    return [one.code for one in judged(claim).reasons]


@pytest.mark.parametrize(
    "claim",
    [
        "q3 sales rose 8 percent to $412.6 million.",
        "q3 sales $413 million.",
        "q3 2021 revenue $0.41 billion.",
        "q3 gaap earnings per share $1.12.",
        "q3 earnings per share $1.12.",
        "qtrly adjusted earnings per share $1.27.",
        "q3 adjusted earnings per share $1.27 versus $1.05.",
        "q3 gross profit rose 11 percent to $150 million.",
        "qtrly free cash flow $44 million.",
        "marine segment, q3 sales $96 million, up 3% sequentially and 12% year over year.",
        "q3 organic sales up 6%.",
        "valves business, q3 operating loss $4 million.",
        "sees q4 revenue $420 million to $430 million.",
        "sees fy 2021 adjusted ebitda $300 million - $310 million.",
        "expects 2021 capex of about $60 million.",
    ],
)
def test_a_claim_said_by_one_sentence_is_supported(claim: str) -> None:
    assert judged(claim).verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("q3 sales fell 8 percent to $412.6 million.", "direction"),
        ("q2 sales $412.6 million.", "period"),
        ("full-year sales $412.6 million.", "period"),
        ("q3 sales $382 million.", "value"),  # the year before's
        ("q3 gross profit $412.6 million.", "measure"),
        ("q3 dividend per share $1.12.", "measure"),
        ("q3 net income $150 million.", "measure"),
        ("q3 loss per share $1.12.", "sign"),
        ("q3 gaap earnings per share $1.27.", "basis"),
        ("q3 adjusted earnings per share $1.12.", "basis"),
        ("q3 sales $412.6 billion.", "value"),
        ("q3 sales 412.6 million shares.", "value"),
        ("q3 sales rose 11 percent.", "value"),
        ("q3 sales €412.6 million.", "value"),
        ("q3 sales $421.6 million.", "value"),
        ("q3 sales up 6%.", "value"),  # the organic ones
        ("marine segment, q3 sales $96 million, up 12% sequentially.", "period"),
        ("aerospace segment, q3 sales $96 million.", "unproven"),
        ("valves business, q3 operating income $4 million.", "sign"),
        ("sees q4 revenue $430 million to $420 million.", "value"),
        ("sees q1 revenue $420 million to $430 million.", "period"),
        ("sees fy revenue $420 million to $430 million.", "period"),
        ("sees q4 revenue $420 million.", "value"),
        ("q4 revenue $420 million.", "period"),  # will be, wasn't
        ("sees fy 2022 adjusted ebitda $300 million to $310 million.", "period"),
        ("sees fy 2021 free cash flow of $60 million.", "measure"),
        ("sees q3 sales $412.6 million.", "period"),  # was, not will be
    ],
)
def test_a_claim_that_differs_in_one_thing_is_not(claim: str, code: str) -> None:
    assert not judged(claim).is_supported
    assert codes(claim) == [code]


def test_a_claim_with_a_denial_is_left_to_others() -> None:
    assert judged("q3 sales did not rise 8 percent to $412.6 million.").verdict is Verdict.NOT_FOUND


def test_the_reason_says_what_the_source_says() -> None:
    found = judged("q3 loss per share $1.12.")
    assert found.verdict is Verdict.CONTRADICTED
    assert [one.text for one in found.reasons] == ["In the source $1.12 is no loss."]
    assert found.evidence[0].text.startswith("On a GAAP basis")


def test_another_figure_of_the_same_thing_contradicts() -> None:
    found = judged("q3 sales $437 million.")
    assert found.verdict is Verdict.CONTRADICTED
    assert [one.text for one in found.reasons] == ["The source says $412.6 million of it."]


def test_the_period_of_the_sentences_before_holds_on() -> None:
    text = "For the full year, we did well. Sales were $1.6 billion. The weather was mild."
    assert not judged("q4 sales $1.6 billion.", text, "Q4 2021").is_supported
    assert judged("fy sales $1.6 billion.", text, "Q4 2021").is_supported


def test_figures_told_apart_by_respectively() -> None:
    text = "GAAP and adjusted earnings per share were $0.61 and $0.83, respectively."
    assert judged("q3 gaap earnings per share $0.61.", text).is_supported
    assert judged("q3 adjusted earnings per share $0.83.", text).is_supported
    assert not judged("q3 gaap earnings per share $0.83.", text).is_supported


def test_a_former_guidance_is_no_outlook() -> None:
    text = "We now expect 2021 sales of $90 million, above our previous guidance of $80 million."
    assert judged("sees 2021 sales $90 million.", text).is_supported
    assert not judged("sees 2021 sales $80 million.", text).is_supported


def test_a_rise_over_the_quarter_before_may_name_that_quarter() -> None:
    text = "Third quarter sales of $50 million rose 4% from the second quarter."
    assert judged("q3 sales rose 4 percent sequentially.", text).is_supported
    assert not judged("q3 sales rose 4 percent year over year.", text).is_supported


def test_what_is_excluded_after_a_range_holds_for_all_of_it() -> None:
    text = "For 2021, we expect earnings per share of $3 to $3.25, excluding plant closure costs."
    assert judged("sees 2021 adjusted earnings per share $3 to $3.25.", text).is_supported
    assert not judged("sees 2021 gaap earnings per share $3 to $3.25.", text).is_supported


def test_a_company_is_one_that_the_source_names() -> None:
    assert judged("bellwater pumps - q3 sales $412.6 million.").is_supported
    assert not judged("orrin pumps - q3 sales $412.6 million.").is_supported


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Sales rose 5% to $20 million from $19 million.", "change level prior"),
        ("Sales increased $4 million to $20 million.", "change level"),
        ("Bookings grew by 21% and deposits by 17%.", "change change"),
        ("Net income was $6 million or $0.40 per share, a $3 million improvement.",
         "level level change"),
        ("Margin of 17.3% increased by 120 basis points.", "level change"),
        ("EPS was $3.31 this quarter versus $3.18 in the prior year.", "level prior"),
        ("Sales were $27 million compared to $21 million or $0.70 per share.",
         "level prior prior"),
    ],
)  # fmt: skip
def test_each_figure_has_its_role(text: str, roles: str) -> None:
    assert [one.role for one in read(text).facts] == [Role(one) for one in roles.split()]


def test_any_text_is_read() -> None:
    for text in ("", "$", "5%", "to $5", "$1 to " * 900, "sales " * 2000 + "$5", "(((", "Q3 Q3 %"):
        assert not judged(text).is_supported
        assert not judged("q3 sales $5 million.", text).is_supported


@pytest.mark.parametrize(
    ("text", "claim", "is_proven"),
    [
        ("Adjusted EPS is expected to be between $0.61 and $0.81 for 2021.", "sees 2021 adjusted eps$0.61 - $0.81.", True),
        ("Guidance for revenue remains $80 million to $85 million for 2021.", "reaffirms 2021 revenue guidance of $80 million to $85 million.", True),
        ("Revenue is expected to be $80 million to $85 million for 2021, in line with our July guidance.", "sees 2021 revenue $80 million to $85 million.", True),
        ("The loss per share is expected to be $0.10 to $0.08 for 2021.", "sees 2021 loss per share $0.08 to $0.10.", True),
        ("The loss per share is expected to be $0.08 to $0.10 for 2021.", "sees 2021 loss per share $0.10 to $0.08.", False),
    ],
)  # fmt: skip
def test_outlook_as_it_is_told(text: str, claim: str, is_proven: bool) -> None:
    source = source_of(text, meta={"ticker": "BWP", "quarter": "2021-Q3"})

    assert prove(Sentence(0, claim), source).is_supported is is_proven
