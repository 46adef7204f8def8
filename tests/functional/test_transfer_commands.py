"""`tipstaff export wearer` and `tipstaff transfer`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

from made_cases import case
from program import done, instance_of, tipstaff

from tipstaff.formats.case_json import write_cases

WHY = ("--purpose", "demonstration", "--authority", "order 12")
POSITIONS = "device_id,fix_time,latitude,longitude\n" + "".join(
    f"D1,2026-01-2{n}T10:00:00Z,53.{n},-1.5\n" for n in range(5)
)
WORN = "activation_id,device_id,wearer_id,start,end\na1,D1,W000001,2026-01-20T00:00:00Z,\n"


def set_up(folder: Path) -> Path:
    data = folder / "derbyshire"
    instance_of("officer", data)
    (folder / "cases.json").write_bytes(write_cases((case(1),)))
    (folder / "worn.csv").write_text(WORN)
    (folder / "fixes.csv").write_text(POSITIONS)
    done("import", "orders", folder / "cases.json", *WHY, data=data)
    done("import", "activations", folder / "worn.csv", *WHY, data=data)
    done("import", "positions", folder / "fixes.csv", *WHY, data=data)
    return data


def test_exported_handed_over_and_exported_there(tmp_path: Path) -> None:
    data = set_up(tmp_path)
    copy = tmp_path / "copy"
    said = done("export", "wearer", "W000001", "--out", copy, *WHY, data=data)
    assert "2 records in 2 versions, 1 devices, 5 fixes, 9 files" in said
    again = tipstaff("export", "wearer", "W000001", "--out", copy, *WHY, data=data)
    assert again.returncode == 2
    assert "there already" in again.stderr

    done("backup-key", tmp_path / "durham.key")
    file = tmp_path / "w1.case"
    names = ("--to", "Durham", "--from", "Derbyshire", "--key", tmp_path / "durham.key.pub")
    told = done("transfer", "out", "W000001", *names, "--out", file, *WHY, data=data)
    digest = told.split()[-1]
    other = tmp_path / "durham"
    instance_of("officer", other)
    how = ("transfer", "in", file, "--key", tmp_path / "durham.key", *WHY)
    bad = tipstaff(*how, "--sha256", "0" * 64, data=other)
    assert bad.returncode == 2
    assert "DIGEST_DIFFERS" in bad.stderr
    taken = done(*how, "--sha256", digest, data=other)
    assert taken == "W000001: 2 versions, 1 devices and 5 fixes are new\n"
    done("export", "wearer", "W000001", "--out", tmp_path / "there", *WHY, data=other)
    for name in ("record.json", "worn.json", "trail.csv", "trail.geojson", "README.txt"):
        assert (copy / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    shown = json.loads(done("cases", "show", "W000001", *WHY, data=other))
    assert shown["orders"][0]["versions"][0]["origin"]["operator"] == "Derbyshire"
