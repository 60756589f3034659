"""Figures of one stock: how much, how it moved, how it went over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from queries.quick import charting, phrasing
from queries.quick.fundamentals import fundamentals
from queries.quick.held import Held, items_of
from queries.quick.measured import Measured, is_balance, measured, newest_balance
from queries.quick.spans import MOST_PERIODS, Resolved, latest, resolved, since_year_end
from queries.quick.spoken import Found, remark, unsaid
from queries.quick.trailing import twelve_months
from queries.understanding.measures import DERIVED
from queries.understanding.values import (
    RUNS,
    Intent,
    Last,
    Meant,
    Since,
    Through,
    ToDate,
    Trailing,
    When,
)
from queries.values import Chart, Claim, Kind
from summaries.measures import CATALOGUE
from summaries.periods import Period, Span

# Asked for, and not reported as such: what says nearly the same.
_INSTEAD = {
    "operating_margin": ("net_margin", "efficiency_ratio"),
    "gross_margin": ("operating_margin", "net_margin"),
    "gross_profit": ("operating_income", "net_income"),
    "operating_income": ("pretax_income", "net_income"),
    "dividend_per_share": ("dividends_paid",),
    "dividends_paid": ("dividend_per_share",),
    "borrowings": ("total_liabilities",),
    "debt_to_equity": ("liabilities_ratio",),
    "current_ratio": ("liabilities_ratio",),
    "free_cash_flow": ("operating_cash_flow",),
    "diluted_eps": ("net_income",),
    "revenue": ("net_income",),
}


@dataclass(frozen=True)
class _Run:
    """A measure over the periods asked for, oldest first; ``lacks``: of what nothing is held."""

    key: str
    figures: tuple[Measured, ...]
    lacks: tuple[str, ...] = ()


def figures(held: Held, meant: Meant) -> Found:
    """What the facts say of the measures asked for, one after the other."""
    runs = [_run(held, key, meant) for key in meant.measures]
    parts = [_told(run, held, meant) for run in runs]
    answered = [part for part in parts if part.kind is Kind.ANSWERED]
    if answered and len(answered) < len(parts):
        lacking = [run.key for run, part in zip(runs, parts, strict=True) if part not in answered]
        names = " or ".join(name_of(key) for key in lacking)
        parts = [*answered, Found((remark(f"The sources don't say {held.owner} {names}."),))]
    found = Found()
    for part in parts:
        found += part
    charts = _charts(held, [run for run in runs if len(run.figures) > 1], meant)
    return found + Found(charts=tuple(charts)) if found.claims else found


def name_of(key: str) -> str:
    return key.replace("_", " ") if key in DERIVED else CATALOGUE[key].name


# -- which figures -------------------------------------------------------------------


def _run(held: Held, key: str, meant: Meant) -> _Run:
    if not meant.periods:
        return _Run(key, tuple(_usual(held, key, meant)))
    found: list[Measured] = []
    lacks: list[str] = []
    for when in meant.periods:
        asked = resolved(when, held.book)
        made = [one for at in asked.periods if (one := measured(held, key, at))]
        if isinstance(when, ToDate) and not made:
            made = _so_far(held, key)
        found += made
        if not made and not isinstance(when, Trailing):
            lacks.append(asked.said)
    return _Run(key, tuple(_once(found)), tuple(lacks))


def _so_far(held: Held, key: str) -> list[Measured]:
    """The reported parts of the year under way; without any the newest quarter."""
    periods = since_year_end(held.book, items_of([key])) or latest(held.book)[1:]
    return [one for at in periods if (one := measured(held, key, at))]


def _usual(held: Held, key: str, meant: Meant) -> Iterator[Measured]:
    """Without a period: the last years of a trend, else the newest figures."""
    if meant.intent is Intent.TREND:
        years = resolved(Last(), held.book).periods
        yield from (one for at in years if (one := measured(held, key, at)))
        return
    if is_balance(key):
        at = newest_balance(held, key)
        if at and (one := measured(held, key, at)):
            yield one
            return
    for period in latest(held.book):
        if one := measured(held, key, period):
            yield one


def _once(found: Sequence[Measured]) -> list[Measured]:
    return sorted({one.period: one for one in found}.values(), key=lambda one: one.period)


# -- what is said of them ------------------------------------------------------------


def _told(run: _Run, held: Held, meant: Meant) -> Found:
    claims = list(_sentences(run, held, meant))
    if Trailing() in meant.periods:
        claims += twelve_months(held, run.key)
    if not claims:
        return _lacking(run, held, meant)
    open_parts = [_gap(held, run.key, said) for said in run.lacks] + list(_short(run, held, meant))
    return Found((*claims, *(remark(one) for one in open_parts)))


def _short(run: _Run, held: Held, meant: Meant) -> Iterator[str]:
    """That a run doesn't reach as far as it was asked to."""
    if not run.figures:
        return
    first = run.figures[0].period
    numbers = {held.book.calendar.year_number(one.period.end) for one in run.figures}
    for when in meant.periods:
        match when:
            case Since(year) | Through(year, _):
                is_short = first.span is Span.YEAR and min(numbers) > year
            case Last(int(count), _):
                is_short = len(run.figures) < min(count, MOST_PERIODS)
            case _:
                continue
        if is_short:
            yield f"Further back than {_start(held, first)} the sources don't have it in full."


