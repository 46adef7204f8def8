"""A real SMTP relay that an instance sends its mails by."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stand_ins import Relay, relaying


def use_relay(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Have the instance of the environment send by the relay at that port."""
    monkeypatch.setenv("TIPSTAFF_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("TIPSTAFF_SMTP_PORT", str(port))
    monkeypatch.setenv("TIPSTAFF_SMTP_TLS", "none")
    monkeypatch.setenv("TIPSTAFF_SMTP_FROM", "Tipstaff <alerts@example.org>")


@pytest.fixture
def sending_relay(monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    """A relay that listens, and is used."""
    with relaying() as made:
        use_relay(monkeypatch, made.port)
        yield made
