from __future__ import annotations

import pytest

from summaries import writing
from summaries.actions import InputsChanged, Outcome, reject, summarise, withdraw
from summaries.models import (
    AuditEvent,
    BatchItem,
    Citation,
    Claim,
    Document,
    Fact,
    Finding,
    Stock,
    Summary,
)
from summaries.tiers import WORDS, Tier, count_words
from tests.batch.writers import lying, too_short, uncited

pytestmark = pytest.mark.django_db
State = BatchItem.State


def change_a_fact(stock: Stock) -> None:
    """The newest annual revenue turns out one dollar higher."""
    fact = (
        Fact.objects.filter(stock=stock, concept__icontains="revenue", filing__form="10-K")
        .order_by("-end", "-filing__filed")
        .first()
    )
    assert fact is not None
    fact.value += 1
    fact.save()


def states(stock: Stock) -> list[tuple[int, str]]:
    return list(stock.summaries.order_by("version").values_list("version", "state"))


def test_summary_is_published_whole_and_every_sentence_proven(apple: Stock) -> None:
    outcome = summarise(stock=apple)
    summary = Summary.objects.get()
    assert (outcome.state, outcome.summary, outcome.message) == (State.PUBLISHED, summary, "")
    assert (summary.version, summary.state, summary.writer) == (1, "published", writing.WRITER)
    for tier in Tier:
        least, most = WORDS[tier]
        assert least <= count_words(summary.tier_text(tier.value)) <= most
    assert set(Claim.objects.values_list("verdict", flat=True)) == {"supported"}
    assert not Claim.objects.filter(citations=None).exists()
    assert not Finding.objects.exists()
    for citation in Citation.objects.select_related("document", "claim"):
        assert citation.document.text[citation.start : citation.end] == citation.quote
        assert citation.claim.text[citation.claim_start : citation.claim_end]
    event = AuditEvent.objects.get()
    assert (event.action, event.from_state, event.to_state) == ("publish", "draft", "published")
    apple.refresh_from_db()
    assert (apple.coverage, apple.coverage_inputs) == ("enough", summary.inputs_hash)


def test_citations_point_at_the_figure_they_prove(apple: Stock) -> None:
    summarise(stock=apple)
    spans = [
        (citation.claim.text[citation.claim_start : citation.claim_end], citation.claim.text)
        for citation in Citation.objects.select_related("claim")
    ]
    assert [whole for span, whole in spans if span == whole] == []
    assert "$416.2bn" in [span for span, _ in spans]


def test_same_facts_change_nothing(apple: Stock) -> None:
    first = summarise(stock=apple)
    second = summarise(stock=Stock.objects.get(pk=apple.pk))
    assert second == Outcome(State.UNCHANGED, first.summary)
    assert states(apple) == [(1, "published")]
    assert AuditEvent.objects.count() == 1


def test_changed_fact_makes_a_new_version_and_keeps_the_old(apple: Stock) -> None:
    summarise(stock=apple)
    cited = set(Citation.objects.values_list("document", flat=True))
    change_a_fact(apple)
    assert summarise(stock=apple).state == State.PUBLISHED
    assert states(apple) == [(1, "superseded"), (2, "published")]
    assert set(Document.objects.filter(pk__in=cited).values_list("pk", flat=True)) == cited
    trail = AuditEvent.objects.order_by("pk").values_list("action", "detail__version")
    assert list(trail) == [("publish", 1), ("supersede", 1), ("publish", 2)]


@pytest.mark.parametrize(
    ("writer", "reason"),
    [
        (lying, "medium sentence"),
        (too_short, "The expanded text has"),
        (uncited, "hook sentence 1"),
    ],
)
def test_text_that_does_not_hold_is_held_with_reasons(
    apple: Stock, writer: object, reason: str
) -> None:
    outcome = summarise(stock=apple, writer=writer)  # type: ignore[arg-type]
    held = Summary.objects.get()
    assert (outcome.state, held.state) == (State.HELD, "held")
    assert held.state_reason.startswith(reason)
    assert (writer is too_short) != Finding.objects.exists()


def test_held_text_is_not_written_again_and_the_page_keeps_the_last_good_one(apple: Stock) -> None:
    summarise(stock=apple)
    change_a_fact(apple)
    first = summarise(stock=apple, writer=lying)
    again = summarise(stock=apple, writer=lying)
    assert (first.state, again) == (State.HELD, first)
    assert states(apple) == [(1, "published"), (2, "held")]


def test_newer_text_takes_older_ones_out_of_the_review_queue(apple: Stock) -> None:
    summarise(stock=apple, writer=lying)
    change_a_fact(apple)
    summarise(stock=apple, writer=too_short)
    change_a_fact(apple)
    summarise(stock=apple)
    assert states(apple) == [(1, "superseded"), (2, "superseded"), (3, "published")]


def test_rejected_and_withdrawn_texts_are_not_written_again(companies: list[Stock]) -> None:
    one, other = companies[0], companies[1]
    held = summarise(stock=one, writer=lying).summary
    published = summarise(stock=other).summary
    assert held
    assert published
    reject(summary=held, reason="Wrong.")
    withdraw(summary=published, reason="Restated.")
    for stock, word in ((one, "rejected"), (other, "withdrawn")):
        outcome = summarise(stock=stock)
        assert (outcome.state, word in outcome.message) == (State.UNCHANGED, True)
        assert states(stock) == [(1, word)]


def test_stock_without_facts_is_not_enough_and_not_asked_again(db: None) -> None:
    stock = Stock.objects.create(ticker="BARE", cik=7, name="Bare Corp")
    first = summarise(stock=stock)
    stock.refresh_from_db()
    assert (first.state, stock.coverage) == (State.NOT_ENOUGH, "not_enough")
    assert first.message == stock.coverage_reason != ""
    assert summarise(stock=stock) == first
    assert AuditEvent.objects.count() == 1
    assert not Summary.objects.exists()


def test_fact_changed_while_writing_stores_nothing(apple: Stock) -> None:
    def writer(*inputs: object) -> writing.Draft:
        draft = writing.write(*inputs)  # type: ignore[arg-type]
        change_a_fact(apple)
        return draft

    with pytest.raises(InputsChanged):
        summarise(stock=apple, writer=writer)
    assert not Summary.objects.exists()


def test_what_close_raises_undoes_everything(apple: Stock) -> None:
    def close(outcome: Outcome) -> None:
        assert Summary.objects.filter(state="published").exists()
        raise RuntimeError("lost")

    with pytest.raises(RuntimeError):
        summarise(stock=apple, close=close)
    assert not Summary.objects.exists()
    assert not AuditEvent.objects.exists()
    apple.refresh_from_db()
    assert apple.coverage == "unknown"
