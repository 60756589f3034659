"""The version of what is known of a stock: it differs after any change of facts, documents or texts.

Triggers on the tables (queries/migrations) leave a row a stock and transaction in
``queries_corpus_change``; nobody waits for a lock there. The version is how many rows there are and
the newest of them, so that a transaction that commits late is seen too. A document that becomes
public by the clock alone counts by its moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

# Tells of all stocks: a sector's figures, or a row that names none.
EVERY = 0
# Entries live a day at most (chain/cache.py): what changed before matters to none.
KEPT_DAYS = 2

_SNAPSHOT = "SELECT pg_current_snapshot()::text"
_SINCE = "coalesce(%(since)s::pg_snapshot, pg_current_snapshot())"
_VERSION = f"""
WITH named AS (SELECT id, ticker FROM summaries_stock WHERE ticker = ANY(%(stocks)s)),
changes AS (
    SELECT count(*) AS n, coalesce(max(tx), 0) AS newest,
           coalesce(bool_or(NOT pg_visible_in_snapshot(tx::text::xid8, {_SINCE})), false)
               AS is_changed
    FROM queries_corpus_change
    WHERE stock_id = ANY(ARRAY(SELECT id FROM named) || 0::bigint)
)
SELECT changes.n, changes.newest, changes.is_changed,
       (SELECT count(*) FROM named),
       (SELECT extract(epoch FROM max(public_at)) FROM summaries_document document
        WHERE document.stock_id IN (SELECT id FROM named) AND document.public_at <= now())
FROM changes
"""  # noqa: S608 - constants
_NEWEST = f"""
SELECT coalesce(max(tx), 0),
       coalesce(NOT pg_visible_in_snapshot(max(tx)::text::xid8, {_SINCE}), false)
FROM queries_corpus_change
"""  # noqa: S608 - constants
_FORGET = "DELETE FROM queries_corpus_change WHERE at < now() - make_interval(days => %s)"


@dataclass(frozen=True)
class Version:
    """``is_changed``: some of it was written after the snapshot that was asked about."""

    text: str
    is_changed: bool = False


def snapshot() -> str:
    """What is committed by now: to be asked before an answer is worked out."""
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT)
        (now,) = cursor.fetchone()
    return str(now)


def version(stocks: Sequence[str], *, since: str | None = None) -> Version:
    """Of these stocks by ticker; of none named, of the whole corpus. ``since``: a snapshot()."""
    asked: dict[str, Any] = {"stocks": list(stocks), "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_VERSION if stocks else _NEWEST, asked)
        row = cursor.fetchone()
    if not stocks:
        return Version(f"all.{row[0]}", bool(row[1]))
    count, newest, is_changed, known, public = row
    return Version(f"{count}.{newest}.{known}.{public or 0}", bool(is_changed))


def forget_old_changes() -> int:
    """Drop what no kept answer can ask about any more; returns how many rows it were."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_DAYS])
        return int(cursor.rowcount)
