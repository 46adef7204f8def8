"""What is known of devices, and of those that no wearer wears: where and with whom they are."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.wearing import Device, Wearer


class DeviceFact(models.Model):
    """What was said of a device at one recording; never edited (see `domain.versions`).

    The database refuses a number that is not the device's next one, or a recording before its last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="facts")
    number = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    reason = models.TextField(blank=True)
    kind = models.CharField(max_length=20)
    model = models.CharField(max_length=100)
    serial = models.CharField(max_length=100, blank=True)
    firmware = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20)
    reporting_s = models.IntegerField(null=True)
    trial = models.CharField(max_length=100, blank=True)

    class Meta:
        """Numbers count from 1 in the order of recording; a fact speaks of some time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "number"], name="device_fact_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="device_fact_speaks_of_time",
            ),
            models.CheckConstraint(condition=~Q(state="worn"), name="device_worn_is_not_told"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["model", "device"], name="device_fact_by_model"),
            models.Index(fields=["kind", "device"], name="device_fact_by_kind"),
            models.Index(fields=["trial", "device"], name="device_fact_by_trial"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Holding(models.Model):
    """The period, half-open, in which a device that no wearer wears was somewhere.

    A home unit at `address` of the wearer, whose reference it is in their record; a victim's device
    with `victim`, whom an order of the wearer protects. It gives its positions to nobody. As with
    an activation a correction is a new row; `superseded_at` is the only column that ever changes,
    and rows not superseded never overlap for one device, nor an activation of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holding_ref = models.UUIDField()
    device = models.ForeignKey(
        Device,
        on_delete=models.PROTECT,
        to_field="device_key",
        db_column="device_key",
        related_name="holdings",
    )
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="holdings")
    order = models.TextField()
    address = models.TextField(blank=True)
    victim = models.TextField(blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        """With a household or with a victim, never both; one belief at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["holding_ref"],
                condition=Q(superseded_at__isnull=True),
                name="holding_one_current",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="holding_forwards"),
            models.CheckConstraint(
                condition=Q(address="") & ~Q(victim="") | ~Q(address="") & Q(victim=""),
                name="holding_in_one_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["device", "start"], name="holding_by_device"),
            models.Index(fields=["wearer", "start"], name="holding_by_wearer"),
        ]

    def __str__(self) -> str:
        return str(self.id)
