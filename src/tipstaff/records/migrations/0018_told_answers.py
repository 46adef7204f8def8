"""Notices about the answers of a run, about no wearer; SQLite may drop the guard of the table."""

import django.db.models.deletion
from django.db import migrations, models

from tipstaff.records import notice_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0017_worker'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='force',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='records.force'),
        ),
        migrations.AddField(
            model_name='notice',
            name='run',
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name='notice',
            name='wearer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='records.wearer'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('run__isnull', False)), fields=('run', 'force', 'step', 'recipient', 'means'), name='answers_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('force__isnull', True), ('run__isnull', True), ('wearer__isnull', False)), models.Q(('force__isnull', False), ('run__isnull', False), ('wearer__isnull', True)), _connector='OR'), name='notice_of_wearer_or_run'),
        ),
        migrations.RunPython(notice_guards.create, migrations.RunPython.noop, elidable=False),
    ]
