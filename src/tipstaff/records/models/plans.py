"""The lists made from plans, reviews and tasks: rows for stretches of their current timelines."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.cases import Subject
from tipstaff.records.models.wearing import Wearer


class PlanStretch(models.Model):
    """A stretch of a plan's current timeline, with when its review is due then.

    Made anew with each version of a plan or review of the wearer. The rows of one plan never
    overlap. `review_due` is null where a review ended the plan.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="plan_stretches")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="plan_stretches")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    reference = models.TextField()
    scheme = models.TextField()
    lead = models.TextField()
    organisation = models.TextField()
    review_due = models.DateField(null=True)
    limited_access = models.BooleanField()

    class Meta:
        """What is due goes by day, of all or of one organisation."""

        indexes: ClassVar = [
            models.Index(fields=["review_due", "reference", "subject"], name="plan_by_due"),
            models.Index(
                fields=["organisation", "review_due", "reference", "subject"],
                name="plan_by_organisation",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TaskStretch(models.Model):
    """A stretch of a task's current timeline, with what lists show: made anew with each version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="task_stretches")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="task_stretches")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    reference = models.TextField()
    plan = models.TextField()
    agency = models.TextField()
    assignee = models.TextField(blank=True)
    what = models.TextField()
    due = models.DateField()
    state = models.CharField(max_length=20)
    limited_access = models.BooleanField()

    class Meta:
        """Lists go by the day due, of one state, or of one agency in it."""

        indexes: ClassVar = [
            models.Index(fields=["state", "due", "reference", "subject"], name="task_by_state"),
            models.Index(
                fields=["agency", "state", "due", "reference", "subject"], name="task_by_agency"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
