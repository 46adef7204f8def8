"""Protected characteristics: apart from every case record, for equality monitoring alone."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.wearing import Wearer


class Characteristic(models.Model):
    """What a wearer said of themselves in answer to one question; replaced when they say otherwise.

    No history is kept: an earlier answer is nobody's business. Only `records.characteristics` may
    import this (an architecture test holds it).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=40)
    answer = models.CharField(max_length=60)
    source = models.CharField(max_length=20)
    recorded_at = models.DateTimeField()

    class Meta:
        """One answer to a question."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wearer", "question"], name="characteristic_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["question", "answer"], name="characteristic_by_answer")
        ]

    def __str__(self) -> str:
        return str(self.id)
