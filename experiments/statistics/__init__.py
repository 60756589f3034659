"""What tests show, and how surely: pure, from sums over units alone.

``assess`` gives the verdict; ``sequences`` is what it rests on; ``fixed``, ``planning``, ``ratio``,
``multiple`` and ``cuped`` may be used by themselves.
"""

from experiments.statistics.judging import assess
from experiments.statistics.samples import RatioSums, Sample
from experiments.statistics.values import (
    Assessment,
    Comparison,
    Design,
    Goal,
    Judged,
    Measured,
    Role,
    Standing,
    Verdict,
)

__all__ = [
    "Assessment",
    "Comparison",
    "Design",
    "Goal",
    "Judged",
    "Measured",
    "RatioSums",
    "Role",
    "Sample",
    "Standing",
    "Verdict",
    "assess",
]
