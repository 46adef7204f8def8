"""Meetings through the use case: whom it finds, whom it never shows, what it writes down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from made_accounts import account
from made_cases import order, utc, wearer
from made_devices import WHO

from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = Period(START, START + timedelta(hours=1))
ASKING: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "operation 1",
}  # fmt: skip


@pytest.fixture
def three(instance: Any) -> None:
    """W1 and W2 stand together for half an hour; W3, of another force, stands with them."""
    from tipstaff.domain.activations import STILL_ACTIVE, Activation
    from tipstaff.services.activations import import_activations
    from tipstaff.services.cases import record_order, record_wearer

    lines = ["device_id,fix_time,latitude,longitude,precision_m"]
    for number in (1, 2, 3):
        assert record_wearer(**WHO, wearer=wearer(f"W{number}")).problems == ()
        force = "Durham" if number == 3 else "Derbyshire"
        made = order(f"O{number}", wearer=f"W{number}", force=force, ends_at=utc("2090-01-01"))
        assert record_order(**WHO, order=made).problems == ()
        fact = Activation(f"A{number}", f"D{number}", f"W{number}", START, STILL_ACTIVE)
        import_activations(**WHO, supplier="tipstaff", incoming=[fact])
        for minute in range(0, 60, 2):
            at = START + timedelta(minutes=minute)
            away = 0.0 if 10 <= minute <= 40 else 0.02 * number
            lines.append(f"D{number},{at:%Y-%m-%dT%H:%M:%SZ},{52.9 + away:.6f},-1.5,8")
    _import("\n".join([*lines, ""]))


def _import(text: str) -> None:
    import subprocess
    import sys
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fixes.csv"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "tipstaff", "import", "positions", str(path)]
        options = ["--purpose", "data_quality"]
        done = subprocess.run([*command, *options], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def pairs(**more: Any) -> list[tuple[str, str]]:
    from tipstaff.services.meetings import meetings

    found = meetings(**(ASKING | more), period=HOUR)
    assert found.problems == ()
    return sorted((one.first, one.second) for one in found.met)


@pytest.mark.usefixtures("three")
def test_all_who_stood_together_are_found() -> None:
    from tipstaff.services.meetings import meetings

    assert pairs() == [("W1", "W2"), ("W1", "W3"), ("W2", "W3")]
    assert pairs(wearer="W3") == [("W1", "W3"), ("W2", "W3")]
    found = meetings(**ASKING, period=HOUR)
    one = next(m for m in found.met if (m.first, m.second) == ("W1", "W2"))
    assert (one.least_m, round(one.latitude, 4), found.wearers) == (0.0, 52.9, 3)
    assert timedelta(minutes=29) < one.ended_at - one.began_at < timedelta(minutes=33)


@pytest.mark.usefixtures("three")
def test_whoever_is_out_of_reach_met_nobody() -> None:
    from tipstaff.records.models import AuditEntry

    coordinator = account("cora", Role.IOM_COORDINATOR)
    assert pairs(actor=coordinator) == [("W1", "W2")]
    entry = AuditEntry.objects.filter(use_case="meetings").order_by("at", "id").last()
    assert entry is not None
    assert len(entry.subject_refs) == 2


@pytest.mark.usefixtures("three")
def test_it_takes_an_authority_and_a_week_at_most() -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.meetings import meetings

    with pytest.raises(RefusedError, match="authority_missing"):
        meetings(**(ASKING | {"authority": ""}), period=HOUR)
    month = Period(START, START + timedelta(days=30))
    (problem,) = meetings(**ASKING, period=month).problems
    assert problem.code == "TOO_LONG"
