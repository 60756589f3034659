"""A pasted text on real facts and filed documents, for readers with and without licences."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from summaries.marking import Kind, Marked, MarkedClaim, TooLong, mark
from summaries.models import AuditEvent, Document, Fact, Stock
from summaries.verification import Level, Verdict
from tests.factories import (
    make_fundamental,
    make_note,
    make_plan,
    make_published_summary,
    make_user,
)

pytestmark = pytest.mark.django_db
TRUE = (
    "Apple's revenue was $416.2 billion in fiscal 2025, up 6.4% from the year before. "
    "Net income rose 19.5% to $112.0 billion. "
    "Apple earned $7.46 a share in the year to 27 September 2025.\n\n"
    "Revenue continued to grow in fiscal 2025."
)
SUPPORTED, CONTRADICTED, NOT_FOUND = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_FOUND


def checked(text: str, stock: Stock, **more: Any) -> Marked:
    reader = more.pop("reader", None) or make_user("reader", "advisor")
    return mark(text, stock=stock, reader=reader, **more)


def only(text: str, stock: Stock, **more: Any) -> MarkedClaim:
    [claim] = checked(text, stock, **more).claims
    return claim


def test_true_text_is_supported_and_each_claim_leads_to_its_facts(apple: Stock) -> None:
    found = checked(TRUE, apple)
    assert (found.verdict, found.risk, found.level) == (SUPPORTED, Decimal(0), Level.LOW)
    assert [claim.verdict for claim in found.claims] == [SUPPORTED] * 4
    assert [TRUE[claim.start : claim.end] for claim in found.claims] == [
        claim.text for claim in found.claims
    ]
    assert "".join(claim.text for claim in found.claims).count("416.2") == 1
    revenue = found.claims[0].evidence[0]
    assert revenue.fact
    fact = Fact.objects.get(pk=revenue.fact)
    assert (revenue.value, revenue.url) == (Decimal(416161000000), f"/facts/{fact.pk}/")
    assert revenue.source == "10-K filed 31 October 2025"
    assert all(claim.evidence and not claim.reasons for claim in found.claims)


def test_one_digit_changed_is_contradicted_with_the_right_value(apple: Stock) -> None:
    found = checked(TRUE.replace("$112.0", "$113.0"), apple)
    assert [claim.verdict for claim in found.claims] == [
        SUPPORTED, CONTRADICTED, SUPPORTED, SUPPORTED,
    ]  # fmt: skip
    assert (found.verdict, found.risk, found.level) == (CONTRADICTED, Decimal(1), Level.CRITICAL)
    wrong = found.claims[1]
    [reason] = wrong.reasons
    assert "net income for fiscal 2025 was $112.01bn" in reason.text
    text = TRUE.replace("$112.0", "$113.0")
    assert text[reason.start : reason.end] == "$113.0 billion"
    assert wrong.evidence[0].value == Decimal(112010000000)


def test_text_about_another_company_is_contradicted(apple: Stock) -> None:
    claim = only("Microsoft's revenue was $416.2 billion in fiscal 2025.", apple)
    assert (claim.verdict, claim.reasons[0].code) == (CONTRADICTED, "entity")
    assert "Microsoft" in claim.reasons[0].text


def test_unknown_name_decides_nothing(acme: Stock) -> None:
    """Services may be a part of the company: its figure is not the company's."""
    assert only("Wearables revenue was $35.7 billion in 2024.", acme).verdict is NOT_FOUND


def test_words_that_nobody_understood_are_told_once(acme: Stock) -> None:
    claim = only("Revenue wobbled and zigzagged to $130 billion in 2024.", acme)
    assert claim.verdict is NOT_FOUND
    [reason] = [one for one in claim.reasons if one.code == "unread"]
    assert reason.text == "Not all of it was understood: “wobbled”, “zigzagged”"
    assert claim.text[reason.start : reason.end] == "wobbled"


