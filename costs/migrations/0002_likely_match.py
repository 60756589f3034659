from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("costs", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="exportline",
            name="match",
            field=models.CharField(
                choices=[
                    ("same", "as on the ledger"),
                    ("reconciled", "settled an unknown call"),
                    ("likely", "settled an unknown call of its likeness"),
                    ("different", "another amount than on the ledger"),
                    ("missing", "not on the ledger"),
                ],
                max_length=10,
            ),
        ),
    ]
