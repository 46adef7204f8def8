"""Notices: who is to be told of an alert, how far that has come, and every attempt."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tipstaff.records.models.wearing import Wearer


class Notice(models.Model):
    """A notice by its key. `due_at` is when it is to be tried; null: it is not.

    `leased_until`: a sender has it in hand until then.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="notices")
    alert = models.IntegerField()
    episode = models.IntegerField()
    revision = models.IntegerField()
    step = models.CharField(max_length=40)
    recipient = models.CharField(max_length=20)
    means = models.CharField(max_length=10)
    late = models.BooleanField()
    severity = models.SmallIntegerField()
    kind = models.CharField(max_length=20)
    queued_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    reference = models.TextField(blank=True, default="")

    class Meta:
        """Once by its key; by when it is due; those that are dead."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wearer", "episode", "revision", "step", "recipient"], name="notice_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="notice_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["queued_at"], name="notice_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoticeAttempt(models.Model):
    """One attempt to send a notice. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    result = models.CharField(max_length=20)
    reference = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        """By notice, in order."""

        indexes: ClassVar = [models.Index(fields=["notice", "at"], name="attempt_by_notice")]

    def __str__(self) -> str:
        return str(self.id)
