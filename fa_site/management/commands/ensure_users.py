"""Local accounts: advisor, ops and api."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fa_site.users import Login, NotLocal, ensure_local_users, file


class Command(BaseCommand):
    help = "Make the local accounts advisor, ops and api, once; refuses in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show", action="store_true", help="print passwords and the token")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            logins = ensure_local_users()
        except NotLocal as error:
            raise CommandError(str(error)) from error
        if options["show"]:
            for login in logins:
                self.stdout.write(_line(login))
        else:
            self.stdout.write(f"Accounts advisor, ops and api are ready; {file()} has the logins.")


def _line(login: Login) -> str:
    if login.token:
        return f"{login.username:8} token    {login.token}"
    return f"{login.username:8} password {login.password}"
