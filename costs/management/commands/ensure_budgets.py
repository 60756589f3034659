"""The budgets a firm begins with; and whether budgets' counters are what the ledger says."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from costs.budgets import discrepancies, ensure_budgets, rebuild
from costs.models import BudgetPeriod


class Command(BaseCommand):
    help = (
        "Make the default budgets (2,000 USD a month: batch 1,200, queries 600, infrastructure "
        "200) where none are, or check the counters against the ledger."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="compare the counters with the ledger; 1 if off"
        )
        parser.add_argument(
            "--rebuild", action="store_true", help="set the counters to what the ledger says"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            return self._check()
        if options["rebuild"]:
            return self._rebuild()
        for budget in ensure_budgets():
            self.stdout.write(f"Budget {budget}: {budget.amount_usd:,.2f} USD.")
        return None

    def _check(self) -> None:
        off = discrepancies()
        for one in off:
            self.stderr.write(str(one))
        if off:
            raise CommandError("Counters are off: manage.py ensure_budgets --rebuild mends them.")
        self.stdout.write(f"{BudgetPeriod.objects.count()} periods are as the ledger says.")

    def _rebuild(self) -> None:
        mended = [rebuild(period) for period in BudgetPeriod.objects.all()]
        for one in mended:
            if one:
                self.stdout.write(f"Mended {one}")
        self.stdout.write(f"{len(mended)} periods are as the ledger says.")
