"""Where the money went, as a page of the admin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from costs.budgets import standings
from costs.reconciling import estimate_error
from costs.reports.charts import Chart, bars
from costs.reports.outages import outages
from costs.reports.panels import panels
from costs.reports.report import Section, as_csv, sections
from costs.reports.savings import could_save, saved
from costs.reports.spending import DIMENSIONS, by_period, expenses, total
from costs.reports.units import unit_costs
from costs.reports.window import NotAWindow, Window, window

VIEW = "costs.view_usagerecord"
WINDOWS = (("this", "This month"), ("last", "Last month"), ("last-7d", "7 days"), ("last-24h", "24 hours"))  # fmt: skip
TOLD = ("model", "provider", "agent", "task", "way", "band", "user", "team", "variant", "prompt")
DEAREST = ("stock", "query", "run")
MOST = 20


@admin.site.admin_view
@permission_required(VIEW, raise_exception=True)
def spending(request: HttpRequest) -> HttpResponse:
    """The cost page of a window; ``?as=csv`` gives its tables as a file."""
    words = request.GET.get("window", "this")
    problem = ""
    try:
        shown = window(words)
    except NotAWindow as error:
        problem, words = str(error), "this"
        shown = window(words)
    if request.GET.get("as") == "csv":
        return csv_response(shown, sections(shown, DIMENSIONS))
    every = request.GET.get("every", "day")
    every = every if every in {"day", "week", "month"} else "day"
    return render(
        request,
        "costs/spending.html",
        {**admin.site.each_context(request), **_context(shown, every), "words": words,
         "problem": problem, "windows": WINDOWS},
        status=400 if problem else 200,
    )  # fmt: skip


def csv_response(shown: Window, parts: list[Section]) -> HttpResponse:
    name = f"costs-{slugify(shown.label)}.csv"
    return HttpResponse(
        as_csv(parts),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _context(shown: Window, every: str) -> dict[str, Any]:
    whole = total(shown)
    series = by_period(every, shown)
    return {
        "title": "Where the money went",
        "shown": shown,
        "every": every,
        "whole": whole,
        "expenses": expenses(shown),
        "series": series,
        "chart": _chart(series),
        "standings": standings(),
        "sections": sections(shown, TOLD, most=MOST),
        "dearest": sections(shown, DEAREST, most=MOST),
        "saved": saved(shown),
        "could_save": could_save(shown),
        "units": unit_costs(shown),
        "outages": outages(shown),
        "estimates": estimate_error(shown.start, shown.end),
        "panels": panels(shown),
    }


def _chart(series: list[Any]) -> Chart:
    points: list[tuple[str, Decimal, str]] = [
        (
            f"{day.day} {day:%b}",
            spent.usd,
            f"{day:%d %B %Y}: ${spent.usd:,.4f}, {spent.calls:,} calls",
        )
        for day, spent in series
    ]
    return bars(points)
