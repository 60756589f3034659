"""A document's text divided by the items of its form.

Of the candidates for headings those are chosen that together weigh most while the items follow the
form's order; an item that stands out of order needs strong evidence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .forms import Item, items
from .headings import Candidate, candidates
from .lines import Line
from .reading import Section

_LEAST = 1.8  # what a heading must weigh: a bare "Item 7" in plain print doesn't
_STRONG = 4.0  # and out of the form's order
_PART = re.compile(r"\s*part\s+(?:i{1,3}|iv)\b.{0,60}", re.IGNORECASE)
_SIGNATURES = re.compile(r"\s*signatures?\s*(?:page)?\s*:?\s*", re.IGNORECASE)
_LONGEST_SIGNATURES = 6000  # characters; what is longer has statements after the signatures


def sections(
    lines: Sequence[Line], starts: Sequence[int], length: int, *, form: str
) -> tuple[Section, ...]:
    """Sections that cover the text of that length; one without an item where none is found."""
    asked = items(form)
    chosen = _chosen(candidates(lines, asked), len(asked)) if asked else []
    if not length:
        return ()
    openings = [(_with_part(lines, one.line), one) for one in chosen]
    bounds: list[tuple[int, str, str, str, tuple[str, ...]]] = [(0, "", "", "", ())]
    for line, one in openings:
        at = starts[line] if line else 0
        row = (at, one.item.item, _name(one, asked), one.title, one.also)
        if at == bounds[-1][0]:
            bounds[-1] = row
        else:
            bounds.append(row)
    signed = _signatures(lines, chosen[-1].line) if chosen else None
    if signed is not None and length - starts[signed] <= _LONGEST_SIGNATURES:
        bounds.append((starts[signed], "", "Signatures", lines[signed].text.strip(), ()))
    ends = [*(bound[0] for bound in bounds[1:]), length]
    return tuple(
        Section(item, name, title, at, end, also)
        for (at, item, name, title, also), end in zip(bounds, ends, strict=True)
    )


def _chosen(found: Sequence[Candidate], count: int) -> list[Candidate]:
    """The heaviest candidates in the form's order, and strong ones out of it, by line."""
    found = [one for one in found if one.weight >= _LEAST]
    chain = _heaviest_chain(found, count)
    items_taken = {one.item.item for one in chain} | {item for one in chain for item in one.also}
    lines_taken = {one.line for one in chain}
    for one in sorted(found, key=lambda one: (-one.weight, one.line)):
        if one.weight < _STRONG:
            break
        if one.item.item not in items_taken and one.line not in lines_taken:
            items_taken.add(one.item.item)
            lines_taken.add(one.line)
            chain.append(one)
    return sorted(chain, key=lambda one: one.line)


def _heaviest_chain(found: Sequence[Candidate], count: int) -> list[Candidate]:
    """Candidates of rising line and rank that weigh most together; of equals, the first printed."""
    best: list[tuple[float, int]] = [(0.0, -1)] * count  # by rank: weight and last candidate
    before = [-1] * len(found)
    pending: list[tuple[int, float, int]] = []
    line = -1
    for position, one in enumerate(found):
        if one.line != line:
            _settle(best, pending)
            line = one.line
        weight, previous = max(best[: one.item.rank], default=(0.0, -1), key=lambda pair: pair[0])
        before[position] = previous
        pending.append((one.item.rank, weight + one.weight, position))
    _settle(best, pending)
    at = max(best, default=(0.0, -1), key=lambda pair: pair[0])[1]
    chain = []
    while at >= 0:
        chain.append(found[at])
        at = before[at]
    return chain[::-1]


def _settle(best: list[tuple[float, int]], pending: list[tuple[int, float, int]]) -> None:
    """A line's candidates count for the lines after it alone: it can't open two items."""
    for rank, weight, position in pending:
        if weight > best[rank][0]:
            best[rank] = (weight, position)
    pending.clear()


def _with_part(lines: Sequence[Line], at: int) -> int:
    """The line of "PART II" over an item's heading belongs to the item."""
    return at - 1 if at and _PART.fullmatch(lines[at - 1].text) else at


def _name(one: Candidate, asked: Sequence[Item]) -> str:
    also = [item.name for item in asked if item.item in one.also]
    return " and ".join([one.item.name, *also])


def _signatures(lines: Sequence[Line], after: int) -> int | None:
    found = [
        at for at in range(after + 1, len(lines)) if _SIGNATURES.fullmatch(lines[at].text[:60])
    ]
    return found[0] if found else None
