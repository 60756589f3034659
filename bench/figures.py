"""The one line that a bench prints for a figure."""

from __future__ import annotations

import json


def figure(bench: str, name: str, value: float, unit: str, against: float) -> None:
    """``against``: the limit, or the peer measured in the same run; the ratio is ours over it."""
    ratio = value / against if against else None
    print(
        json.dumps(
            {
                "bench": bench,
                "figure": name,
                "value": round(value, 6),
                "unit": unit,
                "against": round(against, 6),
                "ratio": None if ratio is None else round(ratio, 4),
            }
        ),
        flush=True,
    )