def test_judgement_on_a_proven_figure_is_a_doubt(acme: Stock) -> None:
    claim = only("Acme reported strong revenue of $130 billion in 2024.", acme)
    assert (claim.verdict, claim.level) == (SUPPORTED, Level.LOW)
    assert claim.risk == Decimal("0.12")
    assert [reason.code for reason in claim.reasons] == ["judgement"]
    wrong = only(
        "Acme reported strong revenue of $131 billion in 2024.", acme,
        reader=make_user("other", "advisor"),
    )  # fmt: skip
    assert (wrong.verdict, [one.code for one in wrong.reasons]) == (CONTRADICTED, ["value"])
    assert [(one.value, one.verdict) for one in wrong.evidence] == [
        (Decimal(130_000_000_000), CONTRADICTED)
    ]


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        ("Acme is a great company with an attractive price.", Kind.OPINION, Verdict.NOT_CHECKABLE),
        ("Margins will improve next year.", Kind.FORWARD, Verdict.NOT_CHECKABLE),
        ("The shares will reach $500 next year.", Kind.FORWARD, NOT_FOUND),
        ("Results at a glance", Kind.NONE, Verdict.NOT_CHECKABLE),
        ("How did Acme do?", Kind.NONE, Verdict.NOT_CHECKABLE),
        ("Its devices are assembled by partners abroad.", Kind.QUALITATIVE, NOT_FOUND),
        ("Revenue was $430 billion in 2027.", Kind.FIGURE, NOT_FOUND),
    ],
)
def test_kinds(acme: Stock, text: str, kind: Kind, verdict: Verdict) -> None:
    claim = only(text, acme)
    assert (claim.kind, claim.verdict) == (kind, verdict)
    assert (claim.risk == 0) == (kind is Kind.NONE)
    assert claim.reasons or kind is Kind.NONE


def test_a_text_of_headings_is_for_a_person_to_read(acme: Stock) -> None:
    found = checked("Results at a glance", acme)
    assert (found.verdict, found.level) == (Verdict.NOT_CHECKABLE, Level.MEDIUM)


# Documents


def test_filed_words_support_a_claim_at_their_place(filed: Document) -> None:
    assert filed.stock
    claim = only(
        "Its supply chain depends on a single harbour in the north of the country.", filed.stock
    )
    assert claim.verdict is SUPPORTED
    [evidence] = claim.evidence
    assert evidence.document == filed.pk
    assert filed.text[evidence.start : evidence.end] == evidence.quote
    assert "single harbour" in evidence.quote
    assert evidence.url == (
        f"/documents/{filed.pk}/?start={evidence.start}&end={evidence.end}#quote"
    )
    assert evidence.source == "10-K filed 14 February 2025"


def test_filed_table_supports_and_refutes(filed: Document) -> None:
    assert filed.stock
    text = "Services net sales were $109.2 billion in 2024. Services net sales were $119.2 billion in 2024."
    true, wrong = checked(text, filed.stock).claims
    assert (true.verdict, wrong.verdict) == (SUPPORTED, CONTRADICTED)
    for claim in (true, wrong):
        [evidence] = claim.evidence
        assert filed.text[evidence.start : evidence.end] == evidence.quote == "109,158"
        assert evidence.label == "Services, 2024"
    assert "109,158" in wrong.reasons[0].text


def test_guidance_told_as_a_result_is_not_found(filed: Document) -> None:
    assert filed.stock
    reader = make_user("anna", "advisor")
    told = only(
        "Net sales were $110 million in the first quarter of 2025.", filed.stock, reader=reader
    )
    assert (told.verdict, told.reasons[-1].code) == (NOT_FOUND, "guidance")
    expected = only(
        "The company expects net sales of $110 million in the first quarter of 2025.", filed.stock,
        reader=reader,
    )  # fmt: skip
    assert expected.verdict is SUPPORTED


def test_as_of_before_the_filing_nothing_is_known(filed: Document) -> None:
    assert filed.stock
    text = "Services net sales were $109.2 billion in 2024."
    claim = only(text, filed.stock, as_of=datetime(2025, 2, 1, tzinfo=UTC))
    assert (claim.verdict, claim.evidence) == (NOT_FOUND, ())


# Licences

CLAIM = "Order intake of the harbour division doubled to $77 million in 2024."


def test_what_research_alone_supports_is_not_found_without_the_licence(filed: Document) -> None:
    assert filed.stock
    without, within = make_user("anna", "advisor"), make_user("otto", "advisor")
    before = mark(CLAIM, stock=filed.stock, reader=without)
    make_note(filed.stock, make_plan(within), text=f"We visited the company. {CLAIM}")
    after = mark(CLAIM, stock=filed.stock, reader=without)
    assert before == after
    assert after.claims[0].verdict is NOT_FOUND
    [claim] = mark(CLAIM, stock=filed.stock, reader=within).claims
    assert claim.verdict is SUPPORTED
    assert claim.evidence[0].source == "research of Example Securities, 3 November 2025"


