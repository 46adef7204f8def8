"""kill −9 around the moment a relay takes a notice: never lost, and known if it is repeated."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from instance_fixtures import TestInstance
from made_notices import NOW, after, attempts, contact, made_wearer, queued, states
from stand_ins import relaying

from tipstaff.domain.deliveries import LEASE

#: Delivers, and dies where it is told to.
PROGRAM = """
import os, signal, sys
from datetime import datetime
import tipstaff.services
from tipstaff.notices.email import Relay
from tipstaff.records import notice_sending
from tipstaff.services.notice_delivery import deliver_due
def die(*told, **more):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "before":
    Relay.send = die
else:
    notice_sending.record = die
deliver_due(datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.parametrize(("moment", "sent"), [("before", 1), ("after", 2)])
def test_a_notice_survives_its_deliverer(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, moment: str, sent: int
) -> None:
    from tipstaff.records.outbox import queue
    from tipstaff.services.notice_delivery import deliver_due

    with relaying() as relay:
        monkeypatch.setenv("TIPSTAFF_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("TIPSTAFF_SMTP_PORT", str(relay.port))
        monkeypatch.setenv("TIPSTAFF_SMTP_TLS", "none")
        monkeypatch.setenv("TIPSTAFF_SMTP_FROM", "alerts@example.org")
        contact()
        assert queue([queued(made_wearer())]) == 1
        died = subprocess.run([sys.executable, "-c", PROGRAM, moment, NOW.isoformat()], check=False)
        assert died.returncode == -signal.SIGKILL
        assert [state for _, state, _ in states()] == ["sending"]
        assert not deliver_due(after(60), 10)  # the lease of the dead one still holds
        assert sum(deliver_due(NOW + LEASE + timedelta(minutes=1), 10).values()) == 1
        assert len(relay.taken) == sent
        assert len(set(relay.ids())) == 1
    assert [state for _, state, _ in states()] == ["sent"]
    assert [code for code, _, _ in attempts()] == ["ACCEPTED"]
