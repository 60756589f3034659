"""What waits to be written: exposures and outcomes, as lines of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Seen:
    """An exposure; ``at`` in seconds since the epoch."""

    phase: int
    variant: int
    unit: str
    at: float


@dataclass(frozen=True)
class Measurement:
    """An outcome; the units that it doesn't speak of are empty."""

    metric: str
    user: str
    firm: str
    stock: str
    value: float
    denominator: float
    at: float
    key: str

    @property
    def is_usable(self) -> bool:
        """Finite, of some unit, and counted by something."""
        return (
            math.isfinite(self.value)
            and math.isfinite(self.denominator)
            and self.denominator > 0
            and bool(self.user or self.firm or self.stock)
            and bool(self.key)
        )


Entry = Seen | Measurement


def dumped(entry: Entry) -> str:
    return json.dumps(astuple(entry))


def loaded(lines: Iterable[str]) -> list[Entry]:
    """What can be read of them: exposures have four fields, outcomes eight."""
    found: list[Entry] = []
    for line in lines:
        fields = json.loads(line)
        if len(fields) == 4:
            found.append(Seen(*fields))
        elif len(fields) == 8:
            found.append(Measurement(*fields))
    return found
