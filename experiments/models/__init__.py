"""The tables: tests with their phases, what was seen and measured, who changed what."""

from experiments.models.ab_tests import ABTest, Goal, Metric, Phase, Unit, Variant
from experiments.models.changes import Change
from experiments.models.records import Exposure, Outcome

__all__ = [
    "ABTest",
    "Change",
    "Exposure",
    "Goal",
    "Metric",
    "Outcome",
    "Phase",
    "Unit",
    "Variant",
]
