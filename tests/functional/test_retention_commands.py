"""`tipstaff retention`: what it says, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from canaries import GONE, STAYS, fill
from instance_fixtures import TestInstance
from program import done, tipstaff

WHY = ("--purpose", "system_administration")
COURT = (*WHY, "--authority", "Coroner 12/26")


@pytest.fixture
def data(sqlite_instance: TestInstance, tmp_path: Path) -> Path:
    from django.db import connections

    fill(tmp_path, sqlite_instance.data)
    connections["default"].close()
    return sqlite_instance.data


def test_from_a_dry_run_to_the_proof(data: Path) -> None:
    shown = done("retention", "run", "--dry-run", *WHY, data=data)
    assert "voluntary agreement ends, on 2018-01-06." in shown
    assert {line.split()[2] for line in shown.splitlines()} == {GONE}
    lines = done("retention", "due", "--json", *WHY, data=data).splitlines()
    states = {(x["wearer"], x["state"]) for x in map(json.loads, lines)}
    assert states == {(GONE, "due"), (STAYS, "stands")}
    held = done("retention", "hold", GONE, "--reason", "inquest", *COURT, data=data)
    assert "0 whole" in done("retention", "run", *WHY, data=data)
    hold = held.split()[-1]
    assert "Released." in done("retention", "release", hold, "--reason", "over", *COURT, data=data)
    said = done("retention", "run", *WHY, data=data)
    assert "1 whole" in said
    (proof,) = done("retention", "proof", "--purpose", "audit", data=data).splitlines()
    assert json.loads(proof)["people_erased_whole"] == 1
    refused = tipstaff("retention", "erase", STAYS, *COURT, data=data)
    assert (refused.returncode, "ORDER_STANDS" in refused.stderr) == (2, True)
    assert tipstaff("retention", "run", data=data).returncode == 2
    assert tipstaff("retention", "run", *WHY, data=data / "none").returncode == 3
