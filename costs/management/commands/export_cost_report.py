"""A month's costs as a file: CSV for a spreadsheet, JSON for a program, or text to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs.budgets import standings
from costs.reports.outages import outages
from costs.reports.report import as_csv, as_fields, cents, everything, exact
from costs.reports.savings import savings
from costs.reports.spending import Spent, by, expenses, total
from costs.reports.units import unit_costs
from costs.reports.window import NotAWindow, Window, window, zone

USAGE = 2
FORMATS = ("csv", "json", "text")


class Command(BaseCommand):
    help = "Export what a month cost: by model, agent, stock, user…, with savings and budgets."

    def add_arguments(self, parser: CommandParser) -> None:
        when = parser.add_mutually_exclusive_group()
        when.add_argument("--month", help="last (the default), this or YYYY-MM")
        when.add_argument("--window", help="instead: last-24h, last-30d, or A..B in days")
        parser.add_argument("--format", choices=FORMATS, default="csv", dest="form")
        parser.add_argument("--output", type=Path, help="a file; without it, to the screen")

    def handle(
        self, *args: Any, month: str | None, window: str | None, form: str,
        output: Path | None, **options: Any,
    ) -> None:  # fmt: skip
        shown = asked_window(window or month or "last")
        text = {"csv": _csv, "json": _json, "text": _text}[form](shown)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        self.stderr.write(f"{output}: {shown.label}, {cents(total(shown).usd)} USD on models.")


def asked_window(words: str) -> Window:
    """Raises CommandError, which exits 2."""
    try:
        return window(words)
    except NotAWindow as error:
        raise CommandError(str(error), returncode=USAGE) from error


def _csv(shown: Window) -> str:
    return as_csv(everything(shown))


def _json(shown: Window) -> str:
    whole, told = total(shown), savings(shown)
    return json.dumps(
        {
            "window": shown.label,
            "start": shown.start.astimezone(zone()).isoformat(),
            "end": shown.end.astimezone(zone()).isoformat(),
            "models_usd": exact(whole.usd),
            "unknown_usd": exact(whole.unknown_usd),
            "expenses_usd": exact(expenses(shown)),
            "by": {part.dimension: [as_fields(row) for row in part.rows] for part in everything(shown)},
            "saved": {one.name: exact(one.usd) for one in told.saved},
            "could_save_at_most": {one.name: exact(one.usd) for one in told.could_save},
            "units": {one.name: {"count": one.count, "usd": exact(one.usd)} for one in unit_costs(shown)},
            "failures": [
                {"provider": one.provider, "attempts": one.attempts, "lost": one.failed,
                 "wasted_usd": exact(one.wasted_usd), "answered_elsewhere": one.answered_elsewhere,
                 "elsewhere_usd": exact(one.elsewhere_usd), "unanswered": one.unanswered,
                 "kinds": dict(one.kinds)}
                for one in outages(shown)
            ],
            "budgets_now": [
                {"name": one.name, "amount_usd": exact(one.amount_usd),
                 "spent_usd": exact(one.spent_usd), "resets_at": one.resets_at.isoformat()}
                for one in standings()
            ],
        },
        indent=2,
    ) + "\n"  # fmt: skip


def _text(shown: Window) -> str:
    whole, told = total(shown), savings(shown)
    lines = [
        f"{shown.label}: {cents(whole.usd)} USD on models in {whole.calls:,} attempts"
        f" ({whole.failed:,} not billed), {cents(expenses(shown))} USD on the rest."
    ]
    for name in ("model", "agent", "provider"):
        lines += _table(f"By {name}", [(_named(row), row.usd) for row in by(name, shown, most=20)])
    lines += _table("Saved", [(one.name, one.usd) for one in told.saved])
    lines += _table("Could be saved, at most", [(one.name, one.usd) for one in told.could_save])
    for unit in unit_costs(shown):
        each = "-" if unit.each_usd is None else f"{unit.each_usd:.4f}"
        lines.append(f"\nA {unit.name}: {each} USD ({unit.count:,} for {cents(unit.usd)} USD)")
    return "\n".join(lines) + "\n"


def _table(title: str, rows: list[tuple[str, Any]]) -> list[str]:
    return [f"\n{title}", *(f"  {name:<56}{usd:>14,.4f}" for name, usd in rows)]


def _named(row: Spent) -> str:
    return f"{row.key or 'none'}, {row.calls:,} attempts"