def _start(held: Held, period: Period) -> str:
    return held.view(period).label_of(period)


def _sentences(run: _Run, held: Held, meant: Meant) -> Iterator[Claim]:
    years = [one for one in run.figures if one.period.span in (Span.YEAR, Span.INSTANT)]
    if meant.is_over_time and len(run.figures) > 1:
        yield from _over_time(run.figures, in_full=len(meant.measures) == 1)
    elif _is_pair(run, meant):
        first, last = run.figures
        if claim := phrasing.between(first, last):
            yield claim
        yield from phrasing.listed(run.figures)
    else:
        told = [claim for one in run.figures if (claim := _beside_before(held, one))]
        yield from told
        if meant.intent is Intent.CHANGE and not meant.periods and len(years) == 1:
            yield from _since_long(held, run.key)


def _is_pair(run: _Run, meant: Meant) -> bool:
    return len(run.figures) == 2 and len(meant.periods) == 2 and _alike(*run.figures)


def _alike(one: Measured, other: Measured) -> bool:
    return one.period.span is other.period.span


def _over_time(run: Sequence[Measured], *, in_full: bool) -> Iterator[Claim]:
    """From first to last; each figure too where no other measure is told of, else in the chart."""
    whole = phrasing.between(run[0], run[-1]) if _alike(run[0], run[-1]) else None
    if whole:
        yield whole
    if in_full or not whole:
        yield from phrasing.listed(run)
    if claim := phrasing.extreme(run):
        yield claim


def _beside_before(held: Held, now: Measured) -> Claim | None:
    """The figure with that of a year earlier, where one is held."""
    before = _year_before(held, now)
    then = measured(held, now.key, before) if before else None
    return phrasing.moved(now, then) if then else phrasing.level(now)


def _year_before(held: Held, now: Measured) -> Period | None:
    if not is_balance(now.key):
        return held.book.year_before(now.period)
    near = [p for p in held.book.years() if 350 <= (now.period.end - p.end).days <= 380]
    if near:
        return Period(near[-1].end)
    quarters = [p for p in held.book.quarters() if 350 <= (now.period.end - p.end).days <= 380]
    return Period(quarters[-1].end) if quarters else None


def _since_long(held: Held, key: str) -> Iterator[Claim]:
    """The change over the usual years, in a sentence."""
    years = resolved(Last(), held.book).periods
    run = [one for at in years if (one := measured(held, key, at))]
    if len(run) > 2 and (claim := phrasing.between(run[0], run[-1])):
        yield claim


# -- what isn't there ------------------------------------------------------------------


def _lacking(run: _Run, held: Held, meant: Meant) -> Found:
    """FactSet's figure; else what comes near: the newest figures, or another measure in the same
    periods."""
    if claims := tuple(fundamentals(held, run.key, meant.periods)):
        return Found(claims)
    said = " and ".join(run.lacks)
    text = _gap(held, run.key, said)
    newest = [measured(held, run.key, period) for period in latest(held.book)]
    near = [claim for one in newest if one and (claim := _beside_before(held, one))]
    if not near:
        near = list(_others(held, run.key, meant))
    return unsaid(text, *near)


def _gap(held: Held, key: str, said: str) -> str:
    when = f" for {said}" if said else ""
    return f"The sources don't say {held.owner} {name_of(key)}{when}."


def _others(held: Held, key: str, meant: Meant) -> Iterator[Claim]:
    asked: list[Resolved] = [resolved(when, held.book) for when in meant.periods]
    periods = [period for one in asked for period in one.periods] or latest(held.book)
    for other in _INSTEAD.get(key, ()):
        for period in periods[-2:]:
            one = measured(held, other, period)
            if one and (claim := phrasing.level(one)):
                yield claim


# -- charts --------------------------------------------------------------------------


def _charts(held: Held, runs: Sequence[_Run], meant: Meant) -> Iterator[Chart]:
    """Measures of one kind share a chart. Without a run of periods none is asked for."""
    if not _asks_for_runs(meant):
        return
    groups: dict[str, list[_Run]] = {}
    for run in runs:
        groups.setdefault(charting.unit_of(run.figures[0]), []).append(run)
    for group in list(groups.values())[: charting.MOST_CHARTS]:
        names = [name_of(run.key) for run in group]
        title = f"{held.name}: {', '.join(names)}"
        lines = [(name, run.figures) for name, run in zip(names, group, strict=True)]
        if made := charting.chart(title, lines):
            yield made


def _asks_for_runs(meant: Meant) -> bool:
    runs: Iterable[When] = (one for one in meant.periods if isinstance(one, RUNS))
    return meant.intent is Intent.TREND or any(True for _ in runs) or len(meant.periods) > 1
