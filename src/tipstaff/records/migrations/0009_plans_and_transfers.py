"""Lists of plans and tasks, characteristics kept apart, and where transferred versions came from."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import origin_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_auditing'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionOrigin',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('taken_from', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField(null=True)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='origin', to='records.version')),
            ],
        ),
        migrations.CreateModel(
            name='Characteristic',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('question', models.CharField(max_length=40)),
                ('answer', models.CharField(max_length=60)),
                ('source', models.CharField(max_length=20)),
                ('recorded_at', models.DateTimeField()),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.wearer')),
            ],
            options={
                'indexes': [models.Index(fields=['question', 'answer'], name='characteristic_by_answer')],
                'constraints': [models.UniqueConstraint(fields=('wearer', 'question'), name='characteristic_once')],
            },
        ),
        migrations.CreateModel(
            name='PlanStretch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('reference', models.TextField()),
                ('scheme', models.TextField()),
                ('lead', models.TextField()),
                ('organisation', models.TextField()),
                ('review_due', models.DateField(null=True)),
                ('limited_access', models.BooleanField()),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_stretches', to='records.subject')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plan_stretches', to='records.wearer')),
            ],
            options={
                'indexes': [models.Index(fields=['review_due', 'reference', 'subject'], name='plan_by_due'), models.Index(fields=['organisation', 'review_due', 'reference', 'subject'], name='plan_by_organisation')],
            },
        ),
        migrations.CreateModel(
            name='TaskStretch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('reference', models.TextField()),
                ('plan', models.TextField()),
                ('agency', models.TextField()),
                ('assignee', models.TextField(blank=True)),
                ('what', models.TextField()),
                ('due', models.DateField()),
                ('state', models.CharField(max_length=20)),
                ('limited_access', models.BooleanField()),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='task_stretches', to='records.subject')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='task_stretches', to='records.wearer')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'due', 'reference', 'subject'], name='task_by_state'), models.Index(fields=['agency', 'state', 'due', 'reference', 'subject'], name='task_by_agency')],
            },
        ),
        migrations.RunPython(origin_guards.create, migrations.RunPython.noop),
    ]
