"""Claims in the source's own words: what proves them, and what one change makes of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from summaries.verification.documents.quoting import prove
from summaries.verification.documents.quoting.tokens import tokens_of
from summaries.verification.documents.results import Judged
from summaries.verification.documents.sources import Sentence, Source, source_of
from summaries.verification.verdicts import Verdict

TEXT = """Overview
Our harbour division opened two piers. In addition, we had revenue of $1,328 million in 2019,
compared to $1,201.5 million in 2018, primarily due to higher pier fees in Norway.
• Operating cost rose 4.5% to $62 million, which does not include depreciation of $8.1 million.
We do not believe that the pending lawsuit will raise our insurance cost by 10% in fiscal 2020.
Crane sales fell 12 basis points short of plan, excluding the two cranes sold to Sterna Marine.
the company 2019s lease cost was $ 4.0 million at a 5.75% ( 5.75 % ) rate , or $ 12 per metre .
Total dredging volume (unaudited) was 31 thousand tonnes. Net tonnage grew to 1.5 million tonnes.
"""
SOURCE = source_of(TEXT, meta={"company": "Gannet Harbours"})


def judged(claim: str, source: Source = SOURCE) -> Judged:
    return prove(Sentence(0, claim), source)


PROVEN = [
    "Its harbour division opened two piers.",
    "The company had revenue of $1,328 million in 2019, compared to $1,201.5 million in 2018,"
    " primarily due to higher pier fees in Norway.",
    "The company had revenue of $1.3 billion in 2019, compared to $1,201.5 million in 2018,"
    " primarily due to higher pier fees in Norway.",
    "Gannet Harbours had revenue of $1,328 million in 2019, compared to $1,202 million in 2018,"
    " primarily due to higher pier fees in Norway.",
    "The company had revenue of US$1,328 million in 2019, compared to $1,201.5 million in 2018.",
    "Operating cost rose 4.5 percent to $62 million, which does not include depreciation of $8.1"
    " million.",
    "The company's lease cost was $4.0 million at a 5.75% rate, or $12 per metre.",
    "Net tonnage grew to 1.5 million tonnes.",
    "Crane sales fell 12 bps short of plan, excluding the two cranes sold to Sterna Marine.",
    "The company does not believe that the pending lawsuit will raise its insurance cost by 10%"
    " in fiscal 2020.",
]


@pytest.mark.parametrize("claim", PROVEN)
def test_what_the_source_says_in_the_same_words_is_proven(claim: str) -> None:
    found = judged(claim)

    assert found.verdict is Verdict.SUPPORTED
    assert TEXT[found.evidence[0].start : found.evidence[0].end] == found.evidence[0].text


QUOTED = (
    "The company had revenue of $1,328 million in 2019, compared to $1,201.5 million in 2018,"
    " primarily due to higher pier fees in Norway."
)
CHANGED = [
    ("$1,328 million", "$1,382 million", "value"),
    ("$1,328 million", "$1.2 billion", "value"),
    ("$1,328 million", "$1,328 billion", "scale"),
    ("$1,328 million", "€1,328 million", "unit"),
    ("2019", "2017", "period"),
    ("higher", "lower", "direction"),
    ("pier fees", "crane fees", "measure"),
    ("Norway", "Chile", "name"),
    ("had revenue", "had no revenue", "negation"),
]


@pytest.mark.parametrize(("old", "new", "code"), CHANGED)
def test_one_change_refutes_and_says_what_differs(old: str, new: str, code: str) -> None:
    claim = QUOTED.replace(old, new)
    found = judged(claim)

    assert (found.verdict, [one.code for one in found.reasons]) == (Verdict.CONTRADICTED, [code])
    reason = found.reasons[0]
    assert claim[reason.start : reason.end] in new


def test_two_figures_the_other_way_round_are_no_quotation() -> None:
    claim = (
        "The company had revenue of $1,201.5 million in 2019, compared to $1,328 million in 2018."
    )
    found = judged(claim)

    assert [one.code for one in found.reasons] == ["order"]
    assert not found.is_supported


UNPROVEN = [
    # A negation, or who believes it, is left out.
    "The pending lawsuit will raise its insurance cost by 10% in fiscal 2020.",
    "The company does believe that the pending lawsuit will raise its insurance cost by 10% in"
    " fiscal 2020.",
    # What follows restricts it.
    "Crane sales fell 12 basis points short of plan.",
    "Operating cost rose 4.5% to $62 million.",
    # Percent is not basis points; a bracket that tells is not an aside.
    "Crane sales fell 12% short of plan, excluding the two cranes sold to Sterna Marine.",
    "Total dredging volume was 31 thousand tonnes.",
    # Rounded too roughly, or to a place it doesn't show.
    "Net tonnage grew to 2 million tonnes.",
    "Net tonnage grew to 1.50 billion tonnes.",
    "Its harbour division opened three piers.",
    # Another company.
    "Sterna Marine had revenue of $1,328 million in 2019, compared to $1,201.5 million in 2018.",
    "Nothing of the kind is said anywhere in this document.",
    "",
    "Overview",
]


@pytest.mark.parametrize("claim", UNPROVEN)
def test_what_the_source_does_not_say_is_not_proven(claim: str) -> None:
    assert not judged(claim).is_supported


def test_a_line_that_breaks_mid_sentence_still_hides_who_said_it() -> None:
    source = source_of("The board never decided that\nGannet will pay a dividend of $3 a share.")

    assert not judged("Gannet will pay a dividend of $3 a share.", source).is_supported


def test_zero_of_another_scale_is_not_the_same_zero() -> None:
    source = source_of(
        "Pier closures lowered cost of sales by $0.0 million during fiscal year 2019."
    )

    assert not judged(
        "Pier closures lowered cost of sales by $0.0 billion during fiscal year 2019.", source
    ).is_supported


def test_white_space_within_a_figure_changes_nothing() -> None:
    source = source_of("Dredging outlays totalled $3,988\xa0 million\n for the year.")
    found = judged("Dredging outlays totalled $3,988 million for the year.", source)

    assert found.is_supported
    assert found.evidence[0].text == source.text.removesuffix(".")


def test_tokens_are_equal_across_person_number_and_scale() -> None:
    keys = [[one.key for one in tokens_of(text)] for text in (
        "We have our piers' fee of $1.2 billion", "The company has its pier's fees of US$1,200 million",
    )]  # fmt: skip

    assert (
        keys[0] == keys[1] == ["<we>", "has", "<its>", "pier", "fee", "of", "1200000000|money|USD"]
    )


TOLD = source_of(
    "In 2023 we bought the remaining stake in Quay Two from our partner for $30.3 million.\n\n"
    + "The east quay was repaired in spring by divers. " * 20
    + "\n\n"
    "Our senior notes had a fair value of $52 million. Dredging expenses decreased by 4%, while"
    " pilot fees were not raised. Deductible goodwill was not recognised.\n\n"
    "In 2021 we sold the junior notes.",
    meta={"company": "Gannet Harbours"},
)


@pytest.mark.parametrize(
    ("claim", "is_proven"),
    [
        ("In 2023 the company purchased the remaining stake in Quay Two for $30.3 million, while its"
         " senior notes had a fair value of $52 million.", True),
        ("In 2023 the company purchased the remaining stake in Quay Two for $33.0 million, while its"
         " senior notes had a fair value of $52 million.", False),
        ("In 2022 the company purchased the remaining stake in Quay Two for $30.3 million, while its"
         " senior notes had a fair value of $52 million.", False),
        ("In 2023 the company purchased the remaining stake in Quay Two for $30.3 million, while its"
         " junior notes had a fair value of $52 million.", False),
        ("In 2023 the company never purchased the remaining stake in Quay Two for $30.3 million,"
         " while its senior notes had a fair value of $52 million.", False),
        ("Senior notes had a fair value of $52 million, while higher dredging expenses were up by"
         " 4%.", False),
    ],
)  # fmt: skip
def test_other_words_prove_only_with_the_same_figures_years_and_things(
    claim: str, is_proven: bool
) -> None:
    assert judged(claim, TOLD).is_supported is is_proven


def test_the_same_words_put_otherwise_are_no_paraphrase() -> None:
    source = source_of(
        "Outlays at the quay were $6 million in 2019, less in 2018 after upgrades in 2018."
    )
    claim = "Outlays at the quay were $6 million in 2018, less in 2019 after upgrades in 2019."

    assert not judged(claim, source).is_supported


def test_a_claim_of_many_pages_is_not_found() -> None:
    text = "Pier fees rose by $4 million. " * 200

    assert judged(text, source_of(text)).verdict is Verdict.NOT_FOUND


NAMES = st.sampled_from(("Pier fees", "Crane rents", "Dredging income", "Tug revenue"))
VERBS = st.sampled_from(("rose", "fell", "increased", "declined"))
AMOUNTS = st.decimals(Decimal("1.1"), Decimal("989.9"), places=1)
SCALES = st.sampled_from(("million", "billion", "thousand"))
YEARS = st.integers(2005, 2024)


@given(NAMES, VERBS, AMOUNTS, AMOUNTS, SCALES, YEARS, st.data())
@settings(max_examples=150, deadline=None)
def test_any_changed_digit_unproves_a_quotation(
    name: str, verb: str, old: Decimal, new: Decimal, scale: str, year: int, data: st.DataObject
) -> None:
    claim = f"{name} at the north quay {verb} from ${old} {scale} to ${new} {scale} in {year}."
    source = source_of(f"Results\nIn addition, {claim} The quay was repaired in spring.")
    assert judged(claim, source).is_supported

    at = data.draw(st.sampled_from([at for at, one in enumerate(claim) if one.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != claim[at])
    assert not judged(claim[:at] + digit + claim[at + 1 :], source).is_supported


@given(st.text(max_size=300), st.text(max_size=600))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(claim: str, text: str) -> None:
    judged(claim, source_of(text))
    judged(text, source_of(text + claim))


@given(st.text("0123456789,.-()$€% \nmİß’'", max_size=120))
@settings(max_examples=200, deadline=None)
def test_no_heap_of_marks_raises(text: str) -> None:
    judged(text, source_of(f"{text} {text}"))
