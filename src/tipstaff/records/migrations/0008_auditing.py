"""Enciphered words of the audit, the subjects' keys, and dip samples: see `records.audit_guards`."""

import django.db.models.deletion
import uuid
from typing import Any

from django.db import migrations, models

from tipstaff.records import audit_guards, guards
from tipstaff.records.chunks import chunked
from tipstaff.records.entry_cipher import new_key


def make_keys(apps: Any, schema_editor: Any) -> None:
    """A key for every wearer there is: later ones get theirs with their reference."""
    wearer, key = (apps.get_model("records", name) for name in ("Wearer", "SubjectKey"))
    refs = wearer.objects.values_list("subject_ref", flat=True).iterator(chunk_size=500)
    for chunk in chunked(refs):
        key.objects.bulk_create([key(subject_ref=ref, key=new_key()) for ref in chunk])


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_sign_in'),
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
        migrations.RunPython(make_keys, migrations.RunPython.noop, elidable=False),
        # SQLite remade the table of entries, and its triggers went with it.
        migrations.RunPython(guards.create, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(audit_guards.create, audit_guards.remove, elidable=False),
    ]
