"""`tipstaff devices`, `fittings`, `holdings` and `suppliers`, as a user runs them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from made_cases import case
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.formats.case_json import write_cases

WHY = ("--purpose", "demonstration")
AT = ("--by", "A Fitter", "--at")


pytestmark = pytest.mark.usefixtures("sqlite_instance")


def tipstaff(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def done(*words: str | Path) -> str:
    """What a command that must succeed prints on standard output."""
    result = tipstaff(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def fleet(path: Path) -> Path:
    tags = [
        {"supplier": "tipstaff", "device_id": f"T{n}",
         "description": {"kind": "tag", "model": "M1", "firmware": "1.0"}}
        for n in range(3)
    ]  # fmt: skip
    unit = {"supplier": "tipstaff", "device_id": "H1",
            "description": {"kind": "home_unit", "model": "HU"}}  # fmt: skip
    bad = {"supplier": "tipstaff", "device_id": "X", "description": {"kind": "tag"}}
    document = {"format": "tipstaff-devices-1", "devices": [*tags, unit, bad]}
    path.write_text(json.dumps(document))
    return path


def test_from_the_inventory_to_a_wearer_and_on(tmp_path: Path) -> None:
    taken = tipstaff("devices", "import", fleet(tmp_path / "fleet.json"), *WHY)
    assert taken.exit_code == 1
    assert "devices[4].description.model: is missing" in taken.stderr
    assert "5 entries, 4 kept, 4 new" in taken.stdout
    cases = tmp_path / "cases.json"
    cases.write_bytes(write_cases((case(1), case(2))))
    done("import", "orders", cases, *WHY)
    fit = ("fittings", "fit", "T1", "--wearer", "W000001", *AT, "2026-02-02T10:00:00Z")
    assert "T1: fitted" in done(*fit, "--baseline", "52.9,-1.4", *WHY)
    again = tipstaff(*fit, *WHY)
    assert again.exit_code == 2
    assert "WEARS_ONE_ALREADY" in again.stderr
    swap = ("fittings", "swap", "T1", "T2", *AT, "2026-02-03T10:00:00Z")
    assert "T1: swapped for T2" in done(*swap, *WHY)
    off = ("fittings", "remove", "T2", "--reason", "order_ended", *AT, "2026-02-04T10:00:00Z")
    assert "T2: removed" in done(*off, *WHY)
    put = ("holdings", "install", "H1", "--wearer", "W000001", "--address", "home")
    assert "H1: installed" in done(*put, "--at", "2026-02-02T10:00:00Z", *WHY)
    lines = done("devices", "list", "--limit", "2", *WHY).splitlines()
    assert [line.split("  ")[:3] for line in lines[:2]] == [
        ["H1", "tipstaff", "issued"],
        ["T0", "tipstaff", "in_stock"],
    ]
    rest = done("devices", "list", "--after", lines[2].removeprefix("next: "), *WHY)
    assert [line.split("  ")[2] for line in rest.splitlines()] == ["returned", "returned"]
    who = ("devices", "who", "T1", "--at", "2026-02-03T09:59:59Z", *WHY)
    assert done(*who).startswith("wearer W000001  2026-02-02T10:00:00Z – 2026-02-03T10")
    early = done(*who, "--as-known-at", "2026-02-01")
    assert early == "nobody is known to have had it then\n"


def test_a_device_by_two_clocks_and_out_again(tmp_path: Path) -> None:
    what = ("--kind", "tag", "--model", "M1", *WHY)
    done("devices", "register", "T1", *what)
    done("devices", "describe", "T1", "--firmware", "2", "--from", "2026-02-01", *what)
    shown = json.loads(done("devices", "show", "T1", "--at", "2026-01-31", *WHY))
    assert "firmware" not in shown["description"]
    assert [fact["description"].get("firmware") for fact in shown["facts"]] == [None, "2"]
    done("devices", "export", tmp_path / "out.json", *WHY)
    assert len(json.loads((tmp_path / "out.json").read_text())["devices"]) == 2


def test_keys_are_printed_once() -> None:
    done("suppliers", "describe", "acme", "--contact", "faults@acme.example", *WHY)
    issue = ("suppliers", "issue-key", "acme", "--label", "feed", "--scope", "positions:write")
    first = done(*issue, "--network", "203.0.113.0/24", *WHY).strip()
    key_id = first.split(".")[1]
    assert re.fullmatch(r"tsk\.[0-9a-f]{16}\.[A-Za-z0-9_-]{43}", first)
    second = done("suppliers", "rotate-key", key_id, *WHY).strip()
    done("suppliers", "revoke-key", key_id, *WHY)
    listed = done("suppliers", "keys", *WHY)
    assert first not in listed
    assert second.split(".")[1] in listed
    assert [line.split("  ")[3] for line in listed.splitlines()] == ["revoked", "works"]
    log = done("audit", "list", "--purpose", "audit")
    assert first.split(".")[2] not in log
    wrong = tipstaff(*issue, "--network", "203.0.113.1/24", *WHY)
    assert wrong.exit_code == 2
