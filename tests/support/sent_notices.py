"""Deliver what is in the outbox, by stand-ins of each means that the settings point at."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from made_notices import NOW
from stand_ins import NOTIFY_KEY, Relay, relaying

SECRET = b"a secret of at least 24 bytes"
EMAIL = "manager@example.org"


def deliver(now: datetime = NOW, most: int = 100) -> dict[str, int]:
    from tipstaff.services.notice_delivery import deliver_due

    return {state.value: count for state, count in deliver_due(now, most).items()}


def put(*notices: Any) -> None:
    from tipstaff.records.outbox import queue

    assert queue(notices) == len(notices)


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Any:
    with relaying() as made:
        use_relay(monkeypatch, made)
        yield made


def use_relay(monkeypatch: pytest.MonkeyPatch, relay: Relay) -> None:
    monkeypatch.setenv("TIPSTAFF_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("TIPSTAFF_SMTP_PORT", str(relay.port))
    monkeypatch.setenv("TIPSTAFF_SMTP_TLS", "none")
    monkeypatch.setenv("TIPSTAFF_SMTP_FROM", "Tipstaff <alerts@example.org>")


def use_notify(monkeypatch: pytest.MonkeyPatch, url: str, tmp_path: Path) -> None:
    (tmp_path / "notify.key").write_text(NOTIFY_KEY + "\n")
    monkeypatch.setenv("TIPSTAFF_NOTIFY_KEY_FILE", str(tmp_path / "notify.key"))
    monkeypatch.setenv("TIPSTAFF_NOTIFY_URL", url)
    monkeypatch.setenv("TIPSTAFF_NOTIFY_TEXT_TEMPLATE", "t-1")


def use_webhooks(monkeypatch: pytest.MonkeyPatch, url: str, tmp_path: Path) -> None:
    secret = "whsec_" + base64.b64encode(SECRET).decode()
    (tmp_path / "webhooks.toml").write_text(f'"{url}" = "{secret}"\n')
    monkeypatch.setenv("TIPSTAFF_WEBHOOK_SECRETS_FILE", str(tmp_path / "webhooks.toml"))
