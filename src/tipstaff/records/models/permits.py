"""Approvals: asked for, decided by somebody else; or taken at once, and reviewed afterwards."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.users import User


class Permit(models.Model):
    """What was asked for: one use case, a name or a circle, a period, a purpose, until when.

    The name is kept as it was typed: asking does not tell whether there is such a wearer. An
    `emergency` is in force from the moment of asking; anything else once it is approved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="permits")
    use_case = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)
    authority = models.TextField(blank=True)
    reason = models.TextField()
    name = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    radius_m = models.FloatField(null=True)
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    emergency = models.BooleanField()

    class Meta:
        """Of one person, newest first; and those that wait, oldest first."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(period_to__gt=F("period_from")), name="permit_period_forwards"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("asked_at")), name="permit_forwards"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "use_case", "ends_at"], name="permit_of_user"),
            models.Index(fields=["emergency", "asked_at"], name="permit_by_asking"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PermitDecision(models.Model):
    """What became of it. Of an emergency: whether it was justified. Decided once, by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    permit = models.OneToOneField(Permit, on_delete=models.PROTECT, related_name="decision")
    favourable = models.BooleanField()
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()

    def __str__(self) -> str:
        return str(self.id)
