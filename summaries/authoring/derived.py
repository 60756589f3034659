"""Figures made of reported ones, recomputed here with how: growth, ratios, runs of years. Pure.

Each stands for the facts that it is computed from; a text that says it cites those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from summaries.authoring.reported import NAMED, interims, named, printed
from summaries.measures import CATALOGUE, RATIOS, Difference, Item, Ratio, Sum
from summaries.periods import Period
from summaries.writing import numbers
from summaries.writing.history import LONGEST, SHORTEST, run_of
from summaries.writing.view import FLAT, Figure, View

# Their growth is told; of other items a text says the levels.
GROWING = (
    "revenue", "gross_profit", "research_and_development", "sales_and_administration",
    "operating_income", "interest_expense", "pretax_income", "income_tax", "net_income",
    "depreciation", "stock_compensation", "net_interest_income", "noninterest_income",
    "noninterest_expense", "credit_provision", "premiums", "claims_incurred", "investment_income",
    "rental_income", "property_operating_cost", "exploration", "operating_cash_flow",
    "capital_expenditure", "diluted_eps", "dividend_per_share", "diluted_shares",
)  # fmt: skip
GROWING_LATELY = (
    "revenue", "operating_income", "net_income", "net_interest_income", "premiums",
    "rental_income", "diluted_eps",
)  # fmt: skip
BALANCES = (
    "inventory", "receivables", "total_assets", "long_term_debt", "deposits", "loans",
    "deferred_revenue", "remaining_obligations", "investment_property", "equity",
)  # fmt: skip
# Said as "took 8.3% of revenue" rather than by a name of their own.
SHARES_OF = {
    "research_intensity": "research and development as a share of revenue",
    "administration_intensity": "selling, general and administrative expense as a share of revenue",
    "capital_intensity": "capital expenditure as a share of revenue",
    "stock_compensation_intensity": "stock-based compensation as a share of revenue",
    "equity_ratio": "equity as a share of total assets",
    "liabilities_ratio": "total liabilities as a share of total assets",
    "loans_to_deposits": "loans as a share of deposits",
    "payout_ratio": "dividends as a share of net income",
}
EXTREMES = ("revenue", "net_income", "operating_margin", "gross_margin", "net_margin")
AVERAGES = ("operating_margin", "gross_margin")
AVERAGED_YEARS = 5


@dataclass(frozen=True)
class Derived:
    """``says``: "operating margin, fiscal 2025: 32.0%"; ``text``: how it is computed."""

    says: str
    text: str
    fact_ids: tuple[int, ...]


def derived(view: View) -> Iterator[Derived]:
    yield from _growth(view, GROWING)
    yield from _balances(view)
    yield from _made(view)
    yield from _ratios(view)
    yield from _runs(view)
    for later in interims(view)[:1]:
        yield from _growth(later, GROWING_LATELY)
        yield from _ratios(later, only=("gross_margin", "operating_margin", "net_margin"))


def _growth(view: View, keys: Iterable[str]) -> Iterator[Derived]:
    for key in keys:
        growth, pair = view.growth(key), view.pair(key)
        if growth is None or pair is None:
            continue
        now, then = (printed(view, key, one.value) for one in pair)
        by = numbers.percent(abs(growth.value))
        yield Derived(
            f"change of {CATALOGUE[key].name}, {view.label}: {_way(growth.value)} {by}",
            f"{now} / {then} - 1",
            growth.facts,
        )


def _balances(view: View) -> Iterator[Derived]:
    for key in BALANCES:
        now, earlier = view.figure(key), view.balance_before(key)
        if now is None or earlier is None or now.value <= 0 or earlier[0].value <= 0:
            continue
        then, at = earlier
        change = now.value / then.value - 1
        if abs(change) < FLAT or view.when(at) != "a year earlier":
            continue
        by = numbers.percent(abs(change))
        yield Derived(
            f"change of {CATALOGUE[key].name}, {view.closing}: {_way(change)} {by}",
            f"{printed(view, key, now.value)} / {printed(view, key, then.value)} - 1",
            (*now.facts, *then.facts),
        )


def _made(view: View) -> Iterator[Derived]:
    """Differences and sums of line items."""
    for measure in CATALOGUE.values():
        if not isinstance(measure, Difference | Sum) or measure.key not in NAMED:
            continue
        now = view.figure(measure.key)
        if now is None or now.value == 0:
            continue
        name, value = named(measure.key, now.value)
        first = measure.parts[0] if isinstance(measure, Sum) else measure.minuend
        when = view.closing if _is_balance(first) else view.label
        told = f"{name}, {when}: {printed(view, measure.key, value)}"
        yield Derived(told, _rule(view, measure), now.facts)


def _rule(view: View, measure: Difference | Sum) -> str:
    match measure:
        case Difference(minuend=first, subtrahend=second):
            return f"{_told(view, first)} - {_told(view, second)}"
        case Sum(parts=parts):
            return " + ".join(_told(view, part) for part in parts if view.figure(part))


def _told(view: View, key: str) -> str:
    figure = view.figure(key)
    return printed(view, key, figure.value) if figure else ""


def _ratios(view: View, only: tuple[str, ...] = ()) -> Iterator[Derived]:
    for ratio in RATIOS:
        if only and ratio.key not in only:
            continue
        now = view.figure(ratio.key)
        if now is None or now.value <= 0 or (ratio.key not in NAMED and ratio.key not in SHARES_OF):
            continue
        yield _ratio(view, ratio, now, view.prior(ratio.key))
    if not only:
        yield from _current_ratio(view)


def _ratio(view: View, ratio: Ratio, now: Figure, then: Figure | None) -> Derived:
    to = numbers.percent(now.value)
    when = view.closing if _is_balance(ratio.numerator) else view.label
    says = f"{SHARES_OF.get(ratio.key, ratio.name)}, {when}: {to}"
    text = f"{_told(view, ratio.numerator)} / {_told(view, ratio.denominator)}"
    if then is None or then.value <= 0:
        return Derived(says, text, now.facts)
    was, change = numbers.percent(then.value), now.value - then.value
    moved = f", {_way(change)} {numbers.points(change)}" if was != to else ", unchanged"
    return Derived(f"{says}; {view.before_label}: {was}{moved}", text, (*now.facts, *then.facts))


def _is_balance(key: str) -> bool:
    measure = CATALOGUE[key]
    return isinstance(measure, Item) and measure.is_instant


def _current_ratio(view: View) -> Iterator[Derived]:
    assets, owed = view.figure("current_assets"), view.figure("current_liabilities")
    if assets and owed and assets.value > 0 and owed.value > 0:
        times = (assets.value / owed.value).quantize(Decimal("0.01"))
        yield Derived(
            f"current assets over current liabilities, {view.closing}: {times} times",
            f"{_told(view, 'current_assets')} / {_told(view, 'current_liabilities')}",
            (*assets.facts, *owed.facts),
        )


# -- runs of years ----------------------------------------------------------------


def _runs(view: View) -> Iterator[Derived]:
    for key in EXTREMES:
        yield from _extreme(view, key)
    for key in AVERAGES:
        yield from _average(view, key)
    yield from _compound(view)
    yield from _streak(view)


def _extreme(view: View, key: str) -> Iterator[Derived]:
    run = run_of(view, key)
    values = [figure.value for _, figure in run]
    shown = [_figure(view, key, value) for value in values]
    # Of ten years the oldest may be no more than where the run was cut.
    if not SHORTEST <= len(run) < LONGEST or values[-1] <= 0 or shown.count(shown[-1]) > 1:
        return
    word = {max(values): "highest", min(values): "lowest"}.get(values[-1])
    if word is None:
        return
    years = numbers.word(len(run))
    yield Derived(
        f"{CATALOGUE[key].name}, {view.label}: {shown[-1]}, the {word} in the {years} fiscal years "
        "on record here",
        _listed(view, run, shown),
        _facts(run),
    )


def _average(view: View, key: str) -> Iterator[Derived]:
    run = run_of(view, key)[-AVERAGED_YEARS:]
    values = [figure.value for _, figure in run]
    if len(run) < AVERAGED_YEARS or values[-1] <= 0 or (mean := sum(values) / len(run)) <= 0:
        return
    own, usual = numbers.percent(values[-1]), numbers.percent(Decimal(mean))
    if own != usual:
        side = "above" if values[-1] > mean else "below"
        yield Derived(
            f"{CATALOGUE[key].name}, {view.label}: {own}, {side} its five-year average of {usual}",
            _listed(view, run, [numbers.percent(value) for value in values]),
            _facts(run),
        )


def _compound(view: View) -> Iterator[Derived]:
    run = run_of(view, "revenue")[-AVERAGED_YEARS - 1 :]
    if len(run) < SHORTEST or run[0][1].value <= 0 or run[-1][1].value <= 0:
        return
    years = len(run) - 1
    rate = (run[-1][1].value / run[0][1].value) ** (Decimal(1) / years) - 1
    if abs(rate) < Decimal("0.005"):
        return
    grown = "grown" if rate > 0 else "shrunk"
    ends = [run[0], run[-1]]
    yield Derived(
        f"compound change of revenue since {view.label_of(run[0][0])}: {grown} "
        f"{numbers.percent(abs(rate))} a year",
        _listed(view, ends, [printed(view, "revenue", one.value) for _, one in ends]),
        _facts(ends),
    )


def _streak(view: View) -> Iterator[Derived]:
    run = run_of(view, "revenue")
    values = [figure.value for _, figure in run]
    for word, sign in (("risen", 1), ("fallen", -1)):
        steps = 0
        while steps + 1 < len(run) and sign * (values[-1 - steps] - values[-2 - steps]) > 0:
            steps += 1
        if steps >= 3:
            told = run[-steps - 1 :]
            yield Derived(
                f"revenue, {view.label}: {word} in each of the past {numbers.word(steps)} fiscal years",
                _listed(view, told, [printed(view, "revenue", one.value) for _, one in told]),
                _facts(told),
            )


def _listed(view: View, run: list[tuple[Period, Figure]], shown: list[str]) -> str:
    return f"from {view.label_of(run[0][0])}: {', '.join(shown)}"


def _facts(run: list[tuple[Period, Figure]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(fact for _, figure in run for fact in figure.facts))


def _figure(view: View, key: str, value: Decimal) -> str:
    measure = CATALOGUE[key]
    return numbers.percent(value) if isinstance(measure, Ratio) else printed(view, key, value)


def _way(change: Decimal) -> str:
    return "up" if change > 0 else "down"
