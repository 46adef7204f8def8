"""Episodes, alerts, what people did about them; pauses, outages, requests, handovers."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import alert_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0014_outbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonitoringCursor',
            fields=[
                ('reader', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('segment', models.BigIntegerField()),
                ('sequence', models.BigIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('harm', models.SmallIntegerField(null=True)),
                ('queue', models.CharField(max_length=20)),
                ('late', models.BooleanField()),
                ('opened_at', models.DateTimeField()),
                ('episode', models.IntegerField()),
                ('opened_revision', models.IntegerField()),
                ('opened_level', models.SmallIntegerField()),
                ('opened_goes_on', models.BooleanField()),
                ('told_revision', models.IntegerField()),
                ('told_level', models.SmallIntegerField()),
                ('told_evidence', models.CharField(max_length=20)),
                ('told_goes_on', models.BooleanField()),
                ('state', models.CharField(max_length=20)),
                ('changed', models.IntegerField()),
                ('seen', models.IntegerField()),
                ('follows', models.IntegerField()),
                ('followed_by', models.IntegerField()),
                ('condition', models.TextField()),
                ('severity', models.SmallIntegerField()),
                ('needs_a_person', models.BooleanField()),
                ('holder', models.UUIDField(null=True)),
                ('next_notice_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('closed_at', models.DateTimeField(null=True)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='AlertDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('by', models.TextField(blank=True)),
                ('act', models.CharField(max_length=20)),
                ('revision', models.IntegerField()),
                ('level', models.SmallIntegerField()),
                ('words', models.TextField(blank=True)),
                ('outcome', models.CharField(blank=True, max_length=20)),
                ('to', models.TextField(blank=True)),
                ('reached', models.CharField(blank=True, max_length=20)),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='records.alert')),
            ],
        ),
        migrations.CreateModel(
            name='AlertPause',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kinds', models.JSONField()),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('reason', models.TextField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.UUIDField(null=True)),
                ('end_reason', models.TextField(blank=True)),
                ('wearer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alert_pauses', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='DeviceRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('supplier', models.TextField()),
                ('device_id', models.TextField()),
                ('what', models.CharField(max_length=20)),
                ('words', models.TextField(blank=True)),
                ('purpose', models.CharField(max_length=40)),
                ('authority', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.UUIDField()),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='device_requests', to='records.alert')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='device_requests', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='DeviceRequestStep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField()),
                ('step', models.CharField(max_length=20)),
                ('words', models.TextField(blank=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='records.devicerequest')),
            ],
        ),
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('condition', models.TextField()),
                ('kind', models.CharField(max_length=20)),
                ('began', models.DateTimeField()),
                ('told_at', models.DateTimeField()),
                ('level', models.SmallIntegerField()),
                ('whys', models.JSONField()),
                ('ended', models.DateTimeField(null=True)),
                ('end', models.CharField(max_length=20)),
                ('filled', models.BooleanField()),
                ('revision', models.IntegerField()),
                ('state', models.CharField(max_length=20)),
                ('into', models.IntegerField()),
                ('split_from', models.IntegerField()),
                ('held_by', models.TextField(blank=True, default='')),
                ('look_at', models.DateTimeField(null=True)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='episodes', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='EpisodeRevision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('revision', models.IntegerField()),
                ('change', models.CharField(max_length=20)),
                ('known_at', models.DateTimeField()),
                ('began', models.DateTimeField()),
                ('level', models.SmallIntegerField()),
                ('whys', models.JSONField()),
                ('ended', models.DateTimeField(null=True)),
                ('end', models.CharField(max_length=20)),
                ('filled', models.BooleanField()),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='FeedOutage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('feed', models.TextField()),
                ('since', models.DateTimeField()),
                ('known_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['cleared_at'], name='outage_by_clearing')],
                'constraints': [models.UniqueConstraint(fields=('feed', 'since'), name='outage_once')],
            },
        ),
        migrations.CreateModel(
            name='PeriodCame',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('condition', models.TextField()),
                ('start', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=20)),
                ('absent_s', models.FloatField()),
                ('unknown_s', models.FloatField()),
                ('first_there', models.DateTimeField(null=True)),
                ('last_there', models.DateTimeField(null=True)),
                ('known_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='period_outcomes', to='records.wearer')),
            ],
        ),
        migrations.CreateModel(
            name='ShiftHandover',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('queue', models.CharField(max_length=20)),
                ('given_at', models.DateTimeField()),
                ('given_by', models.UUIDField()),
                ('words', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64)),
                ('taken_at', models.DateTimeField(null=True)),
                ('taken_by', models.UUIDField(null=True)),
                ('taken_words', models.TextField(blank=True)),
            ],
            options={
                'indexes': [models.Index(fields=['-given_at'], name='handover_by_time')],
            },
        ),
        migrations.CreateModel(
            name='HandoverLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('place', models.IntegerField()),
                ('state', models.CharField(max_length=20)),
                ('severity', models.SmallIntegerField()),
                ('told_revision', models.IntegerField()),
                ('changed', models.BooleanField()),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='records.alert')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='records.shifthandover')),
            ],
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['wearer', 'episode'], name='alert_by_episode'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('needs_a_person', True)), fields=['queue', '-severity', 'opened_at', 'id'], name='alert_queue'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('next_notice_at__isnull', False)), fields=['next_notice_at'], name='alert_by_notice'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='alert_by_closing'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('wearer', 'number'), name='alert_once'),
        ),
        migrations.AddConstraint(
            model_name='alertdecision',
            constraint=models.UniqueConstraint(fields=('alert', 'number'), name='decision_once'),
        ),
        migrations.AddIndex(
            model_name='alertpause',
            index=models.Index(fields=['end'], name='pause_by_end'),
        ),
        migrations.AddIndex(
            model_name='devicerequest',
            index=models.Index(fields=['wearer', '-asked_at'], name='device_request_by_wearer'),
        ),
        migrations.AddIndex(
            model_name='episode',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='episode_to_look_at'),
        ),
        migrations.AddIndex(
            model_name='episode',
            index=models.Index(condition=models.Q(('held_by', ''), _negated=True), fields=['held_by'], name='episode_held'),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.UniqueConstraint(fields=('wearer', 'number'), name='episode_once'),
        ),
        migrations.AddConstraint(
            model_name='episoderevision',
            constraint=models.UniqueConstraint(fields=('wearer', 'number', 'revision'), name='episode_revision_once'),
        ),
        migrations.AddIndex(
            model_name='periodcame',
            index=models.Index(fields=['wearer', 'at'], name='period_came_by_end'),
        ),
        migrations.AddConstraint(
            model_name='periodcame',
            constraint=models.UniqueConstraint(fields=('wearer', 'kind', 'condition', 'start'), name='period_came_once'),
        ),
        migrations.AddConstraint(
            model_name='handoverline',
            constraint=models.UniqueConstraint(fields=('handover', 'place'), name='handover_line_once'),
        ),
        migrations.RunPython(alert_guards.create, migrations.RunPython.noop),
    ]
