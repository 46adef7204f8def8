"""Case records: versions with two clocks; see `tipstaff.records.version_guards`."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import version_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_batch_mode'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subject',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('reference', models.TextField(blank=True)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subjects', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='OrderStretch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('reference', models.TextField()),
                ('basis', models.CharField(max_length=40)),
                ('force', models.TextField()),
                ('officer', models.TextField()),
                ('organisation', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('status', models.CharField(max_length=20)),
                ('next_review', models.DateField(null=True)),
                ('limited_access', models.BooleanField()),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='records.wearer')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stretches', to='records.subject')),
            ],
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('content', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='records.subject')),
            ],
        ),
        migrations.CreateModel(
            name='WearerIdentifier',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('value', models.CharField(max_length=40)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identifiers', to='records.wearer')),
            ],
        ),
        migrations.AddConstraint(
            model_name='subject',
            constraint=models.UniqueConstraint(fields=('wearer', 'kind', 'reference'), name='subject_once'),
        ),
        migrations.AddIndex(
            model_name='orderstretch',
            index=models.Index(fields=['reference', 'subject'], name='stretch_by_reference'),
        ),
        migrations.AddIndex(
            model_name='orderstretch',
            index=models.Index(fields=['force', 'reference', 'subject'], name='stretch_by_force'),
        ),
        migrations.AddIndex(
            model_name='orderstretch',
            index=models.Index(fields=['force', 'status', 'reference', 'subject'], name='stretch_by_status'),
        ),
        migrations.AddIndex(
            model_name='orderstretch',
            index=models.Index(fields=['force', 'next_review'], name='stretch_by_review'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('subject', 'number'), name='version_once'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='version_speaks_of_time'),
        ),
        migrations.AddIndex(
            model_name='weareridentifier',
            index=models.Index(fields=['kind', 'value'], name='identifier_by_value'),
        ),
        migrations.AddConstraint(
            model_name='weareridentifier',
            constraint=models.UniqueConstraint(fields=('wearer', 'kind', 'value'), name='identifier_once'),
        ),
        migrations.RunPython(
            version_guards.create, migrations.RunPython.noop, elidable=False
        ),
    ]
