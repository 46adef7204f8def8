"""Guards that the databases hold themselves: see `tipstaff.records.guards`."""

from django.db import migrations

from tipstaff.records import guards


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(guards.create, migrations.RunPython.noop, elidable=False)]
