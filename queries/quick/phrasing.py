"""Sentences on figures, in shapes that the verifier reads, the richest first. What it can't prove
is never told: the next shape is tried, and at last none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from queries.quick.measured import Measured
from queries.values import Citation, Claim
from summaries.verification import Verdict, verify
from summaries.writing import numbers
from summaries.writing.view import FLAT


def proven(shapes: Iterable[str], figures: Sequence[Measured]) -> Claim | None:
    """The first of the shapes that the facts support, citing them; None where none is."""
    for text in shapes:
        checks = verify(text, figures[0].held.sources)
        if [one.verdict for one in checks] == [Verdict.SUPPORTED]:
            return Claim(text, Verdict.SUPPORTED, _cited(figures))
    return None


def _cited(figures: Sequence[Measured]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(one for figure in figures for one in figure.citations))


def level(now: Measured) -> Claim | None:
    """ "Apple's revenue was $416.2bn in fiscal 2025." """
    return proven(_level(now), [now])


def _level(now: Measured) -> Iterator[str]:
    lead = f"{now.held.owner} {now.name}"
    yield f"{lead} {now.verb} {now.printed} {now.when}."
    if now.kind == "shares":
        yield f"{lead} {now.verb} {now.printed} shares {now.when}."
    if now.value < 0 and now.key == "operating_cash_flow":
        yield f"{now.held.name} used {now.printed} in operating activities {now.when}."


def moved(now: Measured, then: Measured) -> Claim | None:
    """The figure and the one it is compared with; the figure alone where that can't be proven."""
    return proven(_moved(now, then), [now, then]) or level(now)


def _moved(now: Measured, then: Measured) -> Iterator[str]:
    lead = f"{now.held.owner} {now.name} {now.verb} {now.printed} {now.when}"
    if now.is_loss != then.is_loss:
        return
    before = then.when
    if now.printed == then.printed:
        yield f"{lead}, against {then.printed} {before}."
        return
    way = "up" if now.size > then.size else "down"
    is_relative = now.kind in ("money", "per_share", "shares") and min(now.size, then.size) > 0
    if is_relative and abs(now.size / then.size - 1) >= FLAT:
        by = numbers.percent(abs(now.size / then.size - 1))
        yield f"{lead}, {way} {by} from {then.printed} {before}."
    if not now.is_loss:
        yield f"{lead}, {way} from {then.printed} {before}."
    yield f"{lead}, against {then.printed} {before}."
    yield f"{lead}, compared with {then.printed} {before}."


def listed(run: Sequence[Measured]) -> list[Claim]:
    """All figures of a run, oldest first: in one sentence, or a sentence each."""
    if len(run) > 1 and len({one.name for one in run}) == 1:
        first, *rest = run
        parts = [f"{one.printed} {one.when}" for one in rest]
        middle = "".join(f", {part}" for part in parts[:-1])
        lead = f"{first.held.owner} {first.name} {first.verb} {first.printed} {first.when}"
        if whole := proven([f"{lead}{middle} and {parts[-1]}."], run):
            return [whole]
    return [claim for one in run if (claim := level(one))]


def between(first: Measured, last: Measured) -> Claim | None:
    """How a run went from its first to its last."""
    return proven(_between(first, last), [first, last])


def _between(first: Measured, last: Measured) -> Iterator[str]:
    if first.is_loss or last.is_loss or first.printed == last.printed:
        return
    owner, name = first.held.owner, first.name
    verb = "rose" if last.value > first.value else "fell"
    since, until = first.when, last.when
    if first.kind in ("money", "per_share", "shares") and first.value > 0 and last.value > 0:
        change = last.value / first.value - 1
        if abs(change) >= FLAT:
            by = numbers.percent(abs(change))
            yield f"{owner} {name} {verb} {by} to {last.printed} {until} from {first.printed} {since}."
            yield f"{owner} {name} {verb} {by} between {_bare(since)} and {_bare(until)}."
    if first.kind == "percent":
        by = numbers.points(abs(last.value - first.value))
        yield f"{owner} {name} {verb} {by} to {last.printed} {until} from {first.printed} {since}."
    yield f"{owner} {name} {verb} to {last.printed} {until} from {first.printed} {since}."


def _bare(when: str) -> str:
    return when.removeprefix("in ").removeprefix("at ")


def extreme(run: Sequence[Measured]) -> Claim | None:
    """Whether the last of a run of years is its highest or lowest."""
    values = [one.value for one in run]
    if len(run) < 3 or values[-1] <= 0 or len(set(values)) < len(values):
        return None
    word = {max(values): "highest", min(values): "lowest"}.get(values[-1])
    last = run[-1]
    if word is None or not all(_follow(a, b) for a, b in pairwise(run)):
        return None
    years = numbers.word(len(run))
    told = f"{last.held.owner} {last.name} of {last.printed} {last.when} was the {word}"
    return proven([f"{told} of the past {years} fiscal years."], run)


def _follow(earlier: Measured, later: Measured) -> bool:
    return earlier.period.is_year_before(later.period)
