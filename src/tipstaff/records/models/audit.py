"""The log of who did what, why and under which authority."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """One entry, never changed or removed. People are random references here, never names.

    `sequence`, `previous_hash` and `hash` are empty until the sealer chains the entry, once; the
    databases refuse every other change themselves (migration 0002). `request_ref` is the same in
    the `requested` and the `served` entry of one look. `extent` holds period, place and whatever
    else says how far the look went, in whole numbers and words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, null=True)
    hash = models.CharField(max_length=64, null=True)
    at = models.DateTimeField()
    request_ref = models.UUIDField()
    actor_ref = models.UUIDField(null=True)
    role = models.CharField(max_length=40, blank=True)
    operation = models.CharField(max_length=20)
    phase = models.CharField(max_length=10)
    use_case = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)
    authority = models.TextField(blank=True)
    subject_refs = models.JSONField(default=list)
    extent = models.JSONField(default=dict)
    rows = models.BigIntegerField(null=True)

    class Meta:
        """The sealer looks for what is not chained yet; listings go by time."""

        indexes: ClassVar = [
            models.Index(
                fields=["at", "id"], condition=Q(sequence__isnull=True), name="audit_not_sealed"
            ),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["request_ref"], name="audit_by_request"),
        ]

    def __str__(self) -> str:
        return str(self.id)
