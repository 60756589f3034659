"""Companies side by side: the same measure of each, in order, and as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from queries.quick import charting, phrasing
from queries.quick.figures import name_of
from queries.quick.held import Held
from queries.quick.measured import Measured, is_balance, measured, newest_balance
from queries.quick.spans import resolved
from queries.quick.spoken import Found, remark, unsaid
from queries.understanding.measures import DERIVED
from queries.understanding.values import Back, Last, Meant
from queries.values import Chart, Claim
from summaries.verification import Verdict
from summaries.verification.figures import Stretch, figures_of
from summaries.verification.terms import Plain, Quotient, Term


def compared(stocks: Sequence[Held], meant: Meant) -> Found:
    found = Found()
    for key in meant.measures:
        found += _compared(stocks, key, meant)
    return found


def _compared(stocks: Sequence[Held], key: str, meant: Meant) -> Found:
    runs = [(held, _run(held, key, meant)) for held in stocks]
    newest = [run[-1] for _, run in runs if run]
    claims: list[Claim] = []
    if len(newest) > 1 and (ordered := _ordered(newest, meant)):
        claims.append(ordered)
    for _, run in runs:
        if run:
            claims += _of_one(run, meant)
    missing = [held for held, run in runs if not run]
    if not claims:
        names = " or ".join(held.name for held in stocks)
        return unsaid(f"The sources don't say the {name_of(key)} of {names} for that period.")
    claims += [
        remark(f"The sources don't say {one.owner} {name_of(key)} for that period.")
        for one in missing
    ]
    made = _chart(key, [(held, _history(held, key, run)) for held, run in runs])
    return Found(tuple(claims), (made,) if made else ())


def _run(held: Held, key: str, meant: Meant) -> list[Measured]:
    if not meant.periods:
        year = resolved(Back(0), held.book).periods
        found = [one for at in year if (one := measured(held, key, at))]
        at = newest_balance(held, key) if not found and is_balance(key) else None
        return found or [one for one in [measured(held, key, at) if at else None] if one]
    periods = {p for when in meant.periods for p in resolved(when, held.book).periods}
    return [one for at in sorted(periods) if (one := measured(held, key, at))]


def _of_one(run: Sequence[Measured], meant: Meant) -> list[Claim]:
    if meant.is_over_time and len(run) > 1:
        claim = phrasing.between(run[0], run[-1])
        return [claim] if claim else phrasing.listed(run)
    if len(run) > 1:
        return phrasing.listed(run)
    now = run[0]
    before = now.held.book.year_before(now.period) if not is_balance(now.key) else None
    then = measured(now.held, now.key, before) if before else None
    claim = phrasing.moved(now, then) if then else phrasing.level(now)
    return [claim] if claim else []


# -- their order ---------------------------------------------------------------------


def _ordered(figures: Sequence[Measured], meant: Meant) -> Claim | None:
    """Who has most, in a sentence of which every figure and the order itself are proven; None of
    figures in several currencies, or of which one can't be proven."""
    is_money = figures[0].kind in ("money", "per_share")
    if is_money and len({one.held.book.currency for one in figures}) > 1:
        return None
    order = sorted(figures, key=lambda one: one.value, reverse=meant.most)
    if not _is_so(order, meant.most) or any(phrasing.level(one) is None for one in order):
        return None
    by = "highest" if meant.most else "lowest"
    listed = [f"{one.held.name} {_signed(one)} {one.when}" for one in order]
    text = f"By {name_of(order[0].key)}, {by} first: {'; '.join(listed)}."
    cited = dict.fromkeys(c for one in order for c in one.citations)
    return Claim(text, Verdict.SUPPORTED, tuple(cited))


def _signed(one: Measured) -> str:
    return f"-{one.printed}" if one.is_loss else one.printed


def _is_so(order: Sequence[Measured], most: bool) -> bool:
    """Whether the verifier's own reckoning puts them in this order."""
    values = [_reckoned(one) for one in order]
    known = [value for value in values if value is not None]
    return len(known) == len(order) and known == sorted(known, reverse=most)


def _reckoned(one: Measured) -> Decimal | None:
    term: Term = Plain(one.key)
    if one.key in DERIVED:
        above, below = DERIVED[one.key]
        term = Quotient(Plain(above), Plain(below))
    figure = figures_of(one.held.book).at(term, Stretch(one.period.span, one.period.end))
    return figure.value if figure else None


# -- a chart ---------------------------------------------------------------------------


def _history(held: Held, key: str, run: Sequence[Measured]) -> Sequence[Measured]:
    """The run asked for; of a single period the usual years up to it."""
    if len(run) != 1:
        return run
    years = [p for p in held.book.years() if p.end <= run[0].period.end]
    wanted = years[-(len(resolved(Last(), held.book).periods)) :]
    return [one for at in wanted if (one := measured(held, key, at))] or run


def _chart(key: str, runs: Sequence[tuple[Held, Sequence[Measured]]]) -> Chart | None:
    kept = [(held.name, run) for held, run in runs if run]
    units = {charting.unit_of(run[0]) for _, run in kept}
    if len(units) != 1:
        return None
    return charting.chart(name_of(key).capitalize(), kept)
