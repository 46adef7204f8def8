"""`tipstaff notices`: what it says, and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from instance_fixtures import TestInstance
from made_notices import made_wearer, queued
from program import done, tipstaff
from stand_ins import relaying

WHY = ("--purpose", "offender_management")


@pytest.fixture
def data(sqlite_instance: TestInstance) -> Path:
    from django.db import connections

    from tipstaff.records.outbox import queue

    assert queue([queued(made_wearer("W-17"))]) == 1
    connections["default"].close()
    return sqlite_instance.data


def test_from_a_dead_notice_to_one_that_is_sent(data: Path) -> None:
    status = tipstaff("notices", "status", data=data)
    assert (status.returncode, "queued: 1" in status.stdout) == (1, True)
    assert "NOT SET UP: email: smtp_host is not set" in status.stderr
    done("notices", "deliver", "--once", data=data)
    dead = tipstaff("notices", "dead", *WHY, data=data)
    assert (dead.returncode, dead.stdout.split()[-2:]) == (1, ["dead", "NO_CONTACT"])
    assert "W-17, alert 1" in dead.stdout
    notice = dead.stdout.split()[0]
    to = ("case_manager", "email")
    wrong = tipstaff("notices", "contact", *to, "no address", *WHY, data=data)
    assert (wrong.returncode, "ADDRESS" in wrong.stderr) == (2, True)
    assert "no address" not in wrong.stderr
    contact = done("notices", "contact", *to, "m@example.org", *WHY, data=data).split()[-1]
    assert "case_manager by email at m@example.org" in done("notices", "contacts", *WHY, data=data)
    assert tipstaff("notices", "test", contact, *WHY, data=data).returncode == 2
    with relaying() as relay:
        (data / "tipstaff.toml").write_text(
            f'actor = "tester"\nsmtp_host = "127.0.0.1"\nsmtp_port = {relay.port}\n'
            'smtp_tls = "none"\nsmtp_from = "alerts@example.org"\n'
        )
        done("notices", "test", contact, *WHY, data=data)
        done("notices", "retry", notice, "--reason", "set up now", *WHY, data=data)
        done("notices", "deliver", "--once", data=data)
        assert len(relay.taken) == 2
    assert "queued as Q2" in done("notices", "list", *WHY, data=data)
    assert done("notices", "dead", *WHY, data=data) == ""
    assert done("notices", "status", data=data).startswith("queued: 0")
    done("notices", "end-contact", contact, "--reason", "left", *WHY, data=data)
    assert tipstaff("notices", "retry", notice, "--reason", "x", *WHY, data=data).returncode == 2
