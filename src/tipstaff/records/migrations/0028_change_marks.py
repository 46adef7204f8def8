"""What was written is marked, of the tables that the intake asks."""

from django.db import migrations

from tipstaff.records import change_marks


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0027_home_looks'),
    ]

    operations = [
        migrations.RunPython(change_marks.create, migrations.RunPython.noop, elidable=False),
    ]
