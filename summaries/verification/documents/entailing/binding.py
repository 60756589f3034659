"""Each figure of a claim bound to one of its source, or worked out again from such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice, permutations

from summaries.verification.documents.entailing.clauses import Clause
from summaries.verification.documents.entailing.lexicon import DOWN, UP, term
from summaries.verification.documents.entailing.passages import (
    Held,
    Index,
    Passage,
    beside,
    size,
)
from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.tables import Cell


class How(StrEnum):
    SAID = "said"
    RESCALED = "rescaled"  # the source has its digits in another scale
    COMPUTED = "computed"
    MISSING = "missing"


@dataclass(frozen=True, eq=False)
class Bound:
    """``support``: the share of the clause's words that stand beside the source's figure, 0 to 1.
    ``beside``: the same within a few words. ``is_of_period``: False where the source has it for
    other years only than the claim names. ``is_turned``: a rise there and a fall here."""

    figure: Figure
    how: How
    support: float = 0.0
    is_of_period: bool = True
    passage: Passage | None = None
    beside: float = 0.0
    is_turned: bool = False


@dataclass(frozen=True, eq=False)
class Asked:
    """A figure of the claim with the terms of its clause and those beside it, the years of its clause
    and those of the whole."""

    figure: Figure
    context: frozenset[str]
    beside: frozenset[str]
    own_years: frozenset[int]
    years: frozenset[int]


_WAYS = frozenset((UP, DOWN))
_HALF = 0.5
_MARGIN = term("margin")  # what it is a share of
_RATES = (Unit.PERCENT, Unit.POINTS)
_MOST_ROWS = 6
_MOST_SENTENCES = 8
_MOST_OPERANDS = 7
_MOST_CELLS = 4
_SHORT = 30  # words of a claim whose clauses are about one thing
_OWN = 10  # figures of the claim that stand before one, from which it may be worked out
_SLACK = 0.51
_ROUNDED = 2.0  # last places that a figure worked out from rounded ones may be off
_MOST_HELD = 200


def bound(clauses: Sequence[Clause], index: Index) -> list[Bound]:
    """In the order of the claim."""
    made: list[Bound] = []
    years = frozenset().union(*(one.years for one in clauses))
    whole = frozenset().union(*(one.terms for one in clauses))
    is_short = sum(len(one.words) for one in clauses) <= _SHORT
    before: frozenset[str] = frozenset()
    for clause in clauses:
        context = clause.terms if len(clause.terms) > 1 else clause.terms | before
        for figure in clause.figures:
            asked = Asked(figure, context, beside(figure, clause.words), clause.years, years)
            one = _said(asked, index) or _again(figure, made)
            if one is None or (one.how is How.RESCALED and one.support < _HALF):
                one = _computed(asked, index, made) or one
            if one is None and is_short:
                one = _computed(replace(asked, context=whole), index, ())
            made.append(one or Bound(figure, How.MISSING))
        before = clause.terms
    return [_from_later(one, made[at + 1 :]) for at, one in enumerate(made)]


def _again(figure: Figure, before: Sequence[Bound]) -> Bound | None:
    """What the claim has worked out already."""
    for one in before:
        if one.how is How.COMPUTED and one.figure.value == figure.value:
            return replace(one, figure=figure)
    return None


def _from_later(one: Bound, later: Sequence[Bound]) -> Bound:
    """What is said before it is worked out."""
    if one.how is not How.MISSING:
        return one
    for other in later:
        if other.how is How.COMPUTED and other.figure.value == one.figure.value:
            return replace(other, figure=one.figure)
    values = [float(other.figure.value) for other in later[:_OWN] if other.how is not How.MISSING]
    return Bound(one.figure, How.COMPUTED, 1.0) if _follows(one.figure, values, _ROUNDED) else one


def _said(asked: Asked, index: Index) -> Bound | None:
    best: tuple[float, Bound] | None = None
    for held, how in _showing(asked.figure, index):
        passage = held.passage
        support = index.covered(asked.context, passage.near)
        near = index.covered(asked.beside - _WAYS, held.beside)
        is_of_period = not asked.years or not held.years or not asked.years.isdisjoint(held.years)
        rank = support + near + 0.3 * is_of_period + 0.3 * (how is How.SAID)
        if best is None or rank > best[0]:
            turned = passage.row is None and _is_turned(asked.beside, held.beside)
            found = Bound(asked.figure, how, support, is_of_period, passage, near, turned)
            best = rank, found
    return best[1] if best else None


def _is_turned(claimed: frozenset[str], said: frozenset[str]) -> bool:
    one, other = claimed & _WAYS, said & _WAYS
    return len(one) == 1 and len(other) == 1 and one != other


def _showing(figure: Figure, index: Index) -> Iterator[tuple[Held, How]]:
    value = abs(float(figure.value))
    spread = float(figure.place) * _SLACK
    if not size(value):
        zeros = (one for one in index.figures(0, 0) if one.value == float(figure.value))
        yield from ((one, How.SAID) for one in zeros if _alike(figure, one))
        return
    scale = value / size(value)
    low, high = (value - spread) / scale, (value + spread) / scale
    spans = [(low, high)]
    if low < 1:
        spans = [(max(low, 0) * 10, 10), (1, high)]
    elif high >= 10:
        spans = [(low, 10), (1, high / 10)]
    for start, end in spans:
        for held in islice(index.figures(start, end), _MOST_HELD):
            if not _alike(figure, held):
                continue
            if abs(abs(held.value) - value) <= spread:
                yield held, How.SAID
            elif not (figure.is_scaled and held.figure.is_scaled) and _is_rescaled(
                value, spread, held
            ):
                yield held, How.RESCALED


def _is_rescaled(value: float, spread: float, held: Held) -> bool:
    other = abs(held.value)
    if held.unit in _RATES:
        return False
    return any(
        abs(other * power - value) <= spread or abs(other / power - value) <= spread
        for power in (1e3, 1e6)
    )


def _alike(figure: Figure, held: Held) -> bool:
    if figure.currency and held.figure.currency not in ("", figure.currency):
        return False
    if figure.unit in _RATES:
        return held.unit in _RATES or (held.unit is Unit.PLAIN and not held.figure.is_scaled)
    if held.unit in _RATES:
        return figure.unit is Unit.PLAIN and not figure.is_scaled and figure.place < 1
    return True


def _computed(asked: Asked, index: Index, before: Sequence[Bound]) -> Bound | None:
    figure = asked.figure
    own = [
        float(one.figure.value)
        for one in before[-_OWN:]
        if one.how is not How.MISSING and one.figure.value
    ]
    if _follows(figure, own, _ROUNDED):
        return Bound(figure, How.COMPUTED, 1.0, beside=1.0)
    context = asked.context | {term("revenue")} if _MARGIN in asked.context else asked.context
    near = index.nearest(context, 40)
    rows = [at for at in near if index.passages[at].cells][:_MOST_ROWS]
    for at, values in _operands(asked, near, rows, index):
        if _follows(figure, values, _SLACK):
            passage = index.passages[at]
            support = index.covered(asked.context, passage.near)
            return Bound(figure, How.COMPUTED, support, True, passage, support)
    return None


def _operands(
    asked: Asked, near: Sequence[int], rows: Sequence[int], index: Index
) -> Iterator[tuple[int, list[float]]]:
    """What a figure may be worked out from: one row, one column of some, figures of sentences."""
    years = asked.own_years or asked.years
    for at in rows:
        yield at, [float(cell.value) for cell in _of(index.passages[at].cells, years)]
    for column in _columns([index.passages[at] for at in rows], years):
        yield rows[0], column
    told = [at for at in near if not index.passages[at].cells][:_MOST_SENTENCES]
    held = [(at, one) for at in told for one in index.held(at)]
    ranked = sorted(held, key=lambda pair: -_nearness(asked.context, pair[1], index))
    if ranked:
        yield ranked[0][0], [one.value for _, one in ranked[:_MOST_OPERANDS]]


def _nearness(context: frozenset[str], held: Held, index: Index) -> float:
    """More where the figure has the claim's words beside it, and few others."""
    shared = len(context & held.beside) / len(held.beside) if held.beside else 0.0
    return index.covered(context, held.beside) + shared


