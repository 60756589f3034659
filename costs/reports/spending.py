"""Sums over the ledger, by whatever one asks for.

A day, week or month is the firm's. What is estimated (calls whose outcome isn't known yet)
is in the sums, and told apart in ``unknown_usd``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Avg,
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, TruncDay, TruncMonth, TruncWeek

from costs.models import Expense, UsageRecord
from costs.reports.window import Window, zone

ZERO = Decimal(0)
NONE = Value("", output_field=CharField())

# What spending can be told by: name -> (label, expression).
DIMENSIONS: dict[str, tuple[str, Any]] = {
    "agent": ("Agent", F("agent")),
    "task": ("Task", Concat("agent", Value(" "), "task")),
    "model": ("Model", F("model")),
    "provider": ("Provider", F("provider")),
    "user": ("User", Coalesce("user__username", NONE)),
    "team": ("Team", Coalesce("team__name", NONE)),
    "stock": ("Stock", F("stock")),
    "query": ("Question", F("query")),
    "run": ("Batch run", F("run")),
    "category": ("Budget", F("category")),
    "variant": ("Variant", F("variant")),
    "prompt": ("Prompt", Concat("prompt", Value(" "), "prompt_version")),
    "state": ("State", F("state")),
    "operation": ("Operation", F("operation")),
    "way": (
        "Way",
        Case(When(is_batch=True, then=Value("batch")), default=Value("live"),
             output_field=CharField()),
    ),
    "band": (
        "Price band",
        Case(When(price__above_tokens=0, then=Value("base")), default=Value("long prompts"),
             output_field=CharField()),
    ),
}  # fmt: skip

_TRUNCATE: dict[str, Callable[..., Any]] = {
    "day": TruncDay, "week": TruncWeek, "month": TruncMonth,
}  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """One line of a report. ``calls`` counts attempts; tokens are as billed.

    ``p95_ms`` and ``mean_ms`` are of calls that were answered and weren't in a batch.
    """

    key: str
    calls: int
    failed: int
    usd: Decimal
    unknown_usd: Decimal
    input_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int
    output_tokens: int
    thinking_tokens: int
    mean_ms: float | None = None
    p95_ms: float | None = None

    @property
    def prompt_tokens(self) -> int:
        return self.input_tokens + self.cache_write_tokens + self.cache_read_tokens

    @property
    def hit_ratio(self) -> float | None:
        """The share of prompt tokens that came from the provider's cache."""
        return self.cache_read_tokens / self.prompt_tokens if self.prompt_tokens else None


def records(window: Window) -> QuerySet[UsageRecord]:
    return UsageRecord.objects.filter(sent_at__gte=window.start, sent_at__lt=window.end)


def total(window: Window) -> Spent:
    return _spent("", records(window).order_by().aggregate(**_sums()))


def by(dimension: str, window: Window, *, most: int | None = None) -> list[Spent]:
    """Spending by a dimension, the dearest first; rows that have none of it are left out.

    Raises KeyError for a dimension that isn't in DIMENSIONS.
    """
    _, expression = DIMENSIONS[dimension]
    rows: Any = records(window)
    rows = (
        rows.order_by()
        .annotate(key_=expression)
        .exclude(key_="")
        .values("key_")
        .annotate(**_sums())
        .order_by("-usd", "key_")
    )
    return [_spent(row["key_"], row) for row in (rows[:most] if most else rows)]


def by_period(every: str, window: Window) -> list[tuple[date, Spent]]:
    """Spending by day, week (from Monday) or month, in order; without those of no call."""
    start = _TRUNCATE[every]("sent_at", tzinfo=zone())
    rows: Any = records(window).order_by().annotate(start=start).values("start").annotate(**_sums())
    return [
        (row["start"].date(), _spent(row["start"].date().isoformat(), row))
        for row in rows.order_by("start")
    ]


def expenses(window: Window) -> Decimal:
    """What was spent on anything but models, in USD, by the days of the window."""
    last = window.end.astimezone(zone()).date()
    given = Expense.objects.filter(on__gte=window.start.astimezone(zone()).date(), on__lt=last)
    spent: Decimal | None = given.aggregate(usd=Sum("amount_usd"))["usd"]
    return spent or ZERO


def dearest_queries(window: Window, most: int = 20) -> list[Spent]:
    return by("query", window, most=most)


class Percentile(Func):
    """The continuous 95th percentile of what ``values`` are not null."""

    function = "percentile_cont"
    template = "%(function)s(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"


def _sums() -> dict[str, Any]:
    money = DecimalField(max_digits=30, decimal_places=15)
    state = UsageRecord.State
    timed = Case(When(state=state.SETTLED, is_batch=False, then=F("latency_ms")))
    return {
        "calls": Count("pk"),
        "failed": Count("pk", filter=Q(state=state.FAILED)),
        "usd": Coalesce(Sum("cost_usd"), ZERO, output_field=money),
        "unknown_usd": Coalesce(
            Sum("cost_usd", filter=Q(state=state.UNKNOWN) | Q(is_estimate=True)), ZERO,
            output_field=money,
        ),
        "input": Coalesce(Sum("input_tokens"), 0),
        "written": Coalesce(Sum(F("cache_write_tokens") + F("cache_write_1h_tokens")), 0),
        "read": Coalesce(Sum("cache_read_tokens"), 0),
        "output": Coalesce(Sum("output_tokens"), 0),
        "thinking": Coalesce(Sum("thinking_tokens"), 0),
        "mean_ms": Avg(timed),
        "p95_ms": Percentile(timed),
    }  # fmt: skip


def _spent(key: object, row: dict[str, Any]) -> Spent:
    return Spent(
        key=str(key),
        calls=row["calls"],
        failed=row["failed"],
        usd=row["usd"],
        unknown_usd=row["unknown_usd"],
        input_tokens=row["input"],
        cache_write_tokens=row["written"],
        cache_read_tokens=row["read"],
        output_tokens=row["output"],
        thinking_tokens=row["thinking"],
        mean_ms=row["mean_ms"],
        p95_ms=row["p95_ms"],
    )
