"""What reviewers decide, as the actions do it: with the rules that no page can go around."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from summaries.actions import (
    AlreadyApproved,
    IllegalTransition,
    NoReason,
    NotApproved,
    NotPublishable,
    RewritesSpent,
    SameAgain,
    Stale,
    approve,
    ask_rewrite,
    fingerprint,
    mark_false_alarm,
    publish,
    reject,
    summarise,
)
from summaries.models import Approval, AuditEvent, BatchItem, Claim, Finding, Stock, Summary
from tests.batch.test_summarise import change_a_fact, states
from tests.batch.writers import lying, too_short

pytestmark = pytest.mark.django_db
State = BatchItem.State


@pytest.fixture
def otto(db: None) -> User:
    return User.objects.create(username="otto")


@pytest.fixture
def sara(db: None) -> User:
    return User.objects.create(username="sara")


@pytest.fixture
def short(apple: Stock) -> Summary:
    """Held for its length: every sentence holds."""
    summary = summarise(stock=apple, writer=too_short).summary
    assert summary
    return summary


@pytest.fixture
def wrong(apple: Stock) -> Summary:
    """Held for a figure of its medium text."""
    summary = summarise(stock=apple, writer=lying).summary
    assert summary
    return summary


def actions() -> list[str]:
    events = AuditEvent.objects.exclude(action="hold").order_by("pk")
    return list(events.values_list("action", flat=True))


# Approving


def test_one_approval_publishes(apple: Stock, short: Summary, otto: User) -> None:
    assert approve(summary=short, by=otto, reason="Short but right.")
    assert states(apple) == [(1, "published")]
    assert actions() == ["approve", "publish"]


def test_with_the_rule_nobody_publishes_alone_by_any_way(
    apple: Stock, short: Summary, otto: User, sara: User, settings: Settings
) -> None:
    settings.REVIEW_TWO_PEOPLE = True
    with pytest.raises(NotApproved, match="FA_REVIEW_TWO_PEOPLE"):
        publish(summary=short, by=otto)
    assert not approve(summary=short, by=otto)
    with pytest.raises(AlreadyApproved, match="somebody else"):
        approve(summary=short, by=otto)
    with pytest.raises(NotApproved):
        publish(summary=short, by=otto)
    assert states(apple) == [(1, "held")]
    assert approve(summary=short, by=sara)
    assert states(apple) == [(1, "published")]
    assert actions() == ["approve", "approve", "publish"]


def test_an_approval_is_of_one_text(
    apple: Stock, short: Summary, otto: User, sara: User, settings: Settings
) -> None:
    settings.REVIEW_TWO_PEOPLE = True
    approve(summary=short, by=otto)
    change_a_fact(apple)
    newer = summarise(stock=apple, writer=too_short).summary
    assert newer
    assert not approve(summary=newer, by=sara)
    with pytest.raises(IllegalTransition, match="is superseded"):
        approve(summary=short, by=sara)
    assert states(apple) == [(1, "superseded"), (2, "held")]


def test_nobody_approves_what_the_sources_contradict(
    wrong: Summary, otto: User, settings: Settings
) -> None:
    settings.REVIEW_TWO_PEOPLE = True
    with pytest.raises(NotPublishable, match="1 claim is not supported"):
        approve(summary=wrong, by=otto)
    assert not Approval.objects.exists()


def test_a_text_is_read_again_before_the_second_approval_publishes_it(
    apple: Stock, short: Summary, otto: User, sara: User, settings: Settings
) -> None:
    settings.REVIEW_TWO_PEOPLE = True
    approve(summary=short, by=otto)
    change_a_fact(apple)
    with pytest.raises(NotPublishable):
        approve(summary=short, by=sara)
    assert states(apple) == [(1, "held")]


def test_a_changed_text_is_not_what_was_seen(short: Summary, otto: User) -> None:
    seen = fingerprint(short)
    assert fingerprint(Summary.objects.get(pk=short.pk)) == seen
    claim = short.claims.all()[0]
    Claim.objects.filter(pk=claim.pk).update(text="Another.")
    for decide in (approve, ask_rewrite, reject):
        with pytest.raises(Stale):
            decide(summary=short, by=otto, reason="So.", seen=seen)
    assert actions() == []


# False alarms


def test_false_alarms_alone_never_publish(apple: Stock, wrong: Summary, otto: User) -> None:
    for finding in Finding.objects.filter(claim__summary=wrong):
        mark_false_alarm(finding=finding, reason="It is right.", by=otto)
    assert states(apple) == [(1, "held")]
    with pytest.raises(NotPublishable):
        approve(summary=wrong, by=otto)
    assert summarise(stock=apple).state == State.HELD


# Rewriting


def test_a_text_sent_back_is_written_anew(apple: Stock, wrong: Summary, otto: User) -> None:
    ask_rewrite(summary=wrong, reason="The figure is wrong.", by=otto)
    assert actions() == ["ask for a rewrite"]
    assert summarise(stock=apple).state == State.PUBLISHED
    assert states(apple) == [(1, "rejected"), (2, "published")]
    assert summarise(stock=apple).state == State.UNCHANGED


def test_a_writer_that_cannot_be_told_leaves_out_what_failed(
    apple: Stock, wrong: Summary, otto: User
) -> None:
    failed = wrong.claims.exclude(verdict="supported").get().text
    ask_rewrite(summary=wrong, reason="The figure is wrong.", by=otto)
    again = summarise(stock=apple, writer=lying).summary
    assert again
    assert again.version == 2
    assert failed in wrong.tier_text("medium")
    assert failed not in again.tier_text("medium")
    assert again.tier_text("hook") == wrong.tier_text("hook")


def test_a_text_that_is_held_again_stays_held(apple: Stock, wrong: Summary, otto: User) -> None:
    ask_rewrite(summary=wrong, reason="The figure is wrong.", by=otto)
    first = summarise(stock=apple, writer=too_short)
    assert first.state == State.HELD
    assert summarise(stock=apple, writer=too_short) == first
    assert states(apple) == [(1, "rejected"), (2, "held")]


def test_a_text_is_sent_back_so_often_and_no_more(
    apple: Stock, wrong: Summary, otto: User, settings: Settings
) -> None:
    settings.REWRITES_AT_MOST = 2
    text = wrong
    for number in (1, 2):
        ask_rewrite(summary=text, reason=f"Wrong {number}.", by=otto)
        again = summarise(stock=apple).summary
        assert again
        # As if it had failed.
        Summary.objects.filter(pk=again.pk).update(state="held", state_reason="No.")
        again.claims.filter(tier="hook").update(verdict="not_found")
        text = again
    with pytest.raises(RewritesSpent, match="allows 2 rewrites from the same facts, and 2 were"):
        ask_rewrite(summary=text, reason="Wrong 3.", by=otto)
    assert states(apple) == [(1, "rejected"), (2, "rejected"), (3, "held")]

    change_a_fact(apple)  # other facts, another text
    newer = summarise(stock=apple, writer=lying).summary
    assert newer
    ask_rewrite(summary=newer, reason="Wrong.", by=otto)


def test_no_text_is_sent_back_where_that_is_switched_off(
    wrong: Summary, otto: User, settings: Settings
) -> None:
    settings.REWRITES_AT_MOST = 0
    with pytest.raises(RewritesSpent, match="allows 0 rewrites"):
        ask_rewrite(summary=wrong, reason="Wrong.", by=otto)


def test_what_would_be_written_the_same_is_not_sent_back(short: Summary, otto: User) -> None:
    with pytest.raises(SameAgain, match="the same sentences"):
        ask_rewrite(summary=short, reason="Too short.", by=otto)
    short.refresh_from_db()
    assert short.state == "held"


def test_only_a_held_text_is_sent_back_and_for_a_reason(
    apple: Stock, wrong: Summary, otto: User
) -> None:
    with pytest.raises(NoReason):
        ask_rewrite(summary=wrong, reason=" ", by=otto)
    ask_rewrite(summary=wrong, reason="Wrong.", by=otto)
    with pytest.raises(IllegalTransition):
        ask_rewrite(summary=wrong, reason="Wrong.", by=otto)
    assert states(apple) == [(1, "rejected")]
