"""manage.py measure_masking: recall and false masks on made-up questions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from queries.chain.masking import company_names
from queries.chain.measuring import Measured, measure


class Command(BaseCommand):
    help = "Measure the masking of personal data on made-up questions."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--list", action="store_true", help="Print what it went wrong in.")

    def handle(self, *args: Any, **options: Any) -> None:
        measured = measure(company_names())
        for line in _lines(measured):
            self.stdout.write(line)
        if options["list"]:
            for text in measured.missed:
                self.stdout.write(f"missed: {text}")
            for text in measured.falsely:
                self.stdout.write(f"false:  {text}")


def _lines(measured: Measured) -> list[str]:
    kinds = [
        f"recall_{kind.lower()} {measured.recall_of(kind):.3f} of {count}"
        for kind, count in sorted(measured.of.items())
    ]
    return [
        *kinds,
        f"recall {measured.recall:.3f} of {measured.of.total()}",
        f"false_masks {measured.false_share:.3f} of {measured.clean}",
    ]
