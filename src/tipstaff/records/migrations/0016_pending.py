"""What standing answers rest on, so that late data are seen to change them."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import guards, version_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0015_alerts'),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='raw_log10',
            field=models.FloatField(null=True),
        ),
        migrations.CreateModel(
            name='Background',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reserved', models.BooleanField()),
                ('everybody', models.BooleanField()),
                ('cut_off', models.DateTimeField(null=True)),
                ('known_at', models.DateTimeField()),
                ('period_from', models.DateTimeField()),
                ('period_to', models.DateTimeField()),
                ('rows', models.BigIntegerField()),
                ('heard_until', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField()),
                ('first_run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='backgrounds', to='records.run')),
            ],
        ),
        migrations.CreateModel(
            name='AnswerChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=30)),
                ('outcome_before', models.CharField(blank=True, max_length=20)),
                ('outcome_after', models.CharField(blank=True, max_length=20)),
                ('band_before', models.CharField(blank=True, max_length=60)),
                ('band_after', models.CharField(blank=True, max_length=60)),
                ('log10_before', models.FloatField(null=True)),
                ('log10_after', models.FloatField(null=True)),
                ('crime_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.crimeversion')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='records.run')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.wearer')),
            ],
            options={
                'indexes': [models.Index(fields=['kind'], name='answer_change_by_kind')],
                'constraints': [models.UniqueConstraint(fields=('run', 'crime_version', 'wearer'), name='answer_changed_once')],
            },
        ),
        migrations.CreateModel(
            name='BackgroundMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('background', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='records.background')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.wearer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('background', 'wearer'), name='member_once')],
            },
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('pairs', models.IntegerField()),
                ('crime_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.crimeversion')),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.run')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='records.run')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'crime_version'), name='renewed_once')],
            },
        ),
        migrations.CreateModel(
            name='RestingEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('first_day', models.IntegerField()),
                ('last_day', models.IntegerField()),
                ('worn', models.CharField(max_length=64)),
                ('fixes', models.CharField(max_length=64)),
                ('background', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='records.background')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.wearer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('background', 'wearer', 'first_day', 'last_day'), name='evidence_once')],
            },
        ),
        migrations.CreateModel(
            name='StandingAnswers',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reserved', models.BooleanField()),
                ('digest', models.CharField(max_length=64)),
                ('background', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing', to='records.background')),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.crime')),
                ('crime_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.crimeversion')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.run')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('crime', 'reserved'), name='answers_stand_once')],
            },
        ),
        # SQLite may remake the table of candidates and drop its guard.
        migrations.RunPython(guards.create, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(version_guards.create, migrations.RunPython.noop, elidable=False),
    ]
