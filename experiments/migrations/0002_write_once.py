"""The trail of tests and flags keeps its rows, whoever asks."""

from django.db import migrations

CHANGES = """
CREATE FUNCTION experiments_change_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION
        'Change % can''t be changed or deleted: the trail is written once. '
        'Record a new change that corrects it instead.', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER experiments_change_is_written_once
    BEFORE UPDATE OR DELETE ON experiments_change FOR EACH ROW
    EXECUTE FUNCTION experiments_change_is_written_once();
"""
BACK = """
DROP TRIGGER experiments_change_is_written_once ON experiments_change;
DROP FUNCTION experiments_change_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("experiments", "0001_initial")]
    operations = [migrations.RunSQL(CHANGES, BACK)]
