"""The list of absences that wait for a decision: a row each, kept in step with their versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.cases import Subject
from tipstaff.records.models.wearing import Wearer


class WaitingAbsence(models.Model):
    """An absence that nobody decided or cancelled: made anew with each version of it.

    `kind`: of the condition that it is from, as the order says it; empty where the order does not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, related_name="waiting")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="waiting_absences")
    reference = models.TextField()
    order = models.TextField()
    condition = models.TextField()
    kind = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    limited_access = models.BooleanField()

    class Meta:
        """The list goes by when they were asked for."""

        indexes: ClassVar = [
            models.Index(fields=["asked_at", "reference", "subject"], name="absence_by_asked")
        ]

    def __str__(self) -> str:
        return str(self.id)
