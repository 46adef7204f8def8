"""`tipstaff demo` on a tiny world: one command from nothing to a page, and it serves only that."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from program import WORLD, done, environment, tipstaff


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "var"


@pytest.fixture(scope="module")
def said(data: Path) -> str:
    return done("demo", "--report", "--no-serve", *WORLD, data=data)


def test_every_step_is_shown_and_its_outcome_lies_where_it_says(said: str, data: Path) -> None:
    commands = re.findall(r"^  \$ tipstaff (\w+)", said, re.MULTILINE)
    assert commands[:7] == ["simulate", "init", "import", "import", "import", "match", "report"]
    page = (data / "demo" / "result.html").read_text(encoding="utf-8")
    assert "map-streets" in page
    assert len(page) < 6_000_000
    assert (data / "demo" / "world" / "README.txt").is_file()
    assert "http://" not in said


def test_a_real_instance_is_not_touched(said: str, data: Path) -> None:
    assert {path.name for path in data.iterdir()} == {"demo"}


def test_again_is_afresh_and_the_same(said: str, data: Path) -> None:
    names = ("result.csv", "result.crimes.csv", "result.facts.parquet", "result.manifest.json")
    before = {name: (data / "demo" / name).read_bytes() for name in names}
    (data / "demo" / "left behind.txt").write_text("x", encoding="utf-8")
    # A database of a real instance in the environment must not reach the demonstration's.
    ran = tipstaff(
        "demo",
        "--report",
        "--no-serve",
        *WORLD,
        data=data,
        TIPSTAFF_DATABASE="postgresql://nobody@localhost/x",
    )
    assert ran.returncode == 0, ran.stderr
    assert not (data / "demo" / "left behind.txt").exists()
    assert {name: (data / "demo" / name).read_bytes() for name in names} == before


def test_a_folder_of_someone_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("mine", encoding="utf-8")
    ran = tipstaff("demo", "--report", "--no-serve", *WORLD, data=tmp_path)
    assert ran.returncode == 2
    assert (tmp_path / "demo" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_serves_the_page_and_nothing_else(said: str, data: Path) -> None:
    page = data / "demo" / "result.html"
    code = (
        "from pathlib import Path; from tipstaff.cli.demo_server import serve; import sys; "
        "serve(Path(sys.argv[1]), 0)"
    )
    server = subprocess.Popen(
        [sys.executable, "-u", "-c", code, str(page)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdout is not None
        try:
            told = "".join(server.stdout.readline() for _line in range(2))
            address = re.search(r"http://127\.0\.0\.1:\d+/", told)
            assert address
            with urlopen(address[0]) as answer:
                assert answer.read() == page.read_bytes()
            for path in ("result.csv", "../instance/secret.key", "instance/tipstaff.toml"):
                with pytest.raises(HTTPError) as refused:
                    urlopen(address[0] + path)
                assert refused.value.code == 404
                refused.value.close()
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=20) == 0
        finally:
            server.kill()
