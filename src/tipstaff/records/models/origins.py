"""Where versions came from that another operator recorded."""

from __future__ import annotations

import uuid

from django.db import models

from tipstaff.records.models.cases import Version


class VersionOrigin(models.Model):
    """The origin's claim of a version: when, and by which of its accounts, it was recorded there.

    The version's own `recorded_at` is when we took it in: before that we knew nothing of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="origin")
    taken_from = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.id)
