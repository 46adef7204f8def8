"""People who use the program."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac


class UserAccounts(BaseUserManager["User"]):
    """Makes accounts; a new one cannot sign in until it is given a password."""

    def create_local(self, username: str, role: str) -> User:
        """An account for commands on this machine."""
        user = self.model(username=username, role=role)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account. `role` is what the access policy decides by; Django's own permissions are not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True)
    role = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserAccounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return str(self.id)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is tied to: it ends when the password or the role is another."""
        value = f"{self.password}\0{self.role}"
        key_salt = "tipstaff.records.models.users.User"
        return salted_hmac(key_salt, value, secret=secret, algorithm="sha256").hexdigest()
