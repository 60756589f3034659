"""What a file of tests may say, checked before a row is touched."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from experiments.assigning import conditions
from experiments.statistics import planning
from experiments.statistics.sequences import at_the_plan

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MetricEntry(Shape):
    name: str = Field(min_length=1, max_length=120)
    kind: Literal["proportion", "mean", "ratio"]
    better: Literal["higher", "lower"]


class Baseline(Shape):
    """What the primary metric is today; ``deviation`` of units' values, but for a proportion."""

    mean: float = Field(gt=0)
    deviation: float | None = Field(default=None, gt=0)


class VariantEntry(Shape):
    weight: int = Field(default=1, ge=1)
    parameters: dict[str, Any] = Field(default_factory=dict)


class TestEntry(Shape):
    hypothesis: str = Field(min_length=1)
    unit: Literal["user", "firm", "stock"]
    group: Key | Literal[""] = ""
    traffic: Annotated[Decimal, Field(gt=0, le=1, decimal_places=4)] = Decimal(1)
    holdout: Annotated[Decimal, Field(ge=0, lt=1, decimal_places=4)] = Decimal(0)
    targeting: list[dict[str, Any]] = Field(default_factory=list)
    minimal_effect: Annotated[Decimal, Field(gt=0, le=10, decimal_places=4)]
    alpha: Annotated[Decimal, Field(gt=0, lt=1, decimal_places=3)] = Decimal("0.05")
    power: Annotated[Decimal, Field(gt=Decimal("0.05"), lt=1, decimal_places=3)] = Decimal("0.8")
    planned_units: int | None = Field(default=None, ge=30)
    baseline: Baseline | None = None
    control: Key = "control"
    variants: dict[Key, VariantEntry] = Field(min_length=2)
    primary: Key
    secondary: list[Key] = Field(default_factory=list)
    guardrails: dict[Key, Share] = Field(default_factory=dict)

    @field_validator("targeting")
    @classmethod
    def _targeting(cls, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        conditions(given)
        return given

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.control not in self.variants:
            raise ValueError(
                f"control is {self.control}, which is none of its variants: "
                f"{', '.join(self.variants)}."
            )
        if (self.planned_units is None) == (self.baseline is None):
            raise ValueError(
                "say either planned_units, or the baseline from which they are computed."
            )
        goals = self.goals
        if twice := sorted({one for one in goals if goals.count(one) > 1}):
            raise ValueError(f"{', '.join(twice)} has two roles; give each metric one.")
        return self

    @property
    def goals(self) -> list[str]:
        return [self.primary, *self.secondary, *self.guardrails]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def units(self, kind: str) -> int:
        """Planned, of the smallest variant, for a primary metric of this kind. Raises Unplannable."""
        if self.planned_units is not None or self.baseline is None:
            return self.planned_units or 0
        level = at_the_plan(float(self.alpha) / (len(self.variants) - 1))
        effect, power = float(self.minimal_effect) * self.baseline.mean, float(self.power)
        if kind == "proportion":
            found = planning.sample_for_proportions(self.baseline.mean, effect, level, power)
        elif self.baseline.deviation is None:
            raise planning.Unplannable("The baseline of a mean or a ratio needs its deviation.")
        else:
            found = planning.sample_for_means(self.baseline.deviation, effect, level, power)
        return max(found, 30)


class FileShape(Shape):
    metrics: dict[Key, MetricEntry] = Field(default_factory=dict)
    tests: dict[Key, TestEntry]
