"""A test as far as it decides who gets what, and the decision."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from experiments.assigning.places import chosen, place
from experiments.assigning.slots import Slot, holds
from experiments.assigning.targeting import Condition, Scalar

CONTROL = "control"
# The same units for every test, so that somebody has seen none of them.
_HOLDOUT = "holdout"
LONGEST_UNIT = 64


class Unit(StrEnum):
    USER = "user"
    FIRM = "firm"
    STOCK = "stock"


@dataclass(frozen=True)
class Subject:
    """Who, or what, is being served. Name all units that are known: a test takes its own kind."""

    user: str | int | None = None
    firm: str | int | None = None
    stock: str | None = None
    attributes: Mapping[str, Scalar] = field(default_factory=dict)

    def unit(self, kind: Unit) -> str | None:
        """Its id of this kind, where it has one."""
        value = {Unit.USER: self.user, Unit.FIRM: self.firm, Unit.STOCK: self.stock}[kind]
        return None if value is None or value == "" else name_of(str(value))


def name_of(given: str, most: int = LONGEST_UNIT) -> str:
    """As it is stored: what is longer than a column, or can't stand in one, goes by its MD5."""
    if len(given) <= most and "\0" not in given:
        return given
    return hashlib.md5(given.encode(errors="replace"), usedforsecurity=False).hexdigest()


class Why(StrEnum):
    """How a subject came by its variant."""

    IN = "in the test"
    SHIPPED = "shipped"
    NO_UNIT = "no unit of the test's kind"
    NOT_TARGETED = "not targeted"
    HELD_OUT = "held out"
    OUTSIDE = "outside the test's traffic"
    NOT_RUNNING = "no running test"


@dataclass(frozen=True)
class Assigned:
    """``parameters``: the variant's, to be laid over the product's own. Only where ``is_in`` is there
    anything to expose."""

    test: str
    variant: str
    parameters: Mapping[str, Any]
    why: Why
    unit: str = ""
    phase: int = 0
    variant_id: int = 0

    @property
    def is_in(self) -> bool:
        return self.why is Why.IN


@dataclass(frozen=True)
class Arm:
    """A variant of a running test; ``id`` is its row's."""

    key: str
    weight: float
    parameters: Mapping[str, Any]
    id: int = 0


@dataclass(frozen=True)
class Definition:
    """``line``: whose places the slots are of, the group's or the test's own. ``holdout``: share of
    all units that are left as they are. ``shipped``: the variant that everybody gets now."""

    key: str
    unit: Unit
    arms: Mapping[str, Arm]
    control: str = CONTROL
    line: str = ""
    slots: tuple[Slot, ...] = ((0.0, 1.0),)
    holdout: float = 0.0
    targeting: tuple[Condition, ...] = ()
    phase: int = 0
    shipped: str = ""


def without_test(key: str) -> Assigned:
    """What everybody gets where there is no such test: the product as it is."""
    return Assigned(key, CONTROL, {}, Why.NOT_RUNNING)


def assign(test: Definition, subject: Subject) -> Assigned:
    """A pure function of both: the same today and tomorrow, here and elsewhere."""
    if not all(one.meets(subject.attributes) for one in test.targeting):
        return _outside(test, Why.NOT_TARGETED)
    if test.shipped:
        arm = test.arms[test.shipped]
        return Assigned(test.key, arm.key, arm.parameters, Why.SHIPPED)
    unit = subject.unit(test.unit)
    if unit is None:
        return _outside(test, Why.NO_UNIT)
    if place(_HOLDOUT, test.unit, unit) < test.holdout:
        return _outside(test, Why.HELD_OUT)
    if not holds(test.slots, place("traffic", test.line or test.key, unit)):
        return _outside(test, Why.OUTSIDE)
    weights = {key: arm.weight for key, arm in test.arms.items()}
    arm = test.arms[chosen(test.key, unit, weights)]
    return Assigned(test.key, arm.key, arm.parameters, Why.IN, unit, test.phase, arm.id)


def _outside(test: Definition, why: Why) -> Assigned:
    return Assigned(test.key, test.control, test.arms[test.control].parameters, why)
