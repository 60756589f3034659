"""Documents keep their text and the audit trail keeps its rows, whoever asks.

Row triggers: TRUNCATE, which only an owner of the tables may do and which tests
need, stays possible.
"""

from django.db import migrations

DOCUMENTS = """
CREATE FUNCTION summaries_document_keeps_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION
        'Document % is an immutable version: citations point into its text by offset. '
        'Store a changed text as a new document instead.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER summaries_document_keeps_text
    BEFORE UPDATE ON summaries_document FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.sha256 IS DISTINCT FROM NEW.sha256)
    EXECUTE FUNCTION summaries_document_keeps_text();
"""
DOCUMENTS_BACK = """
DROP TRIGGER summaries_document_keeps_text ON summaries_document;
DROP FUNCTION summaries_document_keeps_text();
"""

AUDIT = """
CREATE FUNCTION summaries_audit_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION
        'Audit event % can''t be changed or deleted: the trail is written once. '
        'Record a new event that corrects it instead.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER summaries_audit_is_written_once
    BEFORE UPDATE OR DELETE ON summaries_auditevent FOR EACH ROW
    EXECUTE FUNCTION summaries_audit_is_written_once();
"""
AUDIT_BACK = """
DROP TRIGGER summaries_audit_is_written_once ON summaries_auditevent;
DROP FUNCTION summaries_audit_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("summaries", "0002_vector_extension")]
    operations = [
        migrations.RunSQL(DOCUMENTS, DOCUMENTS_BACK),
        migrations.RunSQL(AUDIT, AUDIT_BACK),
    ]
