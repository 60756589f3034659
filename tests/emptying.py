"""Between tests that commit: only tables with rows are emptied.

Django truncates all tables, for which PostgreSQL makes new files of each and its indexes: most of
a second. Content types and permissions are the code's and stay; the groups are made anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

KEPT = {"django_content_type", "auth_permission"}
# Emptied row by row, larger tables and their indexes would be slow, then and in later tests.
LARGE = 1_000_000  # bytes
_ASKED = """
SELECT '{name}', pg_total_relation_size('"{name}"') > {large}
WHERE EXISTS (SELECT 1 FROM "{name}")
"""


def of_what_has_rows(self: Any, style: Any, tables: Sequence[str], **options: Any) -> list[str]:
    """In place of DatabaseOperations.sql_flush."""
    named = [one for one in tables if one not in KEPT]
    if not named:
        return []
    asked = " UNION ALL ".join(_ASKED.format(name=one, large=LARGE) for one in named)
    with self.connection.cursor() as cursor:
        cursor.execute(asked)
        filled = dict(cursor.fetchall())
    large = ", ".join(f'"{name}"' for name, is_large in filled.items() if is_large)
    small = [name for name, is_large in filled.items() if not is_large]
    return [
        *([f"TRUNCATE {large} CASCADE"] if large else []),
        "SET LOCAL session_replication_role = replica",  # no keys are checked, no triggers run
        *(f'DELETE FROM "{name}"' for name in small),  # noqa: S608
        "SET LOCAL session_replication_role = DEFAULT",
    ]


def the_groups(verbosity: int, interactive: bool, db: str, **options: Any) -> None:
    """In place of all that follows a migration."""
    from fa_site.access import set_groups

    set_groups(using=db)


setattr(DatabaseOperations, "sql_flush", of_what_has_rows)  # noqa: B010 - for mypy
setattr(flush, "emit_post_migrate_signal", the_groups)  # noqa: B010
