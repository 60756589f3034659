"""What waits to be written: exposures and outcomes, as lines of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

import structlog

log = structlog.get_logger(__name__)


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
_KINDS: dict[int, type[Seen] | type[Measurement]] = {
    len(fields(kind)): kind for kind in (Seen, Measurement)
}


def dumped(entry: Entry) -> str:
    return json.dumps(astuple(entry))


def loaded(lines: Iterable[str]) -> list[Entry]:
    """What can be read of them; a line that can't must not keep the others from their rows."""
    found: list[Entry] = []
    for line in lines:
        try:
            told = json.loads(line)
            found.append(_KINDS[len(told)](*told))
        except (ValueError, TypeError, KeyError):
            log.warning("experiments.unreadable", line=line[:200])
    return found