def test_sources_that_disagree_are_both_told(filed: Document) -> None:
    assert filed.stock
    reader, other = make_user("otto", "advisor"), make_user("anna", "advisor")
    text = "Services net sales were $109.2 billion in 2024."
    plain = mark(text, stock=filed.stock, reader=other)
    make_note(filed.stock, make_plan(reader), text="Services net sales were $96.0 billion in 2024.")
    [claim] = mark(text, stock=filed.stock, reader=reader).claims
    assert (claim.verdict, claim.level) == (SUPPORTED, Level.MEDIUM)
    [both] = claim.disagreements
    assert both.supporting.document == filed.pk
    assert "96.0 billion" in both.contradicting.quote
    assert both.text in [reason.text for reason in claim.reasons]
    assert "research of Example Securities" in both.text
    assert mark(text, stock=filed.stock, reader=other) == plain


def test_market_data_that_differs_is_told(acme: Stock) -> None:
    text = "Revenue was $130 billion in 2024."
    reader, ended = make_user("anna", "advisor"), date(2024, 12, 28)
    same, later = (datetime(2025, month, 1, tzinfo=UTC) for month in (3, 4))
    make_fundamental(acme, "130000000000", known_at=same, fiscal_end=ended)
    assert only(text, acme, reader=reader).disagreements == ()
    make_fundamental(acme, "129000000000", known_at=later, fiscal_end=ended)
    claim = only(text, acme, reader=reader)
    assert claim.verdict is SUPPORTED
    assert [one.contradicting.value for one in claim.disagreements] == [Decimal(129000000000)]
    assert only(text, acme, reader=make_user("nobody")).disagreements == ()


# What is kept, and bounds


def test_nothing_of_the_text_is_kept(acme: Stock) -> None:
    reader = make_user("anna", "advisor")
    mark(TRUE, stock=acme, reader=reader)
    [event] = AuditEvent.objects.filter(action="check a text")
    assert (event.actor, event.subject_type, event.subject_id) == (reader, "stock", str(acme.pk))
    assert event.detail == {
        "stock": "ACME", "characters": len(TRUE), "sentences": 4,
        "sha256": hashlib.sha256(TRUE.encode()).hexdigest(),
    }  # fmt: skip


def test_too_long_a_text_is_refused(acme: Stock, settings: Any) -> None:
    settings.CHECK_CHARACTERS = 100
    with pytest.raises(TooLong, match="send at most 100"):
        checked("x" * 101, acme)


def test_strange_texts_end_soon(acme: Stock) -> None:
    """Nothing takes quadratic time, and nothing of it is supported."""
    texts = (
        "1 " * 10_000, "\n" * 19_999 + "x", "Q1 2025 " * 2_500, "(" * 20_000, "| 1 | 2 |\n" * 200,
        "in the latest fiscal year, " * 700, "again " * 3_300, "a" * 20_000,
    )  # fmt: skip
    reader = make_user("anna", "advisor")
    started = time.process_time()
    for text in texts:
        found = mark(text, stock=acme, reader=reader)
        assert SUPPORTED not in {claim.verdict for claim in found.claims}
    assert time.process_time() - started < 15


def test_a_stock_without_anything_supports_nothing() -> None:
    summary = make_published_summary()
    Fact.objects.all().delete()
    found = checked("Revenue was $1.2bn in 2024. It rose.", summary.stock)
    assert {claim.verdict for claim in found.claims} <= {NOT_FOUND, Verdict.NOT_CHECKABLE}


def test_offsets_hold_in_any_script(acme: Stock) -> None:
    text = "📈 Überblick:\n• Revenue was $130 billion in 2024.\n\t• Net income rose 38.9%\u00a0to $25 billion."
    found = checked(text, acme)
    assert [text[one.start : one.end] for one in found.claims] == [one.text for one in found.claims]
    assert [one.verdict for one in found.claims][1:] == [SUPPORTED, SUPPORTED]
    assert replace(found.claims[1], risk=Decimal(0)) == found.claims[1]
