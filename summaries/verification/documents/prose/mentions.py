"""What a sentence mentions: measures, bases, periods and figures, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from summaries.verification.documents import seeds
from summaries.verification.documents.figures import Figure, Unit, figures_of
from summaries.verification.documents.prose import lexicon, shapes
from summaries.verification.documents.sources import without
from summaries.verification.documents.spells import Kind, Spell, spells_of
from summaries.verification.documents.wording import lower


class Basis(StrEnum):
    UNSAID = ""
    GAAP = "GAAP"
    ADJUSTED = "adjusted"
    BOTH = "GAAP and adjusted"


@dataclass(frozen=True)
class Measure:
    start: int
    end: int
    text: str
    name: str
    is_per_share: bool
    is_loss: bool


def spells_in(text: str) -> tuple[Spell, ...]:
    """ "Year ending December 31, 2020" is a year, not a day."""
    lowered = lower(text)
    return tuple(
        Spell(one.start, one.end, one.text, Kind.YEAR, one.year)
        if one.kind in (Kind.DAY, Kind.MONTH)
        and one.year
        and shapes.YEAR_ENDED.search(lowered[max(0, one.start - 24) : one.start])
        else one
        for one in spells_of(text)
    )


def figures_in(text: str, spells: Sequence[Spell]) -> list[Figure]:
    """Without parts of periods and counts in words."""
    return [
        one
        for one in without(figures_of(text), spells)
        if not one.is_word or one.unit is not Unit.PLAIN or one.is_scaled
    ]


def measures_in(text: str) -> tuple[Measure, ...]:
    found: list[Measure] = []
    lowered = lower(text)
    for match in seeds.found(lexicon.MEASURE_SEEDS, lexicon.MEASURE, lowered):
        start, end = match.span()
        name = lexicon.measure_name(match)
        owners = shapes.OWNERS.match(lowered, end)
        share = lexicon.PER_SHARE.match(lowered, owners.end() if owners else end)
        said = match.group()
        if share:
            end = share.end()
        if shapes.SHARE_OF.search(lowered[max(0, start - 40) : start]):
            continue
        per_share = share is not None or said == "eps"
        found.append(
            Measure(
                start, end, text[start:end], name, per_share, shapes.LOST.search(said) is not None
            )
        )
    return tuple(found)


def bases_in(lowered: str) -> list[tuple[int, int, Basis]]:
    found = [(*one.span(), Basis.GAAP) for one in lexicon.GAAP.finditer(lowered)]
    found += [(*one.span(), Basis.ADJUSTED) for one in lexicon.ADJUSTED.finditer(lowered)]
    return sorted(found)


def blanked(text: str, spells: tuple[Spell, ...]) -> str:
    """The text with its periods as spaces: what stands between is what joins."""
    for one in spells:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def same_kind(one: Figure, other: Figure) -> bool:
    kinds = {one.unit, other.unit}
    return one.unit is other.unit or (
        kinds == {Unit.MONEY, Unit.PLAIN} and one.scale == other.scale
    )


def is_cents(figure: Figure, measure: Measure) -> bool:
    """ "Earnings were $0.83": dollars and cents are per share."""
    return (
        (measure.name in lexicon.SIGNED or measure.name in ("dividend", "book value"))
        and figure.unit is Unit.MONEY
        and not figure.is_scaled
        and figure.place < 1
        and abs(figure.value) < 1000
    )
