"""What the worker keeps beside what it found: its chores, and what was last heard of devices."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.wearing import Wearer


class ChoreRun(models.Model):
    """How a chore went last. `leased_until`: somebody does it now; `failed`: the kind of error."""

    name = models.CharField(primary_key=True, max_length=40)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    failed = models.CharField(max_length=60, blank=True)
    fails = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class LastHeard(models.Model):
    """What was last heard of a device while a wearer wears it: when, and where it was last.

    `heard_at` is None where it was not heard since it is worn, which is from `worn_since` on. The
    position is that of the newest fix by the device's clock; None where none is known.
    `expected_s`: how often it is to be heard, by its own plan.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="last_heard")
    supplier = models.TextField()
    device_id = models.TextField()
    worn_since = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    battery_pct = models.SmallIntegerField(null=True)
    battery_at = models.DateTimeField(null=True)
    fix_at = models.DateTimeField(null=True)
    lat_e7 = models.IntegerField(null=True)
    lon_e7 = models.IntegerField(null=True)
    precision_cm = models.IntegerField(null=True)
    mechanism = models.SmallIntegerField(null=True)
    expected_s = models.IntegerField()

    class Meta:
        """One row for a wearer and a device."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wearer", "supplier", "device_id"], name="last_heard_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["supplier", "heard_at"], name="heard_by_feed")]

    def __str__(self) -> str:
        return str(self.id)


class OthersLooked(models.Model):
    """How devices near fared while a wearer's had no position, as known at `known_at`.

    `seen` of them had positions about `at`, `lost` were heard and had none. Who they were is not
    kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="others_looked")
    supplier = models.TextField()
    device_id = models.TextField()
    at = models.DateTimeField()
    seen = models.IntegerField()
    lost = models.IntegerField()
    known_at = models.DateTimeField()

    class Meta:
        """Looked at once for one instant."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "device_id", "wearer", "at"], name="others_looked_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class FeedSeen(models.Model):
    """When anything last came of a feed, a supplier's name, and how much of late.

    `messages` came in the last hour, or since `counted_from` if that is later.
    """

    feed = models.TextField(primary_key=True)
    seen_at = models.DateTimeField()
    messages = models.IntegerField()
    counted_from = models.DateTimeField()
    put_down_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.feed


class ShardLease(models.Model):
    """Who keeps a shard: each taking has a number of its own, and only the last may commit."""

    shard = models.IntegerField(primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.shard)


class WorkerSeen(models.Model):
    """A worker that lives, and when it last said so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
