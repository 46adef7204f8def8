"""Answers about wearers of limited access are runs of their own; see `tipstaff.records.runs`."""

import django.db.models.deletion
from django.db import migrations, models

from tipstaff.records import guards, version_guards


class Migration(migrations.Migration):
    dependencies = [("records", "0005_case_kinds")]
    operations = [
        migrations.AddField(
            model_name="run",
            name="open_run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reserved_runs",
                to="records.run",
            ),
        ),
        # SQLite may remake the table and drop its guard.
        migrations.RunPython(guards.create, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(version_guards.create, migrations.RunPython.noop, elidable=False),
    ]
