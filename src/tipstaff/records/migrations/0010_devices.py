"""Devices, suppliers and their keys; see `tipstaff.records.device_guards`."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

from tipstaff.records import device_guards


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0009_plans_and_transfers'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeviceFact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('kind', models.CharField(max_length=20)),
                ('model', models.CharField(max_length=100)),
                ('serial', models.CharField(blank=True, max_length=100)),
                ('firmware', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(max_length=20)),
                ('reporting_s', models.IntegerField(null=True)),
                ('trial', models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='Holding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('holding_ref', models.UUIDField()),
                ('order', models.TextField()),
                ('address', models.TextField(blank=True)),
                ('victim', models.TextField(blank=True)),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('superseded_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SupplierFact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('contact', models.TextField(blank=True)),
                ('formats', models.JSONField()),
                ('active_from', models.DateTimeField(null=True)),
                ('active_to', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SupplierKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key_id', models.CharField(max_length=16, unique=True)),
                ('label', models.CharField(max_length=100)),
                ('digest', models.CharField(max_length=64)),
                ('scopes', models.JSONField()),
                ('networks', models.JSONField()),
                ('burst', models.IntegerField()),
                ('every_us', models.BigIntegerField()),
                ('issued_at', models.DateTimeField()),
                ('issued_by', models.UUIDField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_on', models.DateField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(fields=['device_id', 'id'], name='device_by_name'),
        ),
        migrations.AddField(
            model_name='devicefact',
            name='device',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='records.device'),
        ),
        migrations.AddField(
            model_name='holding',
            name='device',
            field=models.ForeignKey(db_column='device_key', on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='records.device', to_field='device_key'),
        ),
        migrations.AddField(
            model_name='holding',
            name='wearer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='records.wearer'),
        ),
        migrations.AddField(
            model_name='supplierfact',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='records.supplier'),
        ),
        migrations.AddField(
            model_name='supplierkey',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='records.supplier'),
        ),
        migrations.AddIndex(
            model_name='devicefact',
            index=models.Index(fields=['model', 'device'], name='device_fact_by_model'),
        ),
        migrations.AddIndex(
            model_name='devicefact',
            index=models.Index(fields=['kind', 'device'], name='device_fact_by_kind'),
        ),
        migrations.AddIndex(
            model_name='devicefact',
            index=models.Index(fields=['trial', 'device'], name='device_fact_by_trial'),
        ),
        migrations.AddConstraint(
            model_name='devicefact',
            constraint=models.UniqueConstraint(fields=('device', 'number'), name='device_fact_once'),
        ),
        migrations.AddConstraint(
            model_name='devicefact',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='device_fact_speaks_of_time'),
        ),
        migrations.AddConstraint(
            model_name='devicefact',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'worn'), _negated=True), name='device_worn_is_not_told'),
        ),
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(fields=['device', 'start'], name='holding_by_device'),
        ),
        migrations.AddIndex(
            model_name='holding',
            index=models.Index(fields=['wearer', 'start'], name='holding_by_wearer'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('holding_ref',), name='holding_one_current'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='holding_forwards'),
        ),
        migrations.AddConstraint(
            model_name='holding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address', ''), models.Q(('victim', ''), _negated=True)), models.Q(models.Q(('address', ''), _negated=True), ('victim', '')), _connector='OR'), name='holding_in_one_place'),
        ),
        migrations.AddConstraint(
            model_name='supplierfact',
            constraint=models.UniqueConstraint(fields=('supplier', 'number'), name='supplier_fact_once'),
        ),
        migrations.AddConstraint(
            model_name='supplierkey',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gte', models.F('issued_at'))), name='supplier_key_forwards'),
        ),
        migrations.RunPython(device_guards.create, device_guards.drop, elidable=False),
    ]
