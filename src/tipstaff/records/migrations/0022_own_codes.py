"""One-time codes of wearers for their own page."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0021_api_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnPageCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.TextField()),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.UUIDField()),
                ('ends_at', models.DateTimeField()),
                ('tries', models.IntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_codes', to='records.wearer')),
            ],
            options={
                'indexes': [models.Index(fields=['wearer', 'issued_at'], name='own_code_by_issue')],
            },
        ),
    ]
