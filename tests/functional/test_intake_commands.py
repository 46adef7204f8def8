"""`tipstaff intake`: a folder of files, the drain, what it says; `tipstaff serve` takes in too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import typer
from fed_instance import WORN, activate, issue_key, position
from program import tipstaff
from served import serving

from tipstaff.feeds.folder import Watched, put_aside

Command = Callable[..., tuple[int, str]]
WHY = ("--purpose", "system_administration")
GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="52.9301" lon="-1.4802"><ele>80</ele><time>{0}</time><sat>8</sat><hdop>1.1</hdop></trkpt>
<trkpt lat="52.9302" lon="-1.4803"></trkpt>
</trkseg></trk></gpx>"""


@pytest.fixture
def command(sqlite_instance: Any, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command of `tipstaff intake` in this process: its exit code, and what it printed."""

    def run(name: str, *words: str | Path) -> tuple[int, str]:
        from tipstaff.cli.intake import app

        done = typer.main.get_command(app).main(
            [name, *map(str, words)], standalone_mode=False, prog_name="tipstaff intake"
        )
        return done or 0, capsys.readouterr().out

    return run


def test_a_folder_of_files_into_the_archive(command: Command, tmp_path: Path) -> None:
    assert command("status") == (0, "nothing was ever received\n")
    folder = tmp_path / "feed"
    folder.mkdir()
    activate(WORN, supplier="tipstaff")
    first = position(ago_s=300)["fix_time"]
    rows = [WORN, first, "52.9301", "-1.4802"], [WORN, first, "91", "-1.4802"]
    header = "device_id,fix_time,latitude,longitude"
    (folder / "a.csv").write_text("\n".join([header, *(",".join(row) for row in rows)]) + "\n")
    (folder / f"{WORN}.gpx").write_text(GPX.format(position(ago_s=240)["fix_time"]))
    place = {"type": "Point", "coordinates": [-1.4802, 52.9301]}
    told = {"device_id": WORN, "time": position(ago_s=180)["fix_time"]}
    feature = {"type": "Feature", "geometry": place, "properties": told}
    line = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": []}}
    collection = {"type": "FeatureCollection", "features": [feature, line]}
    (folder / "b.geojson").write_text(json.dumps(collection))
    (folder / "bad.gpx").write_text('<!DOCTYPE x [<!ENTITY a "b">]><gpx>&a;</gpx>')
    (folder / "empty.csv").write_text("")
    (folder / "c.csv.part").write_text("not whole yet")
    code, said = command("folder", folder, "--once", *WHY)
    assert code == 1
    assert [line.partition(",")[0] for line in said.splitlines()] == [
        f"{WORN}.gpx: 1 new", "a.csv: 1 new", "b.geojson: 1 new", "bad.gpx: 0 new",
        "empty.csv: 0 new",
    ]  # fmt: skip
    assert {p.name for p in (folder / "done").iterdir()} == {"a.csv", f"{WORN}.gpx", "b.geojson"}
    assert {p.name for p in (folder / "failed").iterdir()} == {"bad.gpx", "empty.csv"}
    (folder / "done" / "a.csv").rename(folder / "a.csv")
    assert "a.csv: 0 new, 1 known already" in command("folder", folder, "--once", *WHY)[1]
    _code, said = command("status")
    assert "not in the archive yet: 3" in said
    assert "could not be read: 5" in said
    assert command("drain", *WHY) == (
        0,
        "3 messages: 3 fixes new to the archive, 0 held already, 0 events\n",
    )


def test_a_file_is_taken_once_it_no_longer_changes(tmp_path: Path) -> None:
    watched, taken = Watched(tmp_path, settled_s=2.0), []
    file = tmp_path / "a.csv"
    file.write_text("1")
    take = lambda path: bool(taken.append(path.name)) or True  # noqa: E731
    assert watched.step(take, 10.0) == 0
    assert watched.step(take, 11.9) == 0
    file.write_text("12")
    assert watched.step(take, 12.0) == 0
    assert watched.step(take, 13.9) == 0
    assert watched.step(take, 14.0) == 1
    assert taken == ["a.csv"]
    file.write_text("3")
    assert put_aside(file, "done").name == "a-1.csv"


def test_serve_takes_messages_in_beside_the_pages(sqlite_instance: Any) -> None:
    key = issue_key()
    activate(WORN)
    with serving(sqlite_instance.data) as server:
        body = json.dumps([position()]).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        with urlopen(Request(f"{server.url}/intake/json", body, headers), timeout=10) as answer:
            assert json.load(answer) == {"received": 1, "unread": 0}
        with urlopen(f"{server.url}/sign-in", timeout=10) as page:
            assert page.status == 200
        busy = tipstaff("intake", "serve", "--port", "0", data=sqlite_instance.data)
        assert busy.returncode == 2
        assert "--no-intake" in busy.stderr


@pytest.mark.parametrize(
    "body", [b"", b"<gpx", b"<html/>", b"\xff\xfe<", b"<?xml version='1.0' encoding='x'?><gpx/>"]
)
def test_what_is_no_gpx(body: bytes) -> None:
    from datetime import UTC, datetime

    from tipstaff.formats.feeds.gpx import decode
    from tipstaff.formats.feeds.messages import Message

    assert decode(Message(body), datetime.now(UTC)).fault == "NOT_GPX"
