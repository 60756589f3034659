"""Market data of one stock: closing prices, and what analysts expect on average."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from queries.quick import rows
from queries.quick.held import Held
from queries.quick.spoken import Found, unsaid
from queries.understanding.values import RUNS, Meant, Year
from queries.values import Chart, Citation, Claim, Point, Series
from summaries.models import DailyPrice, Estimate
from summaries.models.stocks import NEW_YORK
from summaries.pages import known
from summaries.statements import day, plain
from summaries.writing import numbers

VIEW_PRICE, VIEW_ESTIMATE = "summaries.view_dailyprice", "summaries.view_estimate"
_YEAR = 366  # days
MOST_POINTS = 60
MOST_ESTIMATES = 4
# FactSet's metrics by the catalogue's measures, and how each is said.
_METRICS = {
    "diluted_eps": ("EPS", "earnings per share"),
    "revenue": ("SALES", "revenue"),
    "net_income": ("NET", "net income"),
    "operating_income": ("EBIT", "operating income"),
    "free_cash_flow": ("FCF", "free cash flow"),
    "dividend_per_share": ("DPS", "dividends per share"),
}
_A_SHARE = frozenset({"EPS", "DPS"})


def prices(held: Held, meant: Meant) -> Found:
    """The last close and that of a year before; a chart where a run of time is asked for."""
    if not held.reader.has_perm(VIEW_PRICE):
        return unsaid("Your account may not read market prices.")
    found = list(known.prices(held.stock, held.at)[:_YEAR])
    if not found:
        return unsaid(f"The sources have no price of {held.name}.")
    claims = [_close(held, found[0])]
    earlier = next((one for one in found if (found[0].on - one.on).days >= 364), None)
    if earlier and earlier.currency == found[0].currency:
        claims.append(_change(held, found[0], earlier))
    is_run = meant.is_over_time or any(isinstance(one, RUNS) for one in meant.periods)
    charts = (_chart(held, found),) if is_run and len(found) > 1 else ()
    return Found(tuple(filter(None, claims)), charts)


def _close(held: Held, row: DailyPrice) -> Claim | None:
    text = f"{held.name} closed at {_price(row.close, row.currency)} on {day(row.on)}."
    return rows.told(
        text, values=[row.close], days=[row.on], citation=_of_price(row), named=[held.name]
    )


def _change(held: Held, now: DailyPrice, then: DailyPrice) -> Claim | None:
    if not then.close or now.close == then.close:
        return None
    change = now.close / then.close - 1
    way = "above" if change > 0 else "below"
    text = (
        f"That is {numbers.percent(abs(change))} {way} the close of "
        f"{_price(then.close, then.currency)} on {day(then.on)}."
    )
    values = [abs(change) * 100, then.close]
    claim = rows.told(text, values=values, days=[then.on], citation=_of_price(then))
    return claim and Claim(text, claim.verdict, (_of_price(now), *claim.citations))


def _price(value: Decimal, currency: str) -> str:
    return numbers.per_share(value, currency)


def _of_price(row: DailyPrice) -> Citation:
    return Citation(
        source="FactSet",
        label=_as_known("FactSet prices", row.known_at.astimezone(NEW_YORK).date()),
        url="",
        quote=f"close {plain(row.close)} {row.currency}",
        dated=day(row.on),
    )


def _as_known(what: str, on: date) -> str:
    return f"{what}, as known {day(on)}"


def _chart(held: Held, found: Sequence[DailyPrice]) -> Chart:
    own = [one for one in found if one.currency == found[0].currency][::-1]
    step = max(1, -(-len(own) // MOST_POINTS))
    shown = [*own[:-1:step], own[-1]]
    points = tuple(Point(day(one.on), one.close, _of_price(one)) for one in shown)
    return Chart(f"{held.name}: closing price", found[0].currency, (Series("close", points),))


# -- estimates ------------------------------------------------------------------------


def estimates(held: Held, meant: Meant) -> Found:
    """The newest consensus for the periods that aren't over, or for those asked for."""
    if not held.reader.has_perm(VIEW_ESTIMATE):
        return unsaid("Your account may not read analysts' estimates.")
    wanted = {_METRICS[key][0] for key in meant.measures if key in _METRICS}
    unknown = [key for key in meant.measures if key not in _METRICS]
    if unknown and not wanted:
        return unsaid(f"No estimates of {unknown[0].replace('_', ' ')} are held for {held.name}.")
    found = _newest(held, wanted or {"EPS", "SALES"})
    years = {one.number for one in meant.periods if isinstance(one, Year)}
    kept = [one for one in found if not years or (one.fiscal_year or one.fiscal_end.year) in years]
    claims = [claim for one in kept[:MOST_ESTIMATES] if (claim := _expected(held, one))]
    if not claims:
        return unsaid(f"No estimate of the kind is held for {held.name}.")
    return Found(tuple(claims))


def _newest(held: Held, metrics: set[str]) -> list[Estimate]:
    """Of each metric and period the newest consensus, the nearest period first."""
    rows_of = known.estimates(held.stock, held.at).filter(metric__in=metrics)
    newest: dict[tuple[str, str, date], Estimate] = {}
    for one in rows_of:
        newest.setdefault((one.metric, one.periodicity, one.fiscal_end), one)
    ahead = [one for one in newest.values() if one.fiscal_end >= held.at.date()]
    past = [one for one in newest.values() if one.fiscal_end < held.at.date()]
    past.sort(key=lambda one: one.fiscal_end, reverse=True)
    return [*sorted(ahead, key=lambda one: (one.fiscal_end, one.metric)), *past]


def _expected(held: Held, row: Estimate) -> Claim | None:
    if row.mean is None:
        return None
    name = next((said for metric, said in _METRICS.values() if metric == row.metric), row.metric)
    period = "fiscal year" if row.periodicity.startswith("ANN") else "fiscal quarter"
    told = [f"{_amount(row, row.mean)} for the {period} to {day(row.fiscal_end)}", *_range(row)]
    text = (
        f"Analysts expect {held.owner} {name} to be {', '.join(told)}, by FactSet's consensus of "
        f"{day(row.estimate_date)}."
    )
    values = [row.mean, row.low, row.high, row.estimate_count]
    days = [row.fiscal_end, row.estimate_date]
    return rows.told(
        text, values=values, days=days, citation=_of_estimate(row), named=[held.owner, held.name]
    )


def _range(row: Estimate) -> Iterator[str]:
    if row.estimate_count and row.estimate_count > 1:
        yield f"the mean of {row.estimate_count} estimates"
    if row.low is not None and row.high is not None and row.low != row.high:
        yield f"from {_amount(row, row.low)} to {_amount(row, row.high)}"


def _amount(row: Estimate, value: Decimal) -> str:
    if row.metric in _A_SHARE:
        return numbers.per_share(value, row.currency)
    return numbers.money(value, row.currency)


def _of_estimate(row: Estimate) -> Citation:
    known_on = row.known_at.astimezone(NEW_YORK).date()
    mean = plain(row.mean) if row.mean is not None else ""
    return Citation(
        source="FactSet",
        label=_as_known("FactSet estimates", known_on),
        url="",
        quote=f"{row.metric}, mean {mean} {row.currency}".strip(),
        dated=f"fiscal period to {day(row.fiscal_end)}, consensus of {day(row.estimate_date)}",
    )
