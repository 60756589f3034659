"""How common each word is in what everybody may read, counted anew now and then."""

from __future__ import annotations

from django.db import connection, transaction

from summaries.models import TermFrequency
from summaries.passages.rows import copy

# Counted anew when the number of free passages changed by more than this share.
STALE = 0.1
# Passages that are looked at; of more, a sample is taken and its counts scaled.
SAMPLE = 50_000
_LOCK = 0x7465726D  # "term": one counts, the others go on

# Written into ts_stat's own query, which takes no parameters.
_FREE = (
    "SELECT terms.tsv FROM summaries_termvector AS terms {sampled}"
    " JOIN summaries_document AS document ON document.id = terms.document_id"
    " WHERE document.plan_id IS NULL AND document.withdrawn_at IS NULL"
)


def free_chunks() -> int:
    """How many passages are free to all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(indexed.chunks), 0) FROM summaries_indexeddocument AS indexed"
            " JOIN summaries_document AS document ON document.id = indexed.document_id"
            " WHERE document.plan_id IS NULL AND document.withdrawn_at IS NULL"
        )
        return int(cursor.fetchone()[0])


def refresh_if_stale() -> bool:
    """Count anew where the corpus has grown or shrunk noticeably; whether it was done."""
    counted = TermFrequency.objects.filter(lexeme="").values_list("chunks", flat=True).first()
    now = free_chunks()
    if counted is not None and abs(now - counted) <= STALE * counted:
        return False
    return refresh(now)


@transaction.atomic
def refresh(total: int | None = None) -> bool:
    """Count all lexemes of free passages. False where another is at it."""
    total = free_chunks() if total is None else total
    share = min(1.0, SAMPLE / total) if total else 1.0
    sampled = f"TABLESAMPLE SYSTEM ({100 * share:.4f}) REPEATABLE (1)" if share < 1 else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT word, ndoc FROM ts_stat(%s)", [_FREE.format(sampled=sampled)])
        counts = cursor.fetchall()
        cursor.execute("DELETE FROM summaries_termfrequency")
    rows = ((word, round(count / share)) for word, count in counts)
    copy(TermFrequency._meta.db_table, ("lexeme", "chunks"), [("", total), *rows])
    return True
