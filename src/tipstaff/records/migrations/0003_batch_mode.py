"""How a crime file was read becomes part of its identity; see `tipstaff.records.guards`."""

from django.db import migrations, models

from tipstaff.records import guards


class Migration(migrations.Migration):
    dependencies = [("records", "0002_guards")]
    operations = [
        migrations.RemoveConstraint(model_name="batch", name="batch_once_per_force"),
        migrations.AddField(
            model_name="batch",
            name="mode",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                fields=("force", "digest", "mode"), name="batch_read_once"
            ),
        ),
        # SQLite remade the table and dropped its guard.
        migrations.RunPython(guards.create, migrations.RunPython.noop, elidable=False),
    ]
