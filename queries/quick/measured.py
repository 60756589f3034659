"""A measure of a stock in a period: its value, how it is printed, and what proves it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.urls import reverse

from queries.quick.held import Held
from queries.understanding.measures import DERIVED
from queries.values import Citation
from summaries.authoring.reported import LOSSES, closing
from summaries.factbook import Fact
from summaries.measures import CATALOGUE, Difference, Item, Measure, Ratio, Statement, Sum, Unit
from summaries.periods import Period, Span
from summaries.statements import day, plain
from summaries.writing import numbers
from summaries.writing.view import Figure

_PLURAL = frozenset(
    "operating_expenses premiums claims_incurred receivables current_assets total_assets"
    " current_liabilities total_liabilities remaining_obligations deposits loans claims_payable"
    " buybacks dividends_paid diluted_eps short_term_investments"
    " shares_outstanding retained_earnings dividend_per_share".split()
)
# Said otherwise than the catalogue names it, so that the verifier knows it.
_NAMES = {
    "debt_to_equity": "debt to equity",
    "current_ratio": "current ratio",
    "borrowings": "total debt",
    "equity_ratio": "shareholders' equity as a share of total assets",
    "dividends_paid": "dividend payments",
    "payout_ratio": "payout ratio",
    "diluted_shares": "diluted share count",
    "dividend_per_share": "declared dividends per share",
}
_TIMES = Decimal("0.01")


@dataclass(frozen=True)
class Measured:
    """``key`` of the measure in ``period``; ``value`` as computed, ratios as fractions."""

    held: Held
    key: str
    period: Period
    value: Decimal
    facts: tuple[int, ...]

    @property
    def kind(self) -> str:
        """ "money", "per_share", "shares", "percent" or "times" """
        if self.key in DERIVED:
            return "times"
        measure = CATALOGUE[self.key]
        if isinstance(measure, Ratio):
            return "percent"
        return measure.unit.value if isinstance(measure, Item) else Unit.MONEY.value

    @property
    def is_loss(self) -> bool:
        return self.value < 0 and self.key in LOSSES

    @property
    def name(self) -> str:
        """As it is said with ``printed``: a net loss has no sign."""
        if self.is_loss:
            return LOSSES[self.key]
        return _NAMES.get(self.key) or CATALOGUE[self.key].name

    @property
    def verb(self) -> str:
        return "were" if self.key in _PLURAL and not self.is_loss else "was"

    @property
    def size(self) -> Decimal:
        return -self.value if self.is_loss else self.value

    @property
    def printed(self) -> str:
        return print_value(self.size, self.kind, self.held.book.currency)

    @property
    def when(self) -> str:
        """ "in fiscal 2025", "at the end of fiscal 2025", "in the quarter ended …" """
        view = self.held.view(self.period)
        if is_balance(self.key):
            return closing(view, self.period)
        return f"in {view.label_of(self.period)}"

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(fact_citation(self.held.book.by_id(fact)) for fact in self.facts)


def print_value(value: Decimal, kind: str, currency: str) -> str:
    match kind:
        case "percent":
            return numbers.percent(value)
        case "times":
            return f"{value.quantize(_TIMES, rounding=ROUND_HALF_UP)} times"
        case "per_share":
            return numbers.per_share(value, currency)
        case "shares":
            return numbers.count(value)
    return numbers.money(value, currency)


def is_balance(key: str) -> bool:
    """Whether it stands at a day and isn't of a period."""
    if key in DERIVED:
        return True
    measure = CATALOGUE[key]
    match measure:
        case Item():
            return measure.is_instant
        case Ratio(numerator=first, denominator=second):
            return is_balance(first) and is_balance(second)
        case Difference(minuend=first):
            return is_balance(first)
        case Sum(parts=parts):
            return is_balance(parts[0])
    return False


def measured(held: Held, key: str, period: Period) -> Measured | None:
    """None where the facts don't carry it."""
    figure = _figure(held, key, period)
    return (
        Measured(held, key, period, figure.value, tuple(dict.fromkeys(figure.facts)))
        if figure
        else None
    )


def _figure(held: Held, key: str, period: Period) -> Figure | None:
    view = held.view(period)
    if key not in DERIVED:
        return view.figure(key)
    over, under = (view.figure(part) for part in DERIVED[key])
    if over is None or under is None or under.value <= 0:
        return None
    return Figure(over.value / under.value, (*over.facts, *under.facts))


def newest_balance(held: Held, key: str) -> Period | None:
    """The newest day of which all parts of a balance are held."""
    days = [
        set(held.book.item_series(part, Span.INSTANT))
        for part in items_at_a_day(key)
        if held.book.item_series(part, Span.INSTANT)
    ]
    return max(set.intersection(*days), default=None) if days else None


def items_at_a_day(key: str) -> tuple[str, ...]:
    if key in DERIVED:
        return tuple(item for part in DERIVED[key] for item in items_at_a_day(part))
    measure: Measure = CATALOGUE[key]
    match measure:
        case Ratio(numerator=first, denominator=second):
            return (*items_at_a_day(first), *items_at_a_day(second))
        case Difference(minuend=first, subtrahend=second):
            return (*items_at_a_day(first), *items_at_a_day(second))
        case Sum(parts=parts):
            return parts
    return (key,)


def is_cover(key: str) -> bool:
    measure = CATALOGUE.get(key)
    return isinstance(measure, Item) and measure.statement is Statement.COVER


def fact_citation(fact: Fact) -> Citation:
    filing = fact.filing
    filed = f"filed {day(filing.filed)}" if filing.filed else f"to {day(filing.period_end)}"
    start = fact.period.start
    end = day(fact.period.end)
    return Citation(
        source="filing",
        label=f"{filing.form} {filed}",
        url=reverse("summaries:fact", args=[fact.id]),
        quote=f"{plain(fact.value)} {fact.unit}",
        dated=f"{day(start)} to {end}" if start else f"at {end}",
        fact=fact.id,
    )
