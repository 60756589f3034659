"""Whom a test is for: conditions on a subject's attributes, given as data.

    [{"attribute": "plan", "is": "in", "value": ["pro", "desk"]},
     {"attribute": "market_cap", "is": "at_least", "value": 1e9}]

All must hold. An attribute that the subject lacks meets no condition but `not_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Scalar = str | int | float | bool


class BadTargeting(ValueError):
    """Conditions that can't be read; the message says which and what to write."""


@dataclass(frozen=True)
class Condition:
    attribute: str
    is_: str
    value: Scalar | tuple[Scalar, ...]

    def meets(self, attributes: Mapping[str, Scalar]) -> bool:
        if self.attribute not in attributes:
            return self.is_ == "not_in"
        return _MEETS[self.is_](attributes[self.attribute], self.value)


def _at_least(held: Scalar, value: Any) -> bool:
    return _is_number(held) and held >= value


def _at_most(held: Scalar, value: Any) -> bool:
    return _is_number(held) and held <= value


_MEETS: dict[str, Callable[[Any, Any], bool]] = {
    "in": lambda held, value: held in value,
    "not_in": lambda held, value: held not in value,
    "at_least": _at_least,
    "at_most": _at_most,
}
_LISTS = ("in", "not_in")


def conditions(given: object) -> tuple[Condition, ...]:
    """Raises BadTargeting."""
    if not isinstance(given, list):
        raise BadTargeting("Targeting is a list of conditions; write [] for everybody.")
    return tuple(_condition(one, number) for number, one in enumerate(given, start=1))


def _condition(given: object, number: int) -> Condition:
    where = f"Condition {number} of the targeting"
    if not isinstance(given, dict) or set(given) != {"attribute", "is", "value"}:
        raise BadTargeting(f"{where} must have attribute, is and value, and nothing else.")
    attribute, is_, value = given["attribute"], given["is"], given["value"]
    if not isinstance(attribute, str) or not attribute:
        raise BadTargeting(f"{where}: attribute must be a name, such as plan.")
    if is_ not in _MEETS:
        raise BadTargeting(f"{where}: is must be one of {', '.join(_MEETS)}, not {is_!r}.")
    if is_ in _LISTS:
        if not isinstance(value, list) or not value or not all(map(_is_scalar, value)):
            raise BadTargeting(f"{where}: value must be a list of words or numbers.")
        return Condition(attribute, is_, tuple(value))
    if not _is_number(value):
        raise BadTargeting(f"{where}: value must be a number.")
    return Condition(attribute, is_, value)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
