"""A pack from a company's figures: every line with its id and its place in a document. Pure.

Facts are numbered in the order in which they are told; those that only a derived figure rests
on are sources too, but not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from summaries.authoring.derived import Derived, derived
from summaries.authoring.evidence import Pack, Place, Source
from summaries.authoring.reported import Reported, reported
from summaries.authoring.sector import Compared, compared
from summaries.profiles import Profile
from summaries.writing.view import View

Places = Callable[[set[int]], Mapping[int, Place]]
SectorPlace = Callable[[str], Place]

DERIVED = "Derived from these (a D line stands for the facts that it is computed from)"
SECTOR = "Beside the sector (a B line stands for the median and the company's own figure)"
EXTRACTS = "From the company's filings, in its own words"

_TRADES = {
    Profile.REAL_ESTATE: "real estate",
    Profile.RAIL: "railroad",
    Profile.PHARMA: "pharmaceuticals",
    Profile.INDUSTRIAL: "",
}


@dataclass(frozen=True)
class Extract:
    """A passage of a filing that search found: ``says`` names filing and section."""

    says: str
    place: Place


@dataclass
class _Packing:
    places: Mapping[int, Place]
    facts: dict[int, Source] = field(default_factory=dict)

    def shown(self, one: Reported) -> Source | None:
        return None if one.fact_id in self.facts else self._fact(one.fact_id, one.says)

    def ids(self, fact_ids: Iterable[int]) -> tuple[str, ...]:
        """The sources of facts; one that no line shows becomes a source all the same."""
        return tuple((self.facts.get(f) or self._fact(f, "")).id for f in fact_ids)

    def _fact(self, fact_id: int, says: str) -> Source:
        place = self.places[fact_id]
        source = Source(f"F{len(self.facts) + 1}", says, value_of(place.quote), place, fact_id)
        self.facts[fact_id] = source
        return source


def packed(
    view: View, *, places: Places, sector_place: SectorPlace, extracts: Sequence[Extract] = ()
) -> Pack:
    """``places`` gives facts their lines, ``sector_place`` a measure its line of the snapshot."""
    told = list(reported(view))
    made, beside = list(derived(view)), list(compared(view))
    packing = _Packing(places(_facts_of(told, made, beside)))
    groups = {
        heading: tuple(source for one in lines if (source := packing.shown(one)))
        for heading, lines in told
    }
    groups[DERIVED] = tuple(
        Source(f"D{number}", one.says, one.text, parts=packing.ids(one.fact_ids))
        for number, one in enumerate(made, 1)
    )
    groups[SECTOR] = tuple(
        _beside(f"B{number}", one, sector_place(one.measure), packing)
        for number, one in enumerate(beside, 1)
    )
    groups[EXTRACTS] = tuple(
        Source(f"P{number}", one.says, one.place.quote, one.place)
        for number, one in enumerate(extracts, 1)
    )
    shown = {source.id for group in groups.values() for source in group}
    hidden = tuple(source for source in packing.facts.values() if source.id not in shown)
    return Pack(head(view), groups, hidden)


def _beside(name: str, one: Compared, place: Place, packing: _Packing) -> Source:
    return Source(name, one.says, place.quote, place, parts=packing.ids(one.fact_ids))


def _facts_of(
    told: list[tuple[str, list[Reported]]], made: list[Derived], beside: list[Compared]
) -> set[int]:
    facts = {one.fact_id for _, lines in told for one in lines}
    return facts.union(*(one.fact_ids for one in made), *(one.fact_ids for one in beside))


def head(view: View) -> str:
    """Who the text is about, and when its periods were."""
    company, trade = view.company, _TRADES.get(view.profile, view.profile.value)
    lines = [
        f"Company: {company.name} ({company.ticker}). Call it {company.short} or {view.noun}.",
        f"Kind of business: {trade}." if trade else "",
        f"Main period: {view.full_label}"
        + (f", called {view.label}." if view.label != view.full_label else "."),
        f"Reports in {view.book.currency}.",
    ]
    return "\n".join(filter(None, lines))


def value_of(line: str) -> str:
    """The end of a statement's line, its value: "416,161,000,000 USD"."""
    return line.rpartition(": ")[2]
