"""One-time codes of wearers: their digests, never themselves."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.wearing import Wearer


class OwnPageCode(models.Model):
    """A code that was issued for a wearer, until it is used, runs out, or was tried too often."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="own_codes")
    digest = models.TextField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    ends_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """The last one issued counts."""

        indexes: ClassVar = [models.Index(fields=["wearer", "issued_at"], name="own_code_by_issue")]

    def __str__(self) -> str:
        return str(self.id)
