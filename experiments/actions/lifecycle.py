"""The states of a test and the ways between them, each step with its row on the trail.

Invariant: what a running test gives to whom stands still during a phase. It is served from the
phase's own copy, so that no edit of a row can change it; a change begins a new phase, which is
analysed by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from experiments.actions.errors import IllegalTransition, NotDone, NotReady
from experiments.actions.trail import note_test
from experiments.assigning import BadTargeting, NoRoom, Slot, allot, conditions, resized
from experiments.models import ABTest, Goal, Phase, Variant

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = ABTest.State
MOST_REASON = 300

TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.RUNNING, State.KILLED}),
    State.RUNNING: frozenset({State.STOPPED, State.SHIPPED, State.KILLED}),
    State.STOPPED: frozenset({State.SHIPPED, State.KILLED}),
    State.SHIPPED: frozenset({State.KILLED}),
    State.KILLED: frozenset(),
}


@transaction.atomic
def start(*, test: ABTest, by: User | None = None) -> ABTest:
    """Raises NotReady with all that is missing, IllegalTransition, and NotDone where its group has no
    room for its traffic."""
    draft = _locked(test)
    _must_be_able(draft, State.RUNNING)
    if problems := missing(draft):
        raise NotReady(draft.key, problems)
    draft.started_at = timezone.now()
    _move(draft, State.RUNNING, "start", by=by, traffic=str(draft.traffic))
    _begin(draft, _slots(draft, None, float(draft.traffic)))
    return draft


@transaction.atomic
def stop(*, test: ABTest, reason: str, by: User | None = None) -> ABTest:
    """End the exposures; everybody gets the control until it is decided. Raises NotDone."""
    running = _locked(test)
    _must_be_able(running, State.STOPPED)
    _decide(running, State.STOPPED, "stop", reason, by)
    return running


@transaction.atomic
def ship(*, test: ABTest, variant: Variant, reason: str, by: User | None = None) -> ABTest:
    """Everybody whom the test is for gets this variant from now on. Raises NotDone."""
    tested = _locked(test)
    _must_be_able(tested, State.SHIPPED)
    if variant.test_id != tested.pk:
        raise NotDone(f"{variant} is no variant of {tested}: choose one of its own.")
    tested.shipped = variant
    _decide(tested, State.SHIPPED, "ship", reason, by, variant=variant.key)
    return tested


@transaction.atomic
def kill(*, test: ABTest, reason: str, by: User | None = None) -> ABTest:
    """The product goes on as it was before the test. Raises NotDone."""
    tested = _locked(test)
    _must_be_able(tested, State.KILLED)
    taken_back = tested.shipped.key if tested.shipped else ""
    tested.shipped = None
    _decide(tested, State.KILLED, "kill", reason, by, taken_back=taken_back)
    return tested


@transaction.atomic
def begin_phase(
    *,
    test: ABTest,
    reason: str,
    weights: Mapping[str, int] | None = None,
    traffic: Decimal | None = None,
    by: User | None = None,
) -> Phase:
    """Change a running test's allocation: its phase ends, and what follows is counted from nothing.

    Raises NotDone where nothing would change, or the test isn't running.
    """
    running = _locked(test)
    if running.state != State.RUNNING:
        raise IllegalTransition(f"{running} is {running.state}: only a running test has phases.")
    words = reason_of(reason)
    phase = running.phases.get(ended_at__isnull=True)
    changed = _reweighed(running, weights or {})
    share = running.traffic if traffic is None else traffic
    if not changed and share == running.traffic:
        raise NotDone("Nothing was done: these are the weights and the traffic it has.")
    slots = _slots(running, phase, float(share))
    _close(phase)
    running.traffic = share
    running.save(update_fields=["traffic"])
    begun = _begin(running, slots)
    note_test(
        "begin phase", running, by=by, from_state=running.state, phase=begun.number, reason=words,
        weights=begun.weights, traffic=str(share),
    )  # fmt: skip
    return begun


def missing(draft: ABTest) -> list[str]:
    """What a draft lacks to be started, each with what to do."""
    variants = list(draft.variants.all())
    found = []
    if len(variants) < 2:
        found.append("Give it a control and another variant at least.")
    if not any(one.is_control for one in variants):
        found.append("Mark one variant as the control.")
    if not draft.goals.filter(role=Goal.Role.PRIMARY).exists():
        found.append("Give it the one primary metric that it is decided by.")
    try:
        conditions(draft.targeting)
    except BadTargeting as error:
        found.append(str(error))
    return found


def reason_of(words: str) -> str:
    """Raises NotDone where there is none, or more than is kept."""
    reason = " ".join(words.split())
    if not reason:
        raise NotDone("Nothing was done: say why, in a few words.")
    if len(reason) > MOST_REASON:
        raise NotDone(
            f"Nothing was done: the reason has {len(reason)} characters; say it in {MOST_REASON}."
        )
    return reason


def _must_be_able(test: ABTest, to: str) -> None:
    if to not in TRANSITIONS[test.state]:
        allowed = ", ".join(sorted(TRANSITIONS[test.state])) or "nothing else"
        raise IllegalTransition(
            f"{test} is {test.state}; from there it can become {allowed}, not {to}."
        )


def _locked(test: ABTest) -> ABTest:
    """The test as it is now, locked together with its group: two starts must not take one slot."""
    group = ABTest.objects.values_list("group", flat=True).get(pk=test.pk)
    if group:
        list(ABTest.objects.filter(group=group).order_by("pk").select_for_update(no_key=True))
    return ABTest.objects.select_for_update(no_key=True).get(pk=test.pk)


def _decide(
    test: ABTest, to: str, action: str, reason: str, by: User | None, **detail: str
) -> None:
    test.reason, test.decided_by = reason_of(reason), by
    test.ended_at = test.ended_at or timezone.now()
    if phase := test.phases.filter(ended_at__isnull=True).first():
        _close(phase)
    _move(test, to, action, by=by, reason=test.reason, **detail)


def _move(test: ABTest, to: str, action: str, *, by: User | None, **detail: str) -> None:
    before = test.state
    test.state = to
    test.save()
    note_test(action, test, by=by, from_state=before, **detail)


def _reweighed(test: ABTest, weights: Mapping[str, int]) -> bool:
    """Whether any weight changed. Raises NotDone."""
    variants = {one.key: one for one in test.variants.all()}
    if unknown := sorted(set(weights) - set(variants)):
        raise NotDone(
            f"{test} has no variant {', '.join(unknown)}; it has {', '.join(sorted(variants))}."
        )
    if wrong := sorted(key for key, weight in weights.items() if weight < 1):
        raise NotDone(f"The weight of {', '.join(wrong)} must be 1 or more.")
    changed = [key for key, weight in weights.items() if variants[key].weight != weight]
    for key in changed:
        variants[key].weight = weights[key]
        variants[key].save(update_fields=["weight"])
    return bool(changed)


def _slots(test: ABTest, phase: Phase | None, wanted: float) -> tuple[Slot, ...]:
    others = [] if not test.group else _taken(test)
    try:
        if phase is None:
            return allot(wanted, others)
        return resized([(a, b) for a, b in phase.slots], wanted, others)
    except NoRoom as error:
        raise NotDone(
            f"{test} has no room in the group {test.group}: {error}. Give it less traffic, or end "
            "another test of the group first."
        ) from error


def _taken(test: ABTest) -> list[Slot]:
    open_ones = Phase.objects.filter(test__group=test.group, ended_at__isnull=True)
    slots = open_ones.exclude(test=test).values_list("slots", flat=True)
    return [(start, end) for one in slots for start, end in one]


def _begin(test: ABTest, slots: tuple[Slot, ...]) -> Phase:
    last = test.phases.order_by("-number").first()
    return Phase.objects.create(
        test=test,
        number=last.number + 1 if last else 1,
        variants={
            one.key: {"weight": one.weight, "parameters": one.parameters}
            for one in test.variants.all()
        },
        slots=slots,
        started_at=timezone.now(),
    )


def _close(phase: Phase) -> None:
    phase.ended_at = timezone.now()
    phase.save(update_fields=["ended_at"])
