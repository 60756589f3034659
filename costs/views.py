"""Where the money went, as a page of the admin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from costs.budgets import Standing, standings
from costs.reconciling import estimate_error
from costs.reports.burn import burn, firm_budget
from costs.reports.charts import BurnChart, Chart, bars, burn_chart
from costs.reports.outages import outages
from costs.reports.panels import panels
from costs.reports.report import Section, as_csv, everything, shortened
from costs.reports.savings import savings
from costs.reports.spending import (
    EVERY,
    Spent,
    by_each,
    by_period,
    dearest,
    expenses,
    firsts,
    together,
    with_speed,
)
from costs.reports.units import unit_costs
from costs.reports.window import NotAWindow, Window, midnight, window

VIEW = "costs.view_usagerecord"
WINDOWS = (("this", "This month"), ("last", "Last month"), ("last-7d", "7 days"), ("last-24h", "24 hours"))  # fmt: skip
# Told in one pass each, because they have few values.
KINDS = ("model", "provider", "agent", "task", "way", "variant")
PEOPLE = ("user", "team")
DEAREST = ("stock", "query", "run")
MOST, MOST_BARS = 15, 100


@admin.site.admin_view
@permission_required(VIEW, raise_exception=True)
@require_safe
def spending(request: HttpRequest) -> HttpResponse:
    """The cost page of a window; ``?as=csv`` gives all of it as a file."""
    words, problem = request.GET.get("window", "this").strip(), ""
    try:
        shown = window(words)
    except NotAWindow as error:
        problem, shown = str(error), window("this")
    if request.GET.get("as") == "csv" and not problem:
        return csv_response(shown)
    every = request.GET.get("every", "day")
    context = _context(shown, every if every in EVERY else "day")
    return render(
        request,
        "costs/spending.html",
        {**admin.site.each_context(request), **context, "problem": problem, "asked": words,
         "words": "this" if problem else words, "windows": WINDOWS, "periods": EVERY},
        status=400 if problem else 200,
    )  # fmt: skip


def csv_response(shown: Window) -> HttpResponse:
    name = f"costs-{slugify(shown.label)}.csv"
    return HttpResponse(
        as_csv(everything(shown)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _context(shown: Window, every: str) -> dict[str, Any]:
    kinds, people = by_each(KINDS, shown), by_each(PEOPLE, shown)
    whole = together(kinds["model"])
    every, series = _series(every, shown)
    budgets = standings()
    kinds["model"] = with_speed("model", shown, kinds["model"])

    def tables(rows: dict[str, list[Spent]]) -> list[Section]:
        return [shortened(one, of, whole, MOST) for one, of in rows.items() if _tells(of)]

    return {
        "title": "Where the money went",
        "shown": shown,
        "every": every,
        "whole": whole,
        "expenses": expenses(shown),
        "series": series,
        "chart": _chart(every, series),
        "standings": budgets,
        "burn": _burn(budgets),
        "savings": savings(shown),
        "units": unit_costs(shown),
        "outages": outages(shown),
        "panels": panels(shown),
        "kinds": tables(kinds),
        "people": tables(people),
        "dearest": tables({one: dearest(one, shown, most=MOST) for one in DEAREST}),
        "estimates": estimate_error(shown.start, shown.end),
    }


def _tells(rows: list[Spent]) -> bool:
    """A table in which nothing has a name says nothing."""
    return any(row.key for row in rows)


def _series(every: str, shown: Window) -> tuple[str, list[tuple[date, Spent]]]:
    """Each period up to now, also those without a call; in longer ones if they were too many."""
    now = timezone.now()
    for longer in EVERY[EVERY.index(every) :]:
        days = [day for day in firsts(longer, shown) if midnight(day) <= now]
        if len(days) <= MOST_BARS:
            break
    known = dict(by_period(longer, shown))
    if not known:
        return longer, []
    return longer, [(day, known.get(day, Spent(day.isoformat()))) for day in days]


def _chart(every: str, series: Sequence[tuple[date, Spent]]) -> Chart:
    def point(day: date, spent: Spent) -> tuple[str, Decimal, str]:
        label = f"{day:%b %Y}" if every == "month" else f"{day.day} {day:%b}"
        return label, spent.usd, f"{label}: ${spent.usd:,.4f}, {spent.calls:,} attempts"

    return bars([point(day, spent) for day, spent in series])


def _burn(budgets: list[Standing]) -> tuple[Standing, BurnChart] | None:
    firm = firm_budget(budgets)
    return (firm, burn_chart(burn(firm))) if firm else None
