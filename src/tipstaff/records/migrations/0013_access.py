"""Accounts, teams, training, assignments, grants, approvals; who is of limited access."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


from tipstaff.records import access_guards
from tipstaff.records.case_versions import is_limited


def give_posts(apps: Any, schema_editor: Any) -> None:
    """Every account from before has its role as its first post."""
    post = apps.get_model("records", "Post")
    for user in apps.get_model("records", "User").objects.filter(posts__isnull=True):
        post.objects.create(
            user=user, number=1, role=user.role, display_name=user.username,
            active_from=user.created_at, recorded_at=user.created_at, recorded_by=user.id,
            reason="as it was before posts were recorded",
        )


def list_limited(apps: Any, schema_editor: Any) -> None:
    """Who is of limited access by the records as they stand."""
    by_wearer: dict[UUID, list[Any]] = {}
    rows = apps.get_model("records", "Version").objects.filter(subject__kind="wearer")
    for row in rows.select_related("subject").order_by("number").iterator():
        by_wearer.setdefault(row.subject.wearer_id, []).append(row)
    now = datetime.now(UTC)
    limited = apps.get_model("records", "LimitedWearer")
    limited.objects.bulk_create(
        limited(wearer_id=wearer) for wearer, told in by_wearer.items() if is_limited(told, now)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0012_retention'),
    ]

    operations = [
        migrations.CreateModel(
            name='LimitedWearer',
            fields=[
                ('wearer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='limit', serialize=False, to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('wearer', models.TextField(blank=True)),
                ('authority', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Permit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('use_case', models.CharField(max_length=60)),
                ('purpose', models.CharField(max_length=40)),
                ('authority', models.TextField(blank=True)),
                ('reason', models.TextField()),
                ('name', models.TextField(blank=True)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('radius_m', models.FloatField(null=True)),
                ('period_from', models.DateTimeField()),
                ('period_to', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('emergency', models.BooleanField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permits', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PermitDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('favourable', models.BooleanField()),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.UUIDField()),
                ('permit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='records.permit')),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('name', models.TextField(unique=True)),
                ('organisation', models.TextField(blank=True)),
                ('force', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='teams', to='records.force')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('number', models.IntegerField()),
                ('role', models.CharField(max_length=40)),
                ('display_name', models.TextField()),
                ('organisation', models.TextField(blank=True)),
                ('active_from', models.DateTimeField()),
                ('active_to', models.DateTimeField(null=True)),
                ('force', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='records.force')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('wearer', models.TextField(blank=True)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='records.team')),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('relation', models.CharField(max_length=40)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='records.wearer')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='records.team')),
            ],
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('course', models.CharField(max_length=60)),
                ('completed_on', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ForceVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('number', models.IntegerField()),
                ('name', models.TextField()),
                ('code', models.CharField(max_length=20)),
                ('live', models.JSONField(default=dict)),
                ('force', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='records.force')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('force', 'number'), name='force_version_once')],
            },
        ),
        migrations.AddIndex(
            model_name='permit',
            index=models.Index(fields=['user', 'use_case', 'ends_at'], name='permit_of_user'),
        ),
        migrations.AddIndex(
            model_name='permit',
            index=models.Index(fields=['emergency', 'asked_at'], name='permit_by_asking'),
        ),
        migrations.AddConstraint(
            model_name='permit',
            constraint=models.CheckConstraint(condition=models.Q(('period_to__gt', models.F('period_from'))), name='permit_period_forwards'),
        ),
        migrations.AddConstraint(
            model_name='permit',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('asked_at'))), name='permit_forwards'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(fields=('user', 'number'), name='post_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('team__isnull', False), ('user__isnull', True)), models.Q(('team__isnull', True), ('user__isnull', False)), _connector='OR'), name='assignment_to_one'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='assignment_forwards'),
        ),
        migrations.RunPython(access_guards.create, migrations.RunPython.noop),
        migrations.RunPython(give_posts, migrations.RunPython.noop),
        migrations.RunPython(list_limited, migrations.RunPython.noop),
    ]
