"""Bars from zero as places in an SVG: oldest first, labelled directly where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

WIDTH, HEIGHT, TOP, BOTTOM = 340, 150, 18, 22
_GAP = Decimal("0.34")  # of a bar's room
_BELOW = 14  # for labels under negative bars
_FEWEST, _MOST = 2, 12
_NARROW = 3  # bars that share the width: fewer are not made wider
_CHARACTER = 7  # the room that one takes, and a little between two labels


@dataclass(frozen=True)
class Value:
    """``label``: the value as printed. ``name``: what it is of, as the fiscal year."""

    name: str
    label: str
    value: Decimal


@dataclass(frozen=True)
class Bar:
    """Places in the SVG's own units; strings, for a locale must not touch them. ``label`` and
    ``name`` are empty where there is no room for them."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    label_y: str
    label: str
    name: str
    is_negative: bool


@dataclass(frozen=True)
class Panel:
    """``words``: the same for who can't see it."""

    name: str
    bars: tuple[Bar, ...]
    baseline: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


def panel(name: str, values: Sequence[Value]) -> Panel | None:
    """None where there is too little to draw, or too much to label."""
    sizes = [one.value for one in values]
    if not _FEWEST <= len(sizes) <= _MOST or not any(sizes):
        return None
    top, low = max(*sizes, Decimal(0)), min(*sizes, Decimal(0))
    each = Decimal(HEIGHT - TOP - BOTTOM - (_BELOW if low < 0 else 0)) / (top - low)
    zero = TOP + top * each
    names, labels = [one.name for one in values], [one.label for one in values]
    side, step = _room(names + labels, max(len(values), _NARROW))
    fitting = zip(_fitting(names, step), _fitting(labels, step), sizes, strict=True)
    return Panel(
        name=name,
        bars=tuple(
            _bar(side + step * place, step, Value(*shown), each, zero)
            for place, shown in enumerate(fitting)
        ),
        baseline=f"{zero:.1f}",
        words="; ".join(f"{one.name} {one.label}" for one in values),
    )


def _room(texts: Sequence[str], bars: int) -> tuple[Decimal, Decimal]:
    """The margin that what is written under the outer bars needs, and each bar's width with gap."""
    beyond = (max(map(len, texts)) * _CHARACTER - Decimal(WIDTH) / bars) / 2
    side = min(max(beyond, Decimal(0)), Decimal(WIDTH) / 6)
    return side, (WIDTH - 2 * side) / bars


def _fitting(texts: Sequence[str], step: Decimal) -> list[str]:
    """All of them, or each second, third… counted from the newest, so that none touches another."""
    every = ceil(max(map(len, texts)) * _CHARACTER / step)
    last = len(texts) - 1
    return [text if (last - place) % every == 0 else "" for place, text in enumerate(texts)]


def _bar(room: Decimal, step: Decimal, shown: Value, each: Decimal, zero: Decimal) -> Bar:
    wide = step * (1 - _GAP)
    left, tall = room + (step - wide) / 2, abs(shown.value) * each
    is_negative = shown.value < 0
    return Bar(
        x=f"{left:.1f}",
        y=f"{zero if is_negative else zero - tall:.1f}",
        width=f"{wide:.1f}",
        height=f"{max(tall, Decimal('0.5')):.1f}",
        middle=f"{left + wide / 2:.1f}",
        label_y=f"{zero + tall + 12 if is_negative else zero - tall - 6:.1f}",
        label=shown.label,
        name=shown.name,
        is_negative=is_negative,
    )
