"""Reviewers' own readings of trails; crime files by when they were received."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import reading_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0019_health'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewerReading',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='records.run')),
                ('crime_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.crimeversion')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.wearer')),
                ('by', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('reading', models.CharField(max_length=20)),
                ('words', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'crime_version', 'wearer', 'by'), name='reading_once')],
            },
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['received_at'], name='batch_by_receipt'),
        ),
        migrations.RunPython(reading_guards.create, migrations.RunPython.noop, elidable=False),
    ]
