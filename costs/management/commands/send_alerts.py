"""One round of the budgets' alerts, for cron or by hand; run_schedule does the same by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from costs.alerts import deliver_due
from costs.models import BudgetAlert


class Command(BaseCommand):
    help = "Raise and send the budgets' alerts that are due; 1 if one failed for good."

    def handle(self, *args: Any, **options: Any) -> None:
        done = deliver_due()
        self.stdout.write(f"Alerts: {done}.")
        if done.failed:
            raise CommandError(
                "Alerts that could not be sent are listed under Budget alerts in the admin, with "
                "the reason: " + "; ".join(sorted(_reasons()))
            )


def _reasons() -> set[str]:
    failed = BudgetAlert.objects.filter(delivery=BudgetAlert.Delivery.FAILED)
    return set(failed.values_list("problem", flat=True))
