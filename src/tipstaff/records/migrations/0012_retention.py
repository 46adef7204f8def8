"""Holds, disclosures, erasures under way; see `tipstaff.records.retention_guards`."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import retention_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0011_order_life'),
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('force', models.TextField()),
                ('authority', models.TextField()),
                ('disclosed_at', models.DateTimeField()),
                ('disclosed_by', models.UUIDField()),
                ('until', models.DateTimeField()),
                ('crime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='records.crime')),
            ],
        ),
        migrations.CreateModel(
            name='ErasedStretch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('category', models.CharField(max_length=20)),
                ('key', models.CharField(blank=True, max_length=40)),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('erased_at', models.DateTimeField()),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erased_stretches', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='ErasureIntent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('began_at', models.DateTimeField()),
                ('request_ref', models.UUIDField()),
                ('actor_ref', models.UUIDField(null=True)),
                ('role', models.CharField(blank=True, max_length=40)),
                ('use_case', models.CharField(max_length=60)),
                ('purpose', models.CharField(max_length=40)),
                ('authority', models.TextField(blank=True)),
                ('policy', models.TextField()),
                ('work', models.TextField()),
                ('done', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['began_at'], name='erasure_by_beginning')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField(null=True)),
                ('authority', models.TextField()),
                ('reason', models.TextField()),
                ('placed_by', models.UUIDField()),
                ('placed_at', models.DateTimeField()),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='HoldRelease',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('authority', models.TextField()),
                ('reason', models.TextField()),
                ('released_by', models.UUIDField()),
                ('released_at', models.DateTimeField()),
                ('hold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='release', to='records.hold')),
            ],
        ),
        migrations.RunPython(retention_guards.create, migrations.RunPython.noop),
    ]
