"""Browsers without a window: Django's test client on an instance of its own, accounts, codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

PASSWORD = "correct horse battery staple"
OTHER = "four quiet otters at dusk"
SECRET = base64.b32encode(b"12345678901234567890").decode("ascii")


@pytest.fixture
def pages(sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """Makes test clients; hashing is cheap here, and nothing is left in a cache."""
    yield from _pages(monkeypatch)


@pytest.fixture
def pages_on_both(instance: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """The same on each database in turn."""
    yield from _pages(monkeypatch)


def _pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client

    from tipstaff.records.passwords import Argon2id

    for name, cheap in {"time_cost": 1, "memory_cost": 64, "parallelism": 1}.items():
        monkeypatch.setattr(Argon2id, name, cheap)
    cache.clear()
    # Django read its settings when there was no instance, and so no key; it keeps this one.
    settings.SECRET_KEY = "only for tests " * 5
    yield partial(Client, SERVER_NAME="localhost")
    cache.clear()


def account(name: str = "ann", *, password: str = PASSWORD, role: str = "analyst") -> Any:
    """An account with a password of its owner's choice."""
    from django.utils import timezone

    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.create_local(name, role)
    if password:
        hashed = credentials.hashed(password)
        credentials.set_password(user.id, hashed, timezone.now(), temporary=False)
    return User.objects.get(id=user.id)


def with_app(user: Any) -> Any:
    """The account, with an app for codes whose secret is SECRET."""
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(user, SECRET)
    return user


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What an app shows now, or `steps` times 30 seconds from now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def enter(client: Any, name: str = "ann", password: str = PASSWORD, **other: Any) -> Any:
    """Send the form of the sign-in page."""
    return client.post("/sign-in", {"login": name, "password": password, **other})


def sign_in(client: Any, name: str = "ann", password: str = PASSWORD) -> Any:
    """Sign in with a password and a code; the account has an app."""
    assert enter(client, name, password).headers["Location"] == "/sign-in/second-factor"
    return client.post("/sign-in/second-factor", {"code": code()})


def text(response: Any) -> str:
    """The words of a page."""
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(body.split())


def entries(use_case: str = "") -> list[Any]:
    """The audit's entries, oldest first."""
    from tipstaff.records.models import AuditEntry

    rows = AuditEntry.objects.order_by("at", "id")
    return list(rows.filter(use_case=use_case) if use_case else rows)


def signed_in(pages: Callable[..., Any], role: Any = None, name: str = "olive") -> Any:
    """A browser of somebody in that role: at the monitoring centre where none is named."""
    from django.utils import timezone
    from made_accounts import account as made

    from tipstaff.domain.roles import Role
    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.get(username=made(name, role or Role.MONITORING_OPERATOR))
    hashed = credentials.hashed(PASSWORD)
    credentials.set_password(user.id, hashed, timezone.now(), temporary=False)
    with_app(user)
    browser = pages()
    assert sign_in(browser, name).status_code == 302
    return browser
