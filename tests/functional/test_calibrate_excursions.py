"""`tipstaff calibrate excursions` writes a module that holds the table it counted."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.matching.excursions import ONE, Excursions


def test_the_module_written_holds_a_table(tmp_path: Path) -> None:
    out = tmp_path / "table.py"
    size = ["--worlds", "1", "--wearers", "3", "--days", "3", "--first-seed", "899"]
    result = CliRunner().invoke(
        app, ["calibrate", "excursions", str(out), *size, "--name", "excursions-test"]
    )
    assert result.exit_code == 0, result.output
    scope: dict[str, Excursions] = {}
    source = out.read_text(encoding="utf-8")
    assert "seeds 899 to 899, of 3 wearers and 3 days each" in source
    exec(compile(source, str(out), "exec"), scope)
    table = scope["EXCURSIONS_V1"]
    assert table.version == "excursions-test"
    assert table.parts.min() < ONE // 500
    assert table.parts.max() == ONE
