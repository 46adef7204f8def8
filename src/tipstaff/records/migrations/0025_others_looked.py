"""How devices near fared while another had no positions."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0024_absences_to_decide'),
    ]

    operations = [
        migrations.CreateModel(
            name='OthersLooked',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('supplier', models.TextField()),
                ('device_id', models.TextField()),
                ('at', models.DateTimeField()),
                ('seen', models.IntegerField()),
                ('lost', models.IntegerField()),
                ('known_at', models.DateTimeField()),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='others_looked', to='records.wearer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('supplier', 'device_id', 'wearer', 'at'), name='others_looked_once')],
            },
        ),
    ]
