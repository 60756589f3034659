"""Sums over the ledger, by whatever one asks for.

A day, week or month is the firm's. What is estimated (calls whose outcome isn't known yet)
is in the sums, and told apart in ``unknown_usd``. Sums are exact: PostgreSQL adds numerics.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce, Concat, Trim

from costs import periods
from costs.models import Expense, UsageRecord
from costs.reports.window import Window, midnight, zone

ZERO = Decimal(0)
EVERY = ("day", "week", "month")
_TEXT = CharField()


@dataclass(frozen=True)
class Dimension:
    """What spending can be told by. ``none``: how to call the attempts that have none of it."""

    label: str
    key: Any
    none: str = ""


def _either(condition: Q, yes: str, no: str) -> Any:
    return Case(When(condition, then=Value(yes)), default=Value(no), output_field=_TEXT)


def _joined(*fields: str) -> Any:
    first, second = fields
    return Trim(Concat(first, Value(" "), second, output_field=_TEXT))


def _empty_if_null(field: str) -> Any:
    return Coalesce(field, Value(""), output_field=_TEXT)


DIMENSIONS: dict[str, Dimension] = {
    "agent": Dimension("Agent", F("agent")),
    "task": Dimension("Task", _joined("agent", "task")),
    "model": Dimension("Model", F("model")),
    "provider": Dimension("Provider", F("provider")),
    "user": Dimension("User", _empty_if_null("user__username"), "nobody: batches, jobs"),
    "team": Dimension("Team", _empty_if_null("team__name"), "no team"),
    "stock": Dimension("Stock", F("stock"), "no single stock"),
    "query": Dimension("Question", F("query"), "not for a question"),
    "run": Dimension("Batch run", F("run"), "in no batch run"),
    "category": Dimension("Budget", F("category")),
    "variant": Dimension("Variant", F("variant"), "in no experiment"),
    "prompt": Dimension("Prompt", _joined("prompt", "prompt_version"), "no prompt"),
    "state": Dimension("State", F("state")),
    "operation": Dimension("Operation", F("operation")),
    "way": Dimension("Live or batch", _either(Q(is_batch=True), "batch", "live")),
    "band": Dimension("Price band", _either(Q(price__above_tokens=0), "base", "long prompts")),
}


@dataclass(frozen=True)
class Spent:
    """One line of a report. ``calls`` counts attempts; tokens are as billed.

    ``mean_ms`` and ``p95_ms`` are of attempts that were answered and weren't in a batch; None
    where there was none, or nobody asked for them (``with_speed``).
    """

    key: str
    calls: int = 0
    failed: int = 0
    usd: Decimal = ZERO
    unknown_usd: Decimal = ZERO
    input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    mean_ms: float | None = None
    p95_ms: float | None = None

    def __add__(self, other: Spent) -> Spent:
        """Under this one's key, without speeds, which don't add up."""
        return Spent(self.key, *(getattr(self, name) + getattr(other, name) for name in ADDED))

    def __sub__(self, other: Spent) -> Spent:
        return Spent(self.key, *(getattr(self, name) - getattr(other, name) for name in ADDED))

    @property
    def prompt_tokens(self) -> int:
        return self.input_tokens + self.cache_write_tokens + self.cache_read_tokens

    @property
    def hit_ratio(self) -> float | None:
        """The share of prompt tokens that came from the provider's cache."""
        return self.cache_read_tokens / self.prompt_tokens if self.prompt_tokens else None


ADDED = (
    "calls", "failed", "usd", "unknown_usd", "input_tokens", "cache_write_tokens",
    "cache_read_tokens", "output_tokens", "thinking_tokens",
)  # fmt: skip


def records(window: Window) -> QuerySet[UsageRecord]:
    """In no order."""
    return UsageRecord.objects.filter(sent_at__gte=window.start, sent_at__lt=window.end).order_by()


def total(window: Window) -> Spent:
    return Spent(key="", **_named(records(window).aggregate(**_SUMS)))


def together(rows: Iterable[Spent], key: str = "") -> Spent:
    return reduce(add, rows, Spent(key))


def by(dimension: str, window: Window, *, most: int | None = None) -> list[Spent]:
    """Spending by a dimension, the dearest first; the key "" is of what has none of it.

    Without ``most`` the rows add up to the total. Raises KeyError for an unknown dimension.
    """
    return _rows(_grouped(dimension, window), most)


def dearest(dimension: str, window: Window, *, most: int) -> list[Spent]:
    """The dearest rows that have a name."""
    return _rows(_grouped(dimension, window).exclude(group=""), most)


