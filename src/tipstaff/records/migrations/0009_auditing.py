"""Enciphered words of the audit, the subjects' keys, and dip samples: see `records.audit_guards`."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import audit_guards, guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0004_case_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='SubjectKey',
            fields=[
                ('subject_ref', models.UUIDField(primary_key=True, serialize=False)),
                ('key', models.BinaryField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='auditentry',
            name='ciphertext',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.CreateModel(
            name='DipSample',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('month', models.CharField(max_length=7)),
                ('unit', models.CharField(blank=True, max_length=100)),
                ('looks', models.BigIntegerField()),
                ('rule', models.CharField(max_length=40)),
                ('entry_sequence', models.BigIntegerField()),
                ('entry_hash', models.CharField(max_length=64)),
                ('drawn_at', models.DateTimeField()),
                ('drawn_by', models.UUIDField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'unit'), name='dip_sample_once')],
            },
        ),
        migrations.CreateModel(
            name='DipItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='records.dipsample')),
                ('place', models.IntegerField()),
                ('request_ref', models.UUIDField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sample', 'request_ref'), name='dip_item_once')],
            },
        ),
        migrations.CreateModel(
            name='DipExamination',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='examination', serialize=False, to='records.dipitem')),
                ('outcome', models.CharField(max_length=20)),
                ('examined_by', models.UUIDField()),
                ('examined_at', models.DateTimeField()),
                ('request_ref', models.UUIDField()),
            ],
        ),
        # SQLite remade the table of entries, and its triggers went with it.
        migrations.RunPython(guards.create, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(audit_guards.create, audit_guards.remove, elidable=False),
    ]
