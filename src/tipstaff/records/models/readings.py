"""What reviewers read from trails before they were shown what the program makes of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.crimes import CrimeVersion
from tipstaff.records.models.runs import Run
from tipstaff.records.models.wearing import Wearer


class ReviewerReading(models.Model):
    """A reviewer's reading of one candidate's trail for one crime version of a run. Never edited.

    `by` is the account's reference.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="readings")
    crime_version = models.ForeignKey(CrimeVersion, on_delete=models.PROTECT)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT)
    by = models.UUIDField()
    at = models.DateTimeField()
    reading = models.CharField(max_length=20)
    words = models.TextField()

    class Meta:
        """One reading by one reviewer: what was read first is what was read."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "crime_version", "wearer", "by"], name="reading_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
