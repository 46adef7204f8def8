"""Tokens of the API: an account's own, kept as the digests of their secrets."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from tipstaff.records import api_token_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0020_readings'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token_id', models.CharField(max_length=16, unique=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64)),
                ('scopes', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.UUIDField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('last_used_on', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='api_token_forwards')],
            },
        ),
        migrations.RunPython(api_token_guards.create, migrations.RunPython.noop, elidable=False),
    ]