def _of(cells: Sequence[Cell], years: frozenset[int]) -> Sequence[Cell]:
    """Those of the years that the claim names, with one year those beside it too; none where the
    row hasn't them."""
    held = frozenset().union(*(one.years for one in cells))
    if not held or not years:
        return cells[:_MOST_CELLS]
    if not years <= held:
        return ()
    return [one for one in cells if one.years & years] if len(years) > 1 else cells[:_MOST_CELLS]


def _columns(rows: Sequence[Passage], years: frozenset[int]) -> Iterator[list[float]]:
    """The rows' cells that stand in one column, those of the claim's years first."""
    columns = sorted({cell.column for row in rows for cell in row.cells})
    for column in columns[:6]:
        cells = [cell for row in rows for cell in row.cells if cell.column == column]
        if years and any(cell.years for cell in cells) and not any(c.years & years for c in cells):
            continue
        yield [float(cell.value) for cell in cells]


def _follows(figure: Figure, values: Sequence[float], slack: float) -> bool:
    """Whether the figure is the difference, sum, average, ratio or change of two of ``values``, or
    the sum or average of all."""
    asked, spread = abs(float(figure.value)), float(figure.place) * slack
    if len(values) < 2 or not size(asked):
        return False
    if figure.unit in _RATES:
        return any(
            abs(abs(made) - asked) <= spread
            for one, other in permutations(values, 2)
            for made in _rates(one, other)
        ) or any(abs(abs(made) - asked) <= spread for made in _means(values))
    scales = (1.0,) if figure.is_scaled else (1.0, 1e3, 1e6)
    return any(
        abs(abs(made) / scale - asked) <= spread for made in _amounts(values) for scale in scales
    )


def _rates(one: float, other: float) -> Iterator[float]:
    if size(other):
        yield 100 * (one - other) / abs(other)
        yield 100 * one / other
    yield one - other


def _means(values: Sequence[float]) -> Iterator[float]:
    for count in (2, 3):
        for at in range(len(values) - count + 1):
            yield sum(values[at : at + count]) / count


def _amounts(values: Sequence[float]) -> Iterator[float]:
    yield sum(values)
    yield from _means(values)
    for one, other in permutations(values, 2):
        yield one - other
        yield one + other
        if size(other):
            yield one / other
    for at in range(len(values) - 2):
        yield sum(values[at : at + 3])
