"""init → import → trail and near, as a user types them; and the same questions on files alone."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from program import instance_of
from typer.testing import CliRunner

from tipstaff.cli.app import app

MAPPING = Path(__file__).resolve().parents[1] / "data" / "mappings" / "liverpool_bus.toml"
BUS = "liverpool-bus/route14_outbound.csv"
PERIOD = ["--from", "2026-01-26T16:00:00Z", "--to", "2026-01-26T16:10:00+00:00"]
WHY = ["--purpose", "demonstration"]
TIPSTAFF = """device_id,fix_time,latitude,longitude,precision_m
[bold]D1,2026-01-26T16:00:00Z,53.4,-2.9,5
[bold]D1,2026-01-26T16:00:00Z,53.5,-2.9,50
[bold]D1,2026-01-26T16:05:00Z,91,-2.9,5
D2,2026-01-26T16:05:00Z,53.4,-2.9,5
"""


def run(*args: object, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout, result.stderr


@pytest.fixture
def bus(shared_data: Path) -> Path:
    return shared_data / BUS


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Tipstaff":
    made = Tipstaff(tmp_path / "var")
    instance_of("tester", tmp_path / "var")
    return made


class Tipstaff:
    """The program in a process of its own, with an instance of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("TIPSTAFF_")}
        self.env |= {"TIPSTAFF_DATA": str(data)}

    def __call__(self, *args: object, code: int = 0) -> tuple[str, str]:
        command = [sys.executable, "-m", "tipstaff", *(str(arg) for arg in args)]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == code, (done.stdout, done.stderr)
        return done.stdout, done.stderr


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_from_init_to_trail_and_near(instance: Tipstaff, bus: Path, tmp_path: Path) -> None:
    worn = tmp_path / "activations.csv"
    worn.write_text(
        "activation_id,device_id,wearer_id,start,end\n"
        "A1,4716,W1,2026-01-01T00:00:00Z,\n"
        "A2,4803,W2,2026-01-26T16:08:00Z,2026-01-26T16:09:00Z\n"
    )
    mine = ["--supplier", "liverpool-bus"]
    out, _err = instance("import", "activations", worn, *mine, *WHY)
    assert "2 rows, 2 recorded" in out
    out, _err = instance("import", "positions", bus, "--mapping", MAPPING, *WHY)
    assert "1533 rows, 1533 new, 0 duplicates, 0 quarantined" in out
    out, _err = instance("import", "positions", bus, "--mapping", MAPPING, *WHY)
    assert "taken in before" in out

    by_wearer, _err = instance("trail", "W1", *PERIOD, *WHY, "--format", "csv")
    by_device, _err = instance("trail", "4716", *PERIOD, *WHY, "--format", "csv")
    assert by_wearer == by_device
    assert {row["wearer_id"] for row in rows_of(by_wearer)} == {"W1"}
    alone, _err = run(
        "trail", "4716", *PERIOD, "--format", "csv", "--positions", bus, "--mapping", MAPPING
    )
    kept = [{k: v for k, v in row.items() if k != "wearer_id"} for row in rows_of(by_wearer)]
    assert kept == rows_of(alone)

    short, _err = instance("trail", "W2", *PERIOD, *WHY, "--format", "csv")
    assert [row["fix_time"][11:19] for row in rows_of(short)] == [
        "16:08:17",
        "16:08:25",
        "16:08:45",
    ]

    place = ["near", "53.44451", "-2.925173", "--radius", "300", *PERIOD]
    text, _err = instance(*place, *WHY, "--format", "geojson")
    features = json.loads(text)["features"]
    assert len(features) == 6
    nobody = [f for f in features if "wearer_id" not in f["properties"]]
    assert {f["properties"]["device_id"] for f in nobody} == {"4803"}
    assert len(nobody) == 3


def test_what_the_archive_refuses(instance: Tipstaff, tmp_path: Path) -> None:
    _out, err = instance("trail", "W1", *PERIOD, code=2)
    assert "--purpose" in err
    _out, err = instance("trail", "W1", *PERIOD, *WHY, code=2)
    assert "No wearer and no device" in err
    _out, err = instance("near", "0", "0", *PERIOD, "--purpose", "external_request", code=4)
    assert "--authority" in err
    _out, err = Tipstaff(tmp_path / "nothing")("near", "0", "0", *PERIOD, *WHY, code=3)
    assert "tipstaff init" in err


