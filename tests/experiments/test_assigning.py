"""Who gets which variant, and who moves when something changes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.assigning import (
    Arm,
    BadTargeting,
    Definition,
    NoRoom,
    Subject,
    Unit,
    Why,
    allot,
    assign,
    chosen,
    conditions,
    place,
    resized,
)
from experiments.statistics.ratio import chi_square_p

UNITS = [str(number) for number in range(400)]
names = st.sampled_from(["control", "a", "b", "c", "d"])
weights = st.dictionaries(names, st.integers(1, 50), min_size=2, max_size=5)


def variants(given_weights: dict[str, int], test: str = "tone") -> dict[str, str]:
    return {unit: chosen(test, unit, given_weights) for unit in UNITS}


@settings(max_examples=25)
@given(weights, st.data())
def test_a_changed_weight_moves_units_only_to_or_from_its_variant(
    before: dict[str, int], data: st.DataObject
) -> None:
    changed = data.draw(st.sampled_from(sorted(before)))
    now = {**before, changed: data.draw(st.integers(1, 50))}
    old, new = variants(before), variants(now)
    for unit in UNITS:
        if old[unit] != new[unit]:
            gained = now[changed] > before[changed]
            assert changed == (new[unit] if gained else old[unit])


@settings(max_examples=15)
@given(weights, st.integers(2, 9))
def test_the_same_shares_move_nobody(before: dict[str, int], times: int) -> None:
    assert variants(before) == variants({name: one * times for name, one in before.items()})


@settings(max_examples=15)
@given(weights)
def test_a_variant_that_goes_gives_up_its_own_units_alone(before: dict[str, int]) -> None:
    gone = sorted(before)[0]
    old, new = variants(before), variants({k: v for k, v in before.items() if k != gone} | {"x": 1})
    assert all(new[unit] in (old[unit], "x") for unit in UNITS if old[unit] != gone)


def test_shares_are_as_the_weights_say() -> None:
    counts = Counter(chosen("tone", str(n), {"control": 5, "a": 3, "b": 2}) for n in range(20_000))
    assert chi_square_p([counts["control"], counts["a"], counts["b"]], [0.5, 0.3, 0.2]) > 0.001


def test_tests_are_independent_of_each_other() -> None:
    both = Counter(
        (chosen("tone", str(n), {"a": 1, "b": 1}), chosen("depth", str(n), {"a": 1, "b": 1}))
        for n in range(20_000)
    )
    assert chi_square_p(list(both.values()), [0.25] * 4) > 0.001


def test_a_place_is_the_md5_of_its_names() -> None:
    digest = hashlib.md5(b"tone\x1fa\x1f7", usedforsecurity=False).digest()
    assert place("tone", "a", "7") == (int.from_bytes(digest[:8], "big") + 0.5) / 2**64
    # Fixed for ever: another value would hand every unit of every running test another variant.
    assert [chosen("tone", unit, {"control": 1, "new": 1}) for unit in "12345678"] == KNOWN


KNOWN = ["new", "new", "new", "control", "control", "new", "new", "control"]


def definition(**changes: object) -> Definition:
    arms = {
        "control": Arm("control", 1, {"tone": "plain"}, 1),
        "new": Arm("new", 1, {"tone": "warm"}, 2),
    }
    return replace(Definition("tone", Unit.USER, arms, phase=7), **changes)  # type: ignore[arg-type]


def told(test: Definition) -> list[str]:
    return [assign(test, Subject(user=unit)).why for unit in UNITS]


def test_a_unit_in_the_test_is_told_all_of_it() -> None:
    found = assign(definition(), Subject(user=1, stock="ACME"))
    assert (found.variant, found.parameters, found.why) == ("new", {"tone": "warm"}, Why.IN)
    assert (found.unit, found.phase, found.variant_id, found.is_in) == ("1", 7, 2, True)


def test_who_is_not_in_a_test_gets_the_control() -> None:
    assert assign(definition(), Subject(stock="ACME")).why is Why.NO_UNIT
    pros = conditions([{"attribute": "plan", "is": "in", "value": ["pro"]}])
    found = assign(definition(targeting=pros), Subject(user=1, attributes={"plan": "basic"}))
    assert (found.variant, found.parameters, found.is_in) == ("control", {"tone": "plain"}, False)
    assert found.why is Why.NOT_TARGETED
    shipped = assign(definition(shipped="new"), Subject(user=2))
    assert (shipped.variant, shipped.why, shipped.is_in) == ("new", Why.SHIPPED, False)


def test_traffic_and_holdout_keep_their_units_as_they_grow() -> None:
    small = told(definition(slots=((0.0, 0.2),)))
    large = told(definition(slots=((0.0, 0.5),)))
    assert 40 < small.count(Why.IN) < 120
    assert all(after is Why.IN for before, after in zip(small, large, strict=True)
               if before is Why.IN)  # fmt: skip
    few, more = told(definition(holdout=0.05)), told(definition(holdout=0.2))
    assert all(after is Why.HELD_OUT for before, after in zip(few, more, strict=True)
               if before is Why.HELD_OUT)  # fmt: skip
    other = told(definition(key="depth", holdout=0.2))
    assert [one is Why.HELD_OUT for one in other] == [one is Why.HELD_OUT for one in more]


def test_tests_of_one_group_share_no_unit() -> None:
    first, second = allot(0.6, ()), allot(0.4, allot(0.6, ()))
    one = told(definition(line="group:style", slots=first))
    two = told(definition(key="depth", line="group:style", slots=second))
    assert [(a is Why.IN) + (b is Why.IN) for a, b in zip(one, two, strict=True)] == [1] * 400


def test_slots_fill_what_is_free() -> None:
    assert allot(0.5, ()) == ((0.0, 0.5),)
    assert allot(0.4, ((0.1, 0.3), (0.5, 0.8))) == ((0.0, 0.1), (0.3, 0.5), (0.8, 0.9))
    with pytest.raises(NoRoom, match=re.escape("50.0% of the units are wanted and 40.0% are free")):
        allot(0.5, ((0.0, 0.6),))


def test_a_resized_test_keeps_what_it_had() -> None:
    assert resized(((0.2, 0.4), (0.6, 0.7)), 0.25, ()) == ((0.2, 0.4), (0.6, 0.65))
    assert resized(((0.2, 0.4),), 0.5, ((0.0, 0.1),)) == ((0.2, 0.4), (0.1, 0.2), (0.4, 0.6))
    with pytest.raises(NoRoom):
        resized(((0.2, 0.4),), 0.5, ((0.5, 1.0), (0.0, 0.2)))


@pytest.mark.parametrize(
    ("condition", "attributes", "expected"),
    [
        (("plan", "in", ["pro", "desk"]), {"plan": "pro"}, True),
        (("plan", "in", ["pro"]), {}, False),
        (("plan", "not_in", ["pro"]), {}, True),
        (("plan", "not_in", ["pro"]), {"plan": "pro"}, False),
        (("cap", "at_least", 5), {"cap": 5}, True),
        (("cap", "at_least", 5), {"cap": "large"}, False),
        (("cap", "at_most", 5), {"cap": 5.5}, False),
        (("cap", "at_most", 5), {"cap": True}, False),
    ],
)
def test_conditions(
    condition: tuple[str, str, object], attributes: dict[str, object], expected: bool
) -> None:
    attribute, is_, value = condition
    (one,) = conditions([{"attribute": attribute, "is": is_, "value": value}])
    assert one.meets(attributes) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_conditions", "words"),
    [
        ({"plan": "pro"}, "write [] for everybody"),
        ([{"attribute": "plan"}], "Condition 1 of the targeting must have attribute, is and value"),
        ([{"attribute": "", "is": "in", "value": ["x"]}], "attribute must be a name"),
        (
            [{"attribute": "a", "is": "like", "value": "x"}],
            "is must be one of in, not_in, at_least",
        ),
        ([{"attribute": "a", "is": "in", "value": "x"}], "must be a list of words or numbers"),
        ([{"attribute": "a", "is": "at_most", "value": "x"}], "value must be a number"),
    ],
)
def test_conditions_that_cannot_be_read(given_conditions: object, words: str) -> None:
    with pytest.raises(BadTargeting, match=re.escape(words)):
        conditions(given_conditions)


def test_without_any_weight_there_is_no_choice() -> None:
    with pytest.raises(ValueError, match="No variant of tone has a weight above 0"):
        chosen("tone", "1", {"control": 0})
