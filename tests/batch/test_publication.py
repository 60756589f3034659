from __future__ import annotations

from itertools import product

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from summaries.actions import (
    TRANSITIONS,
    IllegalTransition,
    NotPublishable,
    publish,
    reject,
    reverify,
    summarise,
    withdraw,
)
from summaries.actions.states import move
from summaries.models import AuditEvent, Citation, Claim, Stock, Summary
from tests.batch.test_summarise import change_a_fact, states
from tests.batch.writers import lying, too_short, wrong_amount

pytestmark = pytest.mark.django_db
STATES = list(Summary.State)


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_only_the_table_s_transitions_are_possible(before: str, after: str) -> None:
    stock = Stock.objects.create(ticker="ACMT", cik=1, name="Acme Tools")
    summary = Summary.objects.create(
        stock=stock, version=1, state=before, risk=0, state_reason="Some reason.",
        data_through=timezone.now().date(), published_at=timezone.now(),
    )  # fmt: skip
    if after in TRANSITIONS[before]:
        move(summary=summary, to=after, reason="Because.")
        assert Summary.objects.get().state == after
        assert AuditEvent.objects.get().detail == {
            "stock": "ACMT", "version": 1, "reason": "Because.",
        }  # fmt: skip
    else:
        with pytest.raises(IllegalTransition, match=f"is {before}"):
            move(summary=summary, to=after)
        assert Summary.objects.get().state == before
        assert not AuditEvent.objects.exists()


def test_reviewer_publishes_a_text_held_for_its_length(apple: Stock) -> None:
    reviewer = User.objects.create(username="ops")
    summarise(stock=apple)
    change_a_fact(apple)
    held = summarise(stock=apple, writer=too_short).summary
    assert held
    publish(summary=held, by=reviewer, reason="Short but right.")
    assert states(apple) == [(1, "superseded"), (2, "published")]
    event = AuditEvent.objects.filter(action="publish").order_by("pk").last()
    assert event
    assert (event.actor, event.detail["reason"]) == (reviewer, "Short but right.")


def test_nobody_publishes_what_the_sources_contradict(apple: Stock) -> None:
    held = summarise(stock=apple, writer=lying).summary
    assert held
    with pytest.raises(NotPublishable) as refused:
        publish(summary=held)
    assert [one.tier for one in refused.value.failing] == ["medium"]
    assert states(apple) == [(1, "held")]


def test_decisions_are_final(apple: Stock) -> None:
    held = summarise(stock=apple, writer=too_short).summary
    assert held
    reject(summary=held, reason="Too short.")
    for decide in (publish, withdraw, reject):
        with pytest.raises(IllegalTransition):
            decide(summary=held, reason="Again.")
    assert states(apple) == [(1, "rejected")]


@pytest.fixture
def published(apple: Stock) -> Summary:
    summary = summarise(stock=apple).summary
    assert summary
    assert summary.state == "published"
    return summary


def failing(summary: Summary) -> list[tuple[str, int]]:
    return [(one.tier, one.position) for one in reverify(summary)]


def test_published_text_holds_when_read_again(published: Summary) -> None:
    assert reverify(published) == []


def test_one_wrong_digit_is_named(published: Summary) -> None:
    claim = published.claims.filter(tier="expanded", text__contains="$").first()
    assert claim
    Claim.objects.filter(pk=claim.pk).update(text=wrong_amount(claim.text))
    found = reverify(published)
    assert {(one.tier, one.position) for one in found} == {("expanded", claim.position + 1)}
    assert found[0].text == wrong_amount(claim.text)
    assert str(found[0]).startswith(f"AAPL expanded sentence {claim.position + 1}: ")


def test_changed_fact_is_named_by_every_claim_that_cites_it(published: Summary) -> None:
    citation = Citation.objects.filter(fact__isnull=False).select_related("fact").first()
    assert citation
    assert citation.fact
    citation.fact.value += 1
    citation.fact.save()
    citing = set(
        Claim.objects.filter(citations__fact=citation.fact).values_list("tier", "position")
    )
    assert {(tier, place + 1) for tier, place in citing} <= set(failing(published))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "Revenue 1"}, "does not say"),
        ({"start": 0, "end": 9}, "does not say"),
        ({"claim_end": 9999}, "beyond the end"),
    ],
)
def test_broken_citation_is_named(
    published: Summary, change: dict[str, object], reason: str
) -> None:
    citation = Citation.objects.order_by("pk").first()
    assert citation
    Citation.objects.filter(pk=citation.pk).update(**change)
    found = reverify(published)
    assert [reason in one.reason for one in found] == [True]


def test_claim_without_citation_is_named(published: Summary) -> None:
    claim = published.claims.get(tier="hook", position=0)
    claim.citations.all().delete()
    found = {(one.tier, one.position) for one in reverify(published)}
    assert found == {("hook", 1)}
