"""The plans that a new installation begins with; the admin changes them."""

from typing import Any

from django.db import migrations

QUICK, STANDARD, DEEP = "quick", "standard", "deep"
# name, a minute, a day, at once, depths, days, may stream, default
ROWS = (
    ("free", 10, 50, 1, [QUICK, STANDARD], 30, False, False),
    ("pro", 30, 1_000, 4, [QUICK, STANDARD, DEEP], 365, True, True),
    ("enterprise", 120, 20_000, 20, [QUICK, STANDARD, DEEP], 2_555, True, False),
)
FIELDS = (
    "requests_a_minute", "requests_a_day", "at_once", "depths", "conversation_days", "may_stream",
    "is_default",
)  # fmt: skip


def add(apps: Any, schema_editor: Any) -> None:
    plans = apps.get_model("queries", "UsagePlan").objects.using(schema_editor.connection.alias)
    for name, *values in ROWS:
        plans.get_or_create(name=name, defaults=dict(zip(FIELDS, values, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("queries", "0001_usage_plans")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
