"""The company beside its sector's median, where both are of the same year. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from summaries.benchmark import GROWTH
from summaries.writing import numbers
from summaries.writing.view import View

COMPARED = {
    "operating_margin": "operating margin",
    GROWTH: "revenue growth",
    "gross_margin": "gross margin",
    "net_margin": "net margin",
    "return_on_equity": "return on equity",
}


@dataclass(frozen=True)
class Compared:
    """``measure``: whose line of the snapshot proves the median; ``fact_ids``: the company's own."""

    says: str
    measure: str
    fact_ids: tuple[int, ...]


def compared(view: View) -> Iterator[Compared]:
    taken = view.benchmark
    if taken is None or not view.is_year:
        return
    for key, name in COMPARED.items():
        middle = taken.median(key)
        own = view.growth("revenue") if key == GROWTH else view.figure(key)
        members = taken.members(key)
        of_this_year = any(
            row.ticker == view.company.ticker and row.year_end == view.period.end for row in members
        )
        if middle is None or own is None or not of_this_year or min(own.value, middle) <= 0:
            continue
        ours, usual = numbers.percent(own.value), numbers.percent(middle)
        if ours == usual:
            continue
        side = "above" if own.value > middle else "below"
        peers = f"the {numbers.word(len(members))} {taken.adjective} companies covered here"
        yield Compared(
            f"{name}, {view.label}: {ours}, {side} the {usual} median of {peers}", key, own.facts
        )
