"""A conversation to a file, for compliance."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from queries.actions import export
from queries.actions.errors import NotThere


class Command(BaseCommand):
    help = "Write a conversation, hash-chained, as the account that may oversee conversations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("conversation", type=UUID)
        parser.add_argument("--as", dest="username", required=True, help="who exports")
        parser.add_argument("--output", required=True, type=Path)

    def handle(
        self, *args: Any, conversation: UUID, username: str, output: Path, **options: Any
    ) -> None:
        by = User.objects.filter(username=username).first()
        if by is None:
            raise CommandError(f"There is no account {username}.")
        try:
            lines = export(conversation=conversation, by=by)
        except NotThere as error:
            raise CommandError(
                f"{error} Or {username} may not oversee conversations (group compliance)."
            ) from error
        output.write_text("".join(f"{line}\n" for line in lines))
        self.stdout.write(f"{len(lines)} lines in {output}.")
