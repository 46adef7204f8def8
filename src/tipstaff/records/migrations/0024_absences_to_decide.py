"""The list of absences to decide, filled from what is on record; orders listed by status alone."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from tipstaff.domain.absences import Absence
from tipstaff.domain.conditions import kind_of
from tipstaff.domain.orders import Order
from tipstaff.formats.case_forms import value_of


def fill(apps: Any, schema_editor: Any) -> None:
    """A row for each absence that waits: what was told last decides, as it does from now on."""
    version = apps.get_model("records", "Version")
    waiting = apps.get_model("records", "WaitingAbsence")
    limited = set(apps.get_model("records", "LimitedWearer").objects.values_list("wearer", flat=True))
    recorded = apps.get_model("records", "Subject").objects.filter(kind="wearer")
    for subject, row in _last(version.objects.filter(subject__kind="absence")).items():
        one = value_of("absence", row.content)
        if not isinstance(one, Absence) or one.decision is not None or one.cancelled_at is not None:
            continue
        owner = row.subject.wearer_id
        waiting.objects.create(
            subject_id=subject, wearer_id=owner, reference=one.reference, order=one.order,
            condition=one.condition, kind=_kind(version, owner, one), starts_at=one.starts_at,
            ends_at=one.ends_at, reason=one.reason, asked_by=one.asked_by, asked_at=one.asked_at,
            limited_access=owner in limited or not recorded.filter(wearer=owner).exists(),
        )


def _last(rows: Any) -> dict[Any, Any]:
    return {row.subject_id: row for row in rows.select_related("subject").order_by("number")}


def _kind(version: Any, owner: Any, absence: Absence) -> str:
    named = {"subject__kind": "order", "subject__reference": absence.order}
    for row in _last(version.objects.filter(subject__wearer=owner, **named)).values():
        order = value_of("order", row.content)
        if isinstance(order, Order):
            kinds = {one.reference: kind_of(one) for one in order.conditions}
            return kinds.get(absence.condition, "")
    return ""


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0023_own_subjects'),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingAbsence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.TextField()),
                ('order', models.TextField()),
                ('condition', models.TextField()),
                ('kind', models.CharField(blank=True, max_length=40)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('asked_by', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('limited_access', models.BooleanField()),
                ('subject', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='waiting', to='records.subject')),
                ('wearer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waiting_absences', to='records.wearer')),
            ],
            options={
                'indexes': [models.Index(fields=['asked_at', 'reference', 'subject'], name='absence_by_asked')],
            },
        ),
        migrations.AddIndex(
            model_name='orderstretch',
            index=models.Index(fields=['status', 'reference', 'subject'], name='stretch_by_state'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
