"""Where a unit stands, by MD5: always at the same place, with every machine and version.

Invariant: who changes one variant's weight moves units to it or away from it, and none between the
others. A new variant takes units only for itself; a variant that goes gives up its own alone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

_BETWEEN = "\x1f"  # stands in no key
_PLACES = 2.0**64


def place(*names: str) -> float:
    """Above 0 and below 1; even over units, and for another test another place."""
    digest = hashlib.md5(_BETWEEN.join(names).encode(), usedforsecurity=False).digest()
    return min((int.from_bytes(digest[:8], "big") + 0.5) / _PLACES, 1 - 2**-53)


def chosen(test: str, unit: str, weights: Mapping[str, float]) -> str:
    """The unit's variant: weighted rendezvous hashing.

    Each variant draws an exponential time with its weight as rate, from a hash of its own; the
    first wins, which is each as often as its share of the weights (Schindelhauer and Schomaker,
    Weighted Distributed Hash Tables, 2005). A weight changes the time of its variant alone. Raises
    ValueError where no variant has a weight.
    """
    times = {
        name: -math.log(place(test, name, unit)) / weight
        for name, weight in weights.items()
        if weight > 0
    }
    if not times:
        raise ValueError(f"No variant of {test} has a weight above 0: give one to its control.")
    return min(times, key=lambda name: (times[name], name))
