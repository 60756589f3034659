"""What the streams' process does each hour, for who wants it now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from queries.actions import purge_expired


class Command(BaseCommand):
    help = "Purge conversations whose time is over (FA_DELETED_DAYS, FA_CONVERSATION_DAYS)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge_expired()} conversations are gone for good.")
