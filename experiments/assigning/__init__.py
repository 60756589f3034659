"""Which variant a unit gets: pure, by MD5 of test and unit."""

from experiments.assigning.definitions import (
    CONTROL,
    Arm,
    Assigned,
    Definition,
    Subject,
    Unit,
    Why,
    assign,
    without_test,
)
from experiments.assigning.places import chosen, place
from experiments.assigning.slots import NoRoom, Slot, allot, resized
from experiments.assigning.targeting import BadTargeting, Condition, conditions

__all__ = [
    "CONTROL",
    "Arm",
    "Assigned",
    "BadTargeting",
    "Condition",
    "Definition",
    "NoRoom",
    "Slot",
    "Subject",
    "Unit",
    "Why",
    "allot",
    "assign",
    "chosen",
    "conditions",
    "place",
    "resized",
    "without_test",
]
