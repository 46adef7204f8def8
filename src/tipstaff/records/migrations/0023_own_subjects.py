"""What a wearer asked for on their own page is marked, so that the list of it finds it."""

from django.db import migrations, models

from tipstaff.records import version_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0022_own_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='subject',
            name='own',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddIndex(
            model_name='subject',
            index=models.Index(condition=models.Q(('own', True)), fields=['wearer'], name='subject_own'),
        ),
        migrations.RunPython(version_guards.create, migrations.RunPython.noop, elidable=False),
    ]
