from __future__ import annotations

import pytest

from summaries.authoring.claims import Claim
from summaries.authoring.schemas import OfferedSentence, OfferedTier
from summaries.authoring.tiers import findings_in_words, rendered, without_failing
from summaries.tiers import WORDS, Tier, count_words
from summaries.writing import Sentence
from tests.authoring import acme
from tests.authoring.test_claims import GROWTH, NET_INCOME, NET_INCOME_BEFORE, REVENUE, line

FACTS = {"revenue": (REVENUE.fact_id or 0, line("revenue, 2024").fact_id or 0)}
CASH = line("cash and equivalents, at the end of 2025").fact_id or 0


def claims() -> list[Claim]:
    told = (
        ("Acme Tools reported revenue of $8.4bn for the fiscal year ended 31 December 2025, up 5.0% from 2024.",
         FACTS["revenue"]),
        ("Net income rose 12.5% to $900m in 2025.",
         (NET_INCOME.fact_id or 0, NET_INCOME_BEFORE.fact_id or 0)),
        ("At the end of 2025, cash and equivalents stood at $1.5bn.", (CASH,)),
    )  # fmt: skip
    return [Claim(n, Sentence(text, facts), ()) for n, (text, facts) in enumerate(told, 1)]


OPENING = OfferedSentence(text=claims()[0].text, claims=[1])
PROFIT = OfferedSentence(text="Net income rose 12.5% to $900m.", claims=[2])
HELD = OfferedSentence(text=claims()[2].text, claims=[3])


def hook(*sentences: OfferedSentence) -> OfferedTier:
    return OfferedTier(sentences=list(sentences))


def test_sentences_carry_the_facts_of_the_claims_they_render() -> None:
    checked = rendered(Tier.HOOK, hook(OPENING, PROFIT, HELD), claims(), acme.SOURCES)
    assert checked.is_sound
    assert [read.sentence.text for read in checked.reads][1] == PROFIT.text
    assert [set(read.sentence.fact_ids) for read in checked.reads] == [
        set(claim.sentence.fact_ids) for claim in claims()
    ]


def test_half_of_a_claim_cites_no_more_than_what_proves_it() -> None:
    half = OfferedSentence(text="Net income was $900m in 2025.", claims=[1, 2])
    checked = rendered(Tier.HOOK, hook(OPENING, half, HELD), claims(), acme.SOURCES)
    assert checked.is_sound
    assert checked.reads[1].sentence.fact_ids == (NET_INCOME.fact_id,)


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        (OfferedSentence(text="Net income rose 15.2% to $900m.", claims=[2]), "12.50%"),
        (OfferedSentence(text="Net income fell 12.5% to $900m.", claims=[2]), "beside"),
        (OfferedSentence(text=PROFIT.text, claims=[]), "not cited"),
        (OfferedSentence(text=PROFIT.text, claims=[3]), "not cited"),
        (OfferedSentence(text=PROFIT.text, claims=[77]), "not cited"),
        (OfferedSentence(text="That is notable.", claims=[2]), ""),
    ],
)
def test_a_sentence_that_does_not_hold_is_named_in_words(
    wrong: OfferedSentence, finding: str
) -> None:
    checked = rendered(Tier.HOOK, hook(OPENING, wrong, HELD), claims(), acme.SOURCES)
    assert [read.position for read in checked.failing] == [1]
    told = findings_in_words(checked)
    assert told[0].startswith("Sentence 2: ")
    assert finding in told[0]


def test_a_length_out_of_range_is_named_in_words() -> None:
    checked = rendered(Tier.HOOK, hook(OPENING), claims(), acme.SOURCES)
    assert findings_in_words(checked) == ["The hook text has 18 words; it must have 25 to 50."]


def test_a_failing_sentence_is_dropped_where_the_rest_is_long_enough() -> None:
    lie = OfferedSentence(text="Net income rose 15.2% to $900m.", claims=[2])
    checked = rendered(Tier.HOOK, hook(OPENING, HELD, lie), claims(), acme.SOURCES)
    left = without_failing(Tier.HOOK, checked, acme.SOURCES)
    assert left.is_sound
    assert [read.sentence.text for read in left.reads] == [OPENING.text, HELD.text]
    least, most = WORDS[Tier.HOOK]
    assert least <= count_words(" ".join(read.sentence.text for read in left.reads)) <= most


def test_a_failing_sentence_stays_where_the_rest_is_too_short() -> None:
    lie = OfferedSentence(text="Net income rose 15.2% to $900m.", claims=[2])
    checked = rendered(Tier.HOOK, hook(OPENING, lie), claims(), acme.SOURCES)
    assert without_failing(Tier.HOOK, checked, acme.SOURCES) is checked


def test_what_is_left_is_read_again_without_the_period_that_a_dropped_sentence_named() -> None:
    """ "It" and the period may hang on the sentence that goes."""
    opening = OfferedSentence(text="Acme Tools did well in 2025.", claims=[1])
    several = [
        OfferedSentence(text="Net income rose 12.5% to $900m.", claims=[2]) for _ in range(5)
    ]
    checked = rendered(Tier.HOOK, hook(opening, *several), claims(), acme.SOURCES)
    left = without_failing(Tier.HOOK, checked, acme.SOURCES)
    assert not left.is_sound


def test_growth_line_stands_for_both_years() -> None:
    assert set(GROWTH.parts) == {REVENUE.id, line("revenue, 2024").id}
