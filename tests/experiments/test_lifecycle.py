"""From draft to decision, and what must not change on the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from experiments import actions
from experiments.actions import IllegalTransition, NotDone, NotReady
from experiments.assigning import Subject
from experiments.door import variant_of
from experiments.models import ABTest, Change, Goal, Phase, Variant
from tests.costs.budgets_threads import at_once
from tests.experiments.rows import make_draft, make_running
from tests.factories import make_user

pytestmark = pytest.mark.django_db
State = ABTest.State


def trail(key: str = "summary_tone") -> list[tuple[str, str, str]]:
    rows = Change.objects.filter(subject=key).order_by("pk")
    return list(rows.values_list("action", "from_state", "to_state"))


def test_a_test_from_its_start_to_the_decision() -> None:
    boss = make_user("boss")
    test = actions.start(test=make_draft(), by=boss)
    assert (test.state, test.phases.get().number, test.phases.get().slots) == (
        State.RUNNING, 1, [[0.0, 1.0]],
    )  # fmt: skip
    assert test.phases.get().variants == {
        "control": {"weight": 1, "parameters": {"tone": "plain"}},
        "warm": {"weight": 1, "parameters": {"tone": "warm"}},
    }
    test = actions.stop(test=test, reason="Long enough.", by=boss)
    warm = test.variants.get(key="warm")
    test = actions.ship(test=test, variant=warm, reason="It is read on.", by=boss)
    assert (test.shipped, test.decided_by, test.reason) == (warm, boss, "It is read on.")
    assert variant_of("summary_tone", Subject(user=1)).parameters == {"tone": "warm"}
    test = actions.kill(test=test, reason="Clients complain.", by=boss)
    assert variant_of("summary_tone", Subject(user=1)).parameters == {}
    assert trail() == [
        ("start", "draft", "running"), ("stop", "running", "stopped"),
        ("ship", "stopped", "shipped"), ("kill", "shipped", "killed"),
    ]  # fmt: skip
    assert Change.objects.get(action="kill").detail == {
        "reason": "Clients complain.", "taken_back": "warm",
    }  # fmt: skip


def test_ways_that_do_not_exist_are_named() -> None:
    killed = actions.kill(test=make_draft(), reason="Not worth it.")
    with pytest.raises(IllegalTransition, match="is killed; from there it can become nothing else"):
        actions.start(test=killed)
    draft = make_draft("depth")
    with pytest.raises(IllegalTransition, match="it can become killed, running, not shipped"):
        actions.ship(test=draft, variant=draft.variants.all()[0], reason="Why not.")


def test_a_draft_says_all_that_it_lacks() -> None:
    draft = make_draft(targeting={"plan": "pro"})
    Goal.objects.all().delete()
    Variant.objects.filter(is_control=True).delete()
    with pytest.raises(NotReady) as refused:
        actions.start(test=draft)
    assert refused.value.problems == [
        "Give it a control and another variant at least.",
        "Mark one variant as the control.",
        "Give it the one primary metric that it is decided by.",
        "Targeting is a list of conditions; write [] for everybody.",
    ]


@pytest.mark.parametrize(
    ("reason", "told"), [(" ", "say why"), ("x" * 301, "has 301 characters; say it in 300")]
)
def test_a_decision_needs_a_reason(reason: str, told: str) -> None:
    running = make_running()
    with pytest.raises(NotDone, match=told):
        actions.stop(test=running, reason=reason)
    assert ABTest.objects.get().state == State.RUNNING


def test_only_a_variant_of_its_own_is_shipped() -> None:
    other = make_draft("depth").variants.get(key="warm")
    with pytest.raises(NotDone, match="warm is no variant of summary_tone"):
        actions.ship(test=make_running(), variant=other, reason="It won.")


def test_edited_rows_change_nothing_that_runs() -> None:
    make_running()
    before = [variant_of("summary_tone", Subject(user=n)) for n in range(50)]
    Variant.objects.filter(key="warm").update(weight=500, parameters={"tone": "hot"})
    variant = Variant.objects.get(key="control")
    variant.parameters = {"tone": "cold"}
    variant.save()  # and the process reads anew
    assert [variant_of("summary_tone", Subject(user=n)) for n in range(50)] == before


def test_another_allocation_is_another_phase() -> None:
    running = make_running(traffic=Decimal("0.5"))
    first = [variant_of("summary_tone", Subject(user=n)) for n in range(200)]
    begun = actions.begin_phase(
        test=running, weights={"warm": 3}, traffic=Decimal("0.8"), reason="Faster."
    )
    assert (begun.number, begun.weights, begun.slots) == (
        2, {"control": 1, "warm": 3}, ((0.0, 0.5), (0.5, 0.8)),
    )  # fmt: skip
    assert Phase.objects.get(number=1).ended_at is not None
    second = [variant_of("summary_tone", Subject(user=n)) for n in range(200)]
    for old, new in zip(first, second, strict=True):
        if old.is_in:
            assert new.is_in
            assert new.variant == old.variant or (old.variant, new.variant) == ("control", "warm")
    assert Change.objects.get(action="begin phase").detail == {
        "phase": 2, "reason": "Faster.", "weights": {"control": 1, "warm": 3}, "traffic": "0.8",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "these are the weights and the traffic it has"),
        ({"weights": {"cold": 1}}, "has no variant cold; it has control, warm"),
        ({"weights": {"warm": 0}}, "The weight of warm must be 1 or more"),
    ],
)
def test_a_phase_that_would_change_nothing_is_refused(
    change: dict[str, dict[str, int]], told: str
) -> None:
    running = make_running()
    with pytest.raises(NotDone, match=told):
        actions.begin_phase(test=running, reason="Because.", weights=change.get("weights"))
    assert (Phase.objects.count(), set(Variant.objects.values_list("weight", flat=True))) == (
        1,
        {1},
    )


def test_a_group_has_room_for_so_much() -> None:
    make_running("tone", group="style", traffic=Decimal("0.7"))
    with pytest.raises(NotDone, match=r"no room in the group style: 50\.0% .* 30\.0% are free"):
        make_running("depth", group="style", traffic=Decimal("0.5"))
    ABTest.objects.filter(key="depth").update(traffic=Decimal("0.3"))
    second = actions.start(test=ABTest.objects.get(key="depth"))
    assert second.phases.get().slots == [[0.7, 1.0]]
    both = [
        (variant_of("tone", Subject(user=n)).is_in, variant_of("depth", Subject(user=n)).is_in)
        for n in range(200)
    ]
    assert {a + b for a, b in both} == {1}
    actions.stop(test=ABTest.objects.get(key="tone"), reason="Done.")
    make_running("length", group="style", traffic=Decimal("0.7"))


@pytest.mark.django_db(transaction=True)
def test_two_who_start_at_once_share_no_slot() -> None:
    drafts = [make_draft(key, group="style", traffic=Decimal("0.6")) for key in ("tone", "depth")]

    def begin(which: int) -> str:
        try:
            return actions.start(test=drafts[which]).state
        except NotDone as error:
            return str(error)[:30]

    assert set(at_once(2, begin)) > {"running"}
    assert Phase.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_start_of_two_counts() -> None:
    draft = make_draft()

    def begin(which: int) -> bool:
        try:
            actions.start(test=draft)
        except IllegalTransition:
            return False
        return True

    assert sorted(at_once(2, begin)) == [False, True]
    assert (Phase.objects.count(), len(trail())) == (1, 1)


def test_paired_facts_are_bound_by_the_database() -> None:
    running = make_running()
    bad: list[dict[str, Any]] = [
        {"state": "shipped", "ended_at": running.started_at, "reason": "x"},
        {"state": "stopped", "reason": "x"},
        {"state": "killed", "ended_at": running.started_at},
        {"started_at": None},
        {"planned_units": 3},
        {"holdout": 1},
    ]
    for fields in bad:
        with pytest.raises(IntegrityError), transaction.atomic():
            ABTest.objects.filter(pk=running.pk).update(**fields)


def test_the_trail_is_written_once() -> None:
    make_running()
    with pytest.raises(IntegrityError, match="the trail is written once"), transaction.atomic():
        Change.objects.update(action="nothing")
    with pytest.raises(IntegrityError, match="the trail is written once"), transaction.atomic():
        Change.objects.all().delete()
