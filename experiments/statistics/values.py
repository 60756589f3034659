"""What a verdict is asked of, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from experiments.statistics.contrasts import Interval
from experiments.statistics.ratio import RatioCheck
from experiments.statistics.samples import Sample
from experiments.statistics.sequences import Point


class Verdict(StrEnum):
    NOT_ENOUGH_DATA = "not enough data"
    NO_DIFFERENCE = "no difference"
    BETTER = "better"
    WORSE = "worse"
    GUARDRAIL_BROKEN = "guardrail broken"
    GUARDRAIL_OPEN = "guardrail open"
    RATIO_BROKEN = "sample ratio broken"


class Role(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    GUARDRAIL = "guardrail"


class Standing(StrEnum):
    """Of a guardrail: shown to hold within its margin, shown to be broken, or neither yet."""

    HELD = "held"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True)
class Goal:
    """``margin``: of a guardrail, by how much of the control's mean the variant may be worse."""

    metric: str
    role: Role
    higher_is_better: bool = True
    margin: float = 0.0
    is_proportion: bool = False


@dataclass(frozen=True)
class Design:
    """``planned_units``: measured units of the smallest variant; ``effect``: the smallest one that
    matters, relative to the control's mean."""

    control: str
    weights: Mapping[str, float]
    planned_units: int
    alpha: float = 0.05
    effect: float = 0.0

    @property
    def variants(self) -> list[str]:
        """Those that are compared with the control."""
        return [name for name in self.weights if name != self.control]


@dataclass(frozen=True)
class Measured:
    """A goal's samples: for each day, all that each variant had by its end."""

    goal: Goal
    days: Sequence[tuple[date, Mapping[str, Sample]]]

    @property
    def last(self) -> Mapping[str, Sample]:
        return self.days[-1][1] if self.days else {}


@dataclass(frozen=True)
class Comparison:
    """One variant against the control by one metric. ``effect`` is absolute, ``relative`` of the
    control's mean. ``points``: the interval by day; a guardrail's speak of the distance from its
    margin, positive where it holds. ``p_fixed``: of a test that looks once, for who planned to; it
    decides nothing here."""

    goal: Goal
    variant: str
    sample: Sample
    control: Sample
    effect: float
    interval: Interval
    p: float
    p_adjusted: float
    p_fixed: float | None
    relative: float | None
    relative_interval: Interval | None
    points: Sequence[Point]
    has_planned: bool
    standing: Standing | None = None

    @property
    def has_drifted(self) -> bool:
        return bool(self.points) and self.points[-1].has_drifted


@dataclass(frozen=True)
class Judged:
    """One variant's verdict, with its reasons in words."""

    variant: str
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """``winner``: the variant to ship where the verdict is `better`."""

    verdict: Verdict
    reasons: tuple[str, ...]
    winner: str | None
    variants: tuple[Judged, ...]
    comparisons: tuple[Comparison, ...]
    ratio: RatioCheck
    notes: tuple[str, ...] = field(default=())

    def of(self, variant: str, role: Role) -> list[Comparison]:
        return [c for c in self.comparisons if c.variant == variant and c.goal.role is role]
