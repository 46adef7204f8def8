"""Tokens of the API: an account's own, kept as the digests of their secrets."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.users import User


class ApiToken(models.Model):
    """A token: its name, the digest of its secret, whose it is, and what it may be used for.

    Only two columns ever change: `ended_at` is set once and stays, `last_used_on` goes on. The
    database refuses all else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_id = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    role = models.CharField(max_length=40)
    label = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        """A token ends after it begins."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="api_token_forwards"
            )
        ]

    def __str__(self) -> str:
        return self.token_id
