"""What a claim says otherwise than the passage it was made from: one change, in words.

"Revenue rose 5 % in 2018" against "Revenue rose 5 % in 2019": the period. Where more than one
thing differs, or too little agrees, nothing is said: the passage may be about something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.quoting.tokens import (
    ITS,
    NEGATIONS,
    WE,
    Token,
    says_same,
)
from summaries.verification.documents.results import Reason

_RISING = frozenset(
    "increase increased increasing higher up rise rising rose risen grew grow growing growth gain"
    " gained more above improve improved improvement improving expanded expansion stronger"
    " favorable favorably favourable favourably over exceeded".split()
)
_FALLING = frozenset(
    "decrease decreased decreasing lower down fall falling fell fallen decline declined declining"
    " shrank shrink drop dropped loss lost less below worsen worsened worsening contracted"
    " contraction weaker unfavorable unfavorably unfavourable unfavourably under reduction reduced"
    " fewer".split()
)
_SIGNED = ("provided", "used"), ("source", "use"), ("income", "expense"), ("benefit", "expense")
_LEAST_AGREEING = 0.75
_LONGEST_CHANGE = 4
_LEAST_REPLACED = 8
_SCALES = frozenset((3, 6, 9, 12))


@dataclass(frozen=True)
class Change:
    """What the claim says, and what the source says at the same place; either may be empty."""

    claim: tuple[Token, ...]
    source: tuple[Token, ...]
    after: int  # the end of the claim's token before it


def difference(
    claim: Sequence[Token], source: Sequence[Token], said: str, held: str
) -> Reason | None:
    """The one change that turns the source's passage into the claim. ``said`` and ``held`` are
    the texts the tokens were read from."""
    changes = _changes(claim, source)
    if changes is None:
        return None
    if len(changes) == 2 and _are_swapped(*changes):
        first, other = changes
        words = f'"{_words(first.claim, said)}" and "{_words(other.claim, said)}"'
        return Reason(
            "order", f"The source has {words} the other way round.",
            first.claim[0].start, other.claim[-1].end,
        )  # fmt: skip
    if len(changes) != 1:
        return None
    return _reason(changes[0], said, held)


def _changes(claim: Sequence[Token], source: Sequence[Token]) -> list[Change] | None:
    """None where too little agrees to speak of the same passage."""
    matcher = SequenceMatcher(
        None, [one.key for one in claim], [one.key for one in source], autojunk=False
    )
    replaced = _replaced(claim, source, matcher)
    if replaced:
        return replaced
    blocks = _dense([one for one in matcher.get_matching_blocks() if one.size], len(claim))
    if not blocks or sum(size for _, _, size in blocks) < _LEAST_AGREEING * len(claim):
        return None
    changes: list[Change] = []
    a = b = 0
    for number, (at, other, size) in enumerate(blocks):
        if number == 0:
            b = max(0, other - at)
        _add(changes, claim, source, (a, at), (b, other))
        a, b = at + size, other + size
    if a < len(claim):
        _add(changes, claim, source, (a, len(claim)), (b, min(len(source), b + len(claim) - a)))
    return None if any(len(one.claim) > _LONGEST_CHANGE for one in changes) else changes


def _replaced(
    claim: Sequence[Token], source: Sequence[Token], matcher: SequenceMatcher[str]
) -> list[Change]:
    """Where token stands against token: the one that differs, or two that are swapped."""
    longest = matcher.find_longest_match()
    first = longest.b - longest.a
    beside = source[max(0, first) : first + len(claim)]
    if first < 0 or len(beside) < len(claim) or len(claim) < _LEAST_REPLACED:
        return []
    changes = [
        Change((one,), (other,), claim[at - 1].end if at else 0)
        for at, (one, other) in enumerate(zip(claim, beside, strict=True))
        if not says_same(one, other)
    ]
    is_one = len(changes) == 1 or (len(changes) == 2 and _are_swapped(*changes))
    return changes if is_one else []


def _dense(blocks: Sequence[tuple[int, int, int]], length: int) -> list[tuple[int, int, int]]:
    """Without the chance matches far from where the claim's longest stretch matches."""
    if not blocks:
        return []
    at, other, _ = max(blocks, key=lambda one: one[2])
    near = length // 3 + _LONGEST_CHANGE
    return [one for one in blocks if abs((one[1] - one[0]) - (other - at)) <= near]


def _add(
    changes: list[Change],
    claim: Sequence[Token],
    source: Sequence[Token],
    ours: tuple[int, int],
    theirs: tuple[int, int],
) -> None:
    mine = claim[ours[0] : ours[1]]
    others = source[theirs[0] : theirs[1]]
    if not mine and (not others or all(one.is_aside for one in others)):
        return
    if len(mine) == len(others) and all(map(says_same, mine, others)):
        return
    before = claim[ours[0] - 1].end if ours[0] else 0
    changes.append(Change(tuple(mine), tuple(others), before))


def _are_swapped(one: Change, other: Change) -> bool:
    return (
        bool(one.claim and one.source)
        and [token.key for token in one.claim] == [token.key for token in other.source]
        and [token.key for token in one.source] == [token.key for token in other.claim]
    )


def _reason(change: Change, said: str, held: str) -> Reason | None:
    ours, theirs = _words(change.claim, said), _words(change.source, held)
    if len(change.source) > _LONGEST_CHANGE:
        return None
    if change.claim:
        start, end = change.claim[0].start, change.claim[-1].end
    else:
        start, end = change.after, change.after
    code = _code(change)
    if not ours:
        text = f'The claim leaves out "{theirs}", which the source says.'
    elif not theirs:
        text = f'The claim says "{ours}", which the source doesn\'t.'
    else:
        text = f'The claim says "{ours}"; the source says "{theirs}".'
    return Reason(code, text, start, end)


def _code(change: Change) -> str:
    ours = {token.key for token in change.claim}
    theirs = {token.key for token in change.source}
    if bool(ours & NEGATIONS) != bool(theirs & NEGATIONS):
        return "negation"
    if (ours & _RISING and theirs & _FALLING) or (ours & _FALLING and theirs & _RISING):
        return "direction"
    if any(
        (one in ours and other in theirs) or (other in ours and one in theirs)
        for one, other in _SIGNED
    ):
        return "sign"
    figures = [token for token in change.claim if token.figure]
    others = [token for token in change.source if token.figure]
    if figures and others:
        return _figure_code(figures[0], others[0])
    if {WE, ITS} & (ours | theirs) or any(one.is_name for one in change.claim[:1]):
        return "name" if change.after else "measure"
    return "measure"


def _figure_code(ours: Token, theirs: Token) -> str:
    one, other = ours.figure, theirs.figure
    if one is None or other is None:
        return "value"
    if ours.is_year and theirs.is_year:
        return "period"
    if one.value == other.value or one.value == -other.value:
        if one.unit is not other.unit or one.currency != other.currency:
            return "unit"
        return "sign"
    if one.unit is not other.unit and {one.unit, other.unit} != {Unit.PLAIN, Unit.MONEY}:
        return "unit"
    return "scale" if _is_scale(one, other) else "value"


def _is_scale(one: Figure, other: Figure) -> bool:
    """A thousand or a million times as much."""
    return any(
        one.value == other.value.scaleb(power) or other.value == one.value.scaleb(power)
        for power in _SCALES
    )


def _words(tokens: Sequence[Token], text: str) -> str:
    return " ".join(text[tokens[0].start : tokens[-1].end].split()) if tokens else ""
