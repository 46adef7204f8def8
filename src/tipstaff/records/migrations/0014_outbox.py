"""The outbox of notices, attempts at sending them, and contacts; see `notice_guards`."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import notice_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0013_access'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('alert', models.IntegerField()),
                ('episode', models.IntegerField()),
                ('revision', models.IntegerField()),
                ('step', models.CharField(max_length=60)),
                ('recipient', models.CharField(max_length=40)),
                ('means', models.CharField(max_length=20)),
                ('late', models.BooleanField()),
                ('severity', models.SmallIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('queued_at', models.DateTimeField()),
                ('state', models.CharField(max_length=20)),
                ('due_at', models.DateTimeField(null=True)),
                ('tried_from', models.DateTimeField()),
                ('failures', models.IntegerField(default=0)),
                ('lease', models.UUIDField(null=True)),
                ('leased_until', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeContact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('recipient', models.CharField(max_length=40)),
                ('means', models.CharField(max_length=20)),
                ('address', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('force', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice_contacts', to='records.force')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeAttempt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('code', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='records.notice')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='records.noticecontact')),
            ],
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['state', 'due_at'], name='notice_by_due'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['state', 'settled_at'], name='notice_by_settling'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('wearer', 'episode', 'revision', 'step', 'recipient'), name='notice_once'),
        ),
        migrations.AddConstraint(
            model_name='noticecontact',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='notice_contact_forwards'),
        ),
        migrations.AddIndex(
            model_name='noticeattempt',
            index=models.Index(fields=['notice', 'at'], name='attempt_of_notice'),
        ),
        migrations.RunPython(notice_guards.create, migrations.RunPython.noop),
    ]