def test_bad_rows_and_files_are_told(instance: Tipstaff, tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / name for name in ("good.csv", "bad.csv", "broken.csv"))
    good.write_text(TIPSTAFF)
    bad.write_text("device_id,fix_time,latitude,longitude\nD1,never,1,1\n")
    broken.write_text("a,b\n1,2\n")
    out, err = instance("import", "positions", good, bad, broken, tmp_path / "none", *WHY, code=1)
    assert "good.csv: 4 rows, 3 new, 0 duplicates, 1 quarantined" in out
    assert "OUT_OF_RANGE" in err
    assert "MISSING_COLUMN" in err
    assert "No such file" in err
    kept = list(instance.data.glob("quarantine/*.jsonl"))
    lines = [json.loads(line) for path in kept for line in path.read_text().splitlines()]
    assert sorted((line["row"], line["reason"]) for line in lines) == [
        (2, "INVALID_TIME"),
        (4, "OUT_OF_RANGE"),
    ]
    assert "91" in next(line["raw"] for line in lines if line["row"] == 4)
    instance("import", "positions", broken, *WHY, code=2)

    worn = tmp_path / "worn.csv"
    worn.write_text(
        "activation_id,device_id,wearer_id,start,end\n"
        "A1,D2,W1,2026-01-01T00:00:00Z,\nA2,D2,W2,2026-01-05T00:00:00Z,\n"
        "A3,D3,W3,2026-01-05T00:00:00Z,\n"
    )
    out, err = instance("import", "activations", worn, *WHY, code=1)
    assert "3 rows, 1 recorded" in out
    assert "rows 2 and 3" in err
    worn.write_text("activation_id,device_id,wearer_id,start,end\nA9,D3,W9,2026-02-05T00:00:00Z,\n")
    _out, err = instance("import", "activations", worn, *WHY, code=2)
    assert "A3" in err


@pytest.mark.parametrize("name", ["", "a\nb", "a\x1b[31m", "x" * 101])
def test_a_supplier_has_a_name_on_one_line(instance: Tipstaff, tmp_path: Path, name: str) -> None:
    worn = tmp_path / "worn.csv"
    worn.write_text("activation_id,device_id,wearer_id,start,end\nA1,D1,W1,2026-01-01T00:00:00Z,\n")
    _out, err = instance("import", "activations", worn, "--supplier", name, *WHY, code=2)
    assert "--supplier" in err
    assert "\x1b" not in err


def test_questions_to_a_file_alone_need_no_set_up(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text(TIPSTAFF)
    out, err = run("trail", "[bold]D1", *PERIOD, "--positions", file, code=1)
    assert "[bold]D1" in out
    assert "another one counts" in out
    assert "1 row quarantined: OUT_OF_RANGE" in err
    out, _err = run("near", "53.4", "-2.9", *PERIOD, "--positions", file, "--format", "csv", code=1)
    rows = rows_of(out)
    assert [(row["device_id"], row["conflict"], row["speaks"]) for row in rows] == [
        ("[bold]D1", "true", "true"),
        ("D2", "false", "true"),
    ]
    target = tmp_path / "out.geojson"
    run("near", "53.4", "-2.9", *PERIOD, "--positions", file, "--format", "geojson",
        "--out", target, code=1)  # fmt: skip
    assert len(json.loads(target.read_text())["features"]) == 2
    table = tmp_path / "out.txt"
    run("trail", "D2", *PERIOD, "--positions", file, "--out", table, code=1)
    assert "D2" in table.read_text()
    for shape in ("table", "csv", "geojson"):
        _out, err = run("trail", "D2", *PERIOD, "--positions", file, "--format", shape,
                        "--out", tmp_path, code=2)  # fmt: skip
        assert "Is a directory" in err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["trail", "D", "--from", "soon", "--to", "2026-01-01"], "--from soon"),
        (["trail", "D", "--from", "2026-01-02", "--to", "2026-01-01"], "before --from"),
        (["trail", "D", *PERIOD, "--positions", "/nowhere/x"], "No such file"),
        (["near", "91", "0", *PERIOD, "--positions", "x"], "Latitude"),
        (["near", "nan", "0", *PERIOD, "--positions", "x"], "Latitude"),
        (["near", "1", "0", "--radius", "0", *PERIOD, "--positions", "x"], "--radius"),
        (["near", "1", "0", "--radius", "60000", *PERIOD, "--positions", "x"], "--radius"),
        (["near", "1", "0", *PERIOD, "--positions", "x", "--mapping", "/none"], "--mapping"),
    ],
)
def test_a_wrong_call_says_what_to_do(args: list[str], said: str) -> None:
    _out, err = run(*args, code=2)
    assert said in err


def test_a_broken_mapping_is_told_whole(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('supplier = "s"\n[units]\nspeed = "warp"\n')
    args = ["trail", "D", *PERIOD, "--positions", mapping, "--mapping", mapping]
    _out, err = run(*args, code=2)
    assert "units.speed" in err
    assert "columns.latitude" in err


def test_the_reader_of_a_pipe_may_leave_early(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    rows = [f"D,2026-01-26T16:00:{i % 60:02}.{i:06}Z,53,{i / 1e5}" for i in range(20_000)]
    file.write_text("device_id,fix_time,latitude,longitude\n" + "\n".join(rows) + "\n")
    command = [sys.executable, "-m", "tipstaff", "trail", "D", *PERIOD, "--positions", str(file),
               "--format", "csv"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"device_id")
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 0