def by_each(dimensions: Sequence[str], window: Window) -> dict[str, list[Spent]]:
    """``by`` of several dimensions in one pass over the ledger: for those that have few values,
    because it reads a row for each combination that occurs."""
    keys = {f"{name}_": DIMENSIONS[name].key for name in dimensions}
    cells = records(window).annotate(**keys).values(*keys).annotate(**_SUMS)
    found: dict[str, dict[str, Spent]] = {name: {} for name in dimensions}
    for cell in cells:
        spent = Spent(key="", **_named(cell))
        for name, rows in found.items():
            key = cell[f"{name}_"]
            rows[key] = rows.get(key, Spent(key)) + spent
    return {name: sorted(rows.values(), key=_dearest_first) for name, rows in found.items()}


def with_speed(dimension: str, window: Window, rows: list[Spent]) -> list[Spent]:
    """The same rows with how long their answers took."""
    answered = Q(state=UsageRecord.State.SETTLED, is_batch=False, latency_ms__isnull=False)
    timed: Any = records(window).filter(answered).annotate(group=DIMENSIONS[dimension].key)
    timed = timed.filter(group__in=[row.key for row in rows]).values("group")
    speeds = {
        row["group"]: {"mean_ms": row["mean"], "p95_ms": row["p95"]}
        for row in timed.annotate(mean=Avg("latency_ms"), p95=Percentile("latency_ms"))
    }
    return [replace(row, **speeds.get(row.key, {})) for row in rows]


def by_period(every: str, window: Window) -> list[tuple[date, Spent]]:
    """Spending by day, week (from Monday) or month, in order; without those of no call.

    Raises ValueError for another ``every``.
    """
    days = list(firsts(every, window))
    # Not date_trunc: the very moments that budgets begin at, and a third of the time.
    bounds = Value([midnight(day) for day in days])
    number = Func(F("sent_at"), bounds, function="width_bucket", output_field=IntegerField())
    rows: Any = records(window).annotate(number=number).values("number").annotate(**_SUMS)
    return [
        (day := days[row["number"] - 1], Spent(key=day.isoformat(), **_named(row)))
        for row in rows.order_by("number")
    ]


def firsts(every: str, window: Window) -> Iterator[date]:
    """The first days of the periods that the window touches, in order."""
    first = periods.first_day(every, window.start.astimezone(zone()).date())
    while midnight(first) < window.end:
        yield first
        first = periods.day_after(every, first)


def expenses(window: Window) -> Decimal:
    """What was spent on anything but models, in USD; an expense falls on its day's midnight."""
    return sum((usd for day, usd in expenses_by_day(window) if window.holds(midnight(day))), ZERO)


def expenses_by_day(window: Window) -> list[tuple[date, Decimal]]:
    """The days that the window touches, in order."""
    first = window.start.astimezone(zone()).date()
    last = (window.end - timedelta(microseconds=1)).astimezone(zone()).date()
    rows = Expense.objects.filter(on__gte=first, on__lte=last).order_by("on")
    return list(rows.values_list("on").annotate(usd=Sum("amount_usd")))


class Percentile(Aggregate):
    """The continuous 95th percentile; nulls don't count."""

    function = "percentile_cont"
    template = "%(function)s(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def _grouped(dimension: str, window: Window) -> Any:
    rows: Any = records(window).annotate(group=DIMENSIONS[dimension].key)
    return rows.values("group").annotate(**_SUMS).order_by("-sum_usd", "group")


def _rows(grouped: Any, most: int | None) -> list[Spent]:
    return [Spent(key=row["group"], **_named(row)) for row in grouped[:most]]


def _dearest_first(row: Spent) -> tuple[Decimal, str]:
    return -row.usd, row.key


_STATE = UsageRecord.State
_MONEY = DecimalField(max_digits=40, decimal_places=15)
# Named apart from the columns that they sum.
_SUMS: dict[str, Any] = {
    "sum_calls": Count("pk"),
    "sum_failed": Count("pk", filter=Q(state=_STATE.FAILED)),
    "sum_usd": Sum("cost_usd", default=ZERO, output_field=_MONEY),
    "sum_unknown_usd": Sum(
        "cost_usd", filter=Q(state=_STATE.UNKNOWN) | Q(is_estimate=True), default=ZERO,
        output_field=_MONEY,
    ),
    "sum_input_tokens": Sum("input_tokens", default=0),
    "sum_cache_write_tokens": Sum(F("cache_write_tokens") + F("cache_write_1h_tokens"), default=0),
    "sum_cache_read_tokens": Sum("cache_read_tokens", default=0),
    "sum_output_tokens": Sum("output_tokens", default=0),
    "sum_thinking_tokens": Sum("thinking_tokens", default=0),
}  # fmt: skip


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[f"sum_{name}"] for name in ADDED}
