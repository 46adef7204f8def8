"""Suppliers, devices, wearers, and who wore which device when."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

#: Keys stay below this, so that they are positive in a signed 64-bit column.
KEY_LIMIT = 2**63


def new_device_key() -> int:
    """A random positive 63-bit key; says nothing about the device."""
    return secrets.randbelow(KEY_LIMIT - 1) + 1


class Supplier(models.Model):
    """Who provides tags and their data feed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A tag or home unit: its supplier's name for it, and the random key the archive knows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="devices")
    device_id = models.TextField()
    device_key = models.BigIntegerField(unique=True, default=new_device_key, editable=False)

    class Meta:
        """A device is (supplier, device id)."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "device_id"], name="device_once_per_supplier"
            ),
            models.CheckConstraint(condition=Q(device_key__gt=0), name="device_key_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["device_id", "id"], name="device_by_name")]

    def __str__(self) -> str:
        return str(self.id)


class Wearer(models.Model):
    """A person wearing a tag: a reference alone. The audit knows them by `subject_ref` only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.TextField(unique=True)
    subject_ref = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return str(self.id)


class Activation(models.Model):
    """The period, half-open, in which one wearer wore one device.

    A correction is a new row of the same `activation_id`; the old one keeps what was believed and
    gets `superseded_at`, the only column that ever changes. Rows not superseded never overlap for
    one device: the databases refuse it themselves (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="activations")
    activation_id = models.TextField()
    device = models.ForeignKey(
        Device,
        on_delete=models.PROTECT,
        to_field="device_key",
        db_column="device_key",
        related_name="activations",
    )
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="activations")
    start = models.DateTimeField()
    end = models.DateTimeField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        """One belief at a time about an activation."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "activation_id"],
                condition=Q(superseded_at__isnull=True),
                name="activation_one_current",
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="activation_forwards"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["device", "start"], name="activation_by_device"),
            models.Index(fields=["wearer", "start"], name="activation_by_wearer"),
            models.Index(fields=["end"], name="activation_by_end"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PositionSource(models.Model):
    """An imported position file: the digest of its bytes, and of how they were read.

    Together they are its transaction id in the archive. `quarantined` is unknown where the record
    was caught up after a crash.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64)
    reading = models.CharField(max_length=64, blank=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="sources")
    fixes = models.BigIntegerField()
    quarantined = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        """A file read in one way is one source."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "reading"], name="source_once")
        ]

    def __str__(self) -> str:
        return self.digest


class PositionIntent(models.Model):
    """An import under way: written before the archive is, removed with the record of its end.

    What a crash leaves here says which imports to look for in the archive.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64)
    reading = models.CharField(max_length=64, blank=True)
    supplier = models.CharField(max_length=100)
    request_ref = models.UUIDField()

    class Meta:
        """The latest import of a source speaks."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "reading"], name="intent_once")
        ]

    def __str__(self) -> str:
        return self.digest
