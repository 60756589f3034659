"""A month's costs as a file: CSV for a spreadsheet, JSON for a program, or text to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs.budgets import standings
from costs.reports.report import as_csv, cents, sections
from costs.reports.savings import could_save, saved
from costs.reports.spending import DIMENSIONS, expenses, total
from costs.reports.units import unit_costs
from costs.reports.window import NotAWindow, Window, window

USAGE = 2


class Command(BaseCommand):
    help = "Export what a month cost: by model, agent, stock, user…, with savings and budgets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", default="last", help="last (the default), this or YYYY-MM")
        parser.add_argument("--window", help="instead: last-24h, last-30d, or A..B in days")
        parser.add_argument("--format", choices=("csv", "json", "text"), default="csv")
        parser.add_argument("--output", type=Path, help="a file; without it, to the screen")

    def handle(
        self, *args: Any, month: str, window: str | None, format: str, output: Path | None,  # noqa: A002
        **options: Any,
    ) -> None:  # fmt: skip
        shown = _window(window or month)
        text = {"csv": _csv, "json": _json, "text": _text}[format](shown)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        self.stderr.write(f"{output}: {shown.label}, {cents(total(shown).usd)} USD.")


def _window(words: str) -> Window:
    try:
        return window(words)
    except NotAWindow as error:
        raise CommandError(str(error), returncode=USAGE) from error


def _csv(shown: Window) -> str:
    return as_csv(sections(shown, DIMENSIONS))


def _json(shown: Window) -> str:
    whole = total(shown)
    return (
        json.dumps(
            {
                "window": shown.label,
                "start": shown.start.isoformat(),
                "end": shown.end.isoformat(),
                "models_usd": str(whole.usd),
                "unknown_usd": str(whole.unknown_usd),
                "expenses_usd": str(expenses(shown)),
                "by": {
                    part.dimension: [{"key": r.key, "calls": r.calls, "usd": str(r.usd)} for r in part.rows]
                    for part in sections(shown, DIMENSIONS)
                },
                "saved": {one.name: str(one.usd) for one in saved(shown)},
                "could_save_at_most": {one.name: str(one.usd) for one in could_save(shown)},
                "units": {one.name: {"count": one.count, "usd": str(one.usd)} for one in unit_costs(shown)},
                "budgets": [
                    {"name": one.name, "amount_usd": str(one.amount_usd), "spent_usd": str(one.spent_usd),
                     "resets_at": one.resets_at.isoformat()}
                    for one in standings()
                ],
            },
            indent=2,
        )
        + "\n"
    )  # fmt: skip


def _text(shown: Window) -> str:
    whole = total(shown)
    lines = [
        f"{shown.label}: {cents(whole.usd)} USD on models in {whole.calls} attempts"
        f" ({whole.failed} not billed), {cents(expenses(shown))} USD on the rest."
    ]
    for part in sections(shown, ("model", "agent", "provider"), most=20):
        lines.append(f"\n{part.label}")
        lines += [f"  {row.key:<40} {row.calls:>8} {row.usd:>14.4f}" for row in part.rows]
    lines.append("\nSaved")
    lines += [f"  {one.name:<40} {one.usd:>23.4f}" for one in saved(shown)]
    for unit in unit_costs(shown):
        each = "-" if unit.each_usd is None else f"{unit.each_usd:.4f}"
        lines.append(f"\nA {unit.name}: {each} USD ({unit.count} for {cents(unit.usd)} USD)")
    return "\n".join(lines) + "\n"
