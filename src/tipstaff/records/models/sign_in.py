"""What signing in leaves in the database: sessions, and whether a password is a first one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A browser's session. The columns here repeat what its data say, so that it can be found.

    `ref` is what pages and the audit name it by: the key itself opens it. All four are empty until
    somebody has signed in.
    """

    ref = models.UUIDField(null=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        """Django makes an index by `expire_date`, and one by the foreign key."""

        indexes: ClassVar = [models.Index(fields=["ref"], name="session_by_ref")]


class PasswordState(models.Model):
    """Whether the password of an account is one that an administrator chose."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    temporary = models.BooleanField()
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.account_id)
