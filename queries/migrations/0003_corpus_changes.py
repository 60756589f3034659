"""Each change of what is known of a stock leaves a row, a stock and transaction.

By triggers, so that no way of writing (COPY, bulk, by hand) goes unseen; appended only, so that
nobody waits for another's lock. queries/cache/corpus.py reads them.
"""

from django.db import migrations

TABLE = """
CREATE TABLE queries_corpus_change (
    stock_id bigint NOT NULL,  -- 0: all stocks
    tx bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (stock_id, tx)
);
CREATE INDEX queries_corpus_change_tx ON queries_corpus_change (tx);
CREATE INDEX queries_corpus_change_at ON queries_corpus_change (at);

CREATE FUNCTION queries_note_stocks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queries_corpus_change (stock_id, tx)
    SELECT DISTINCT coalesce(stock_id, 0), pg_current_xact_id()::text::bigint FROM changed
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- A research note's document names no stock: its issuers do, whose rows come with it.
CREATE FUNCTION queries_note_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queries_corpus_change (stock_id, tx)
    SELECT DISTINCT stock_id, pg_current_xact_id()::text::bigint FROM (
        SELECT coalesce(stock_id, 0) FROM changed WHERE kind <> 'research' OR stock_id IS NOT NULL
        UNION
        SELECT issuer.stock_id FROM changed
        JOIN summaries_researchnote note ON note.document_id = changed.id
        JOIN summaries_researchissuer issuer ON issuer.note_id = note.id
        WHERE issuer.stock_id IS NOT NULL
    ) AS named (stock_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- A document that search finds only now.
CREATE FUNCTION queries_note_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO queries_corpus_change (stock_id, tx)
    SELECT DISTINCT stock_id, pg_current_xact_id()::text::bigint FROM (
        SELECT coalesce(document.stock_id, 0) FROM changed
        JOIN summaries_document document ON document.id = changed.document_id
        WHERE document.kind <> 'research' OR document.stock_id IS NOT NULL
        UNION
        SELECT issuer.stock_id FROM changed
        JOIN summaries_researchnote note ON note.document_id = changed.document_id
        JOIN summaries_researchissuer issuer ON issuer.note_id = note.id
        WHERE issuer.stock_id IS NOT NULL
    ) AS named (stock_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
TABLE_BACK = """
DROP FUNCTION queries_note_stocks();
DROP FUNCTION queries_note_documents();
DROP FUNCTION queries_note_indexed();
DROP TABLE queries_corpus_change;
"""
WATCHED = {
    "summaries_fact": "queries_note_stocks",
    "summaries_filing": "queries_note_stocks",
    "summaries_summary": "queries_note_stocks",
    "summaries_fundamental": "queries_note_stocks",
    "summaries_dailyprice": "queries_note_stocks",
    "summaries_estimate": "queries_note_stocks",
    "summaries_researchissuer": "queries_note_stocks",
    "summaries_document": "queries_note_documents",
    "summaries_indexeddocument": "queries_note_indexed",
}
EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def trigger(table: str, event: str) -> str:
    return f"queries_{event.lower()}_of_{table.removeprefix('summaries_')}"


WATCH = "".join(
    f"CREATE TRIGGER {trigger(table, event)} AFTER {event} ON {table} "
    f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}();\n"
    for table, function in WATCHED.items()
    for event, rows in EVENTS.items()
)
WATCH_BACK = "".join(
    f"DROP TRIGGER {trigger(table, event)} ON {table};\n" for table in WATCHED for event in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [("queries", "0002_usage_plan_rows"), ("summaries", "0011_regression")]
    operations = [
        migrations.RunSQL(TABLE, TABLE_BACK),
        migrations.RunSQL(WATCH, WATCH_BACK),
    ]
