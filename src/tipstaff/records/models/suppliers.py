"""What is known of suppliers, and the keys by which their programs are known."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.wearing import Supplier


class SupplierFact(models.Model):
    """What was said of a supplier at one recording; the last one speaks, none is ever edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="facts")
    number = models.IntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    contact = models.TextField(blank=True)
    formats = models.JSONField()
    active_from = models.DateTimeField(null=True)
    active_to = models.DateTimeField(null=True)

    class Meta:
        """Numbers count from 1 in the order of recording."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["supplier", "number"], name="supplier_fact_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class SupplierKey(models.Model):
    """A key: its name, the digest of its secret, and what it may do.

    Only three columns ever change: `expires_at` comes nearer, `revoked_at` is set once and stays,
    `last_used_on` goes on. The database refuses all else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = models.CharField(max_length=16, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="keys")
    label = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    networks = models.JSONField()
    burst = models.IntegerField()
    every_us = models.BigIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        """A key ends after it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gte=F("issued_at")), name="supplier_key_forwards"
            )
        ]

    def __str__(self) -> str:
        return self.key_id
