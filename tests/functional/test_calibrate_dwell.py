"""The dwell law made from a tiny world by the command, and read back."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.matching.dwell import CLASSES, DwellLaw
from tipstaff.matching.dwell_counts import FROM_MIN, LEAST, MOST
from tipstaff.matching.dwell_v1 import DWELL_V1


def test_a_law_is_counted_and_can_be_read(tmp_path: Path) -> None:
    out = tmp_path / "law.py"
    size = ["--wearers", "4", "--days", "22", "--town-width-m", "1500", "--first-seed", "810"]
    result = CliRunner().invoke(app, ["calibrate", "dwell", str(out), *size])
    assert result.exit_code == 0, result.output
    assert "minutes counted" in result.output
    law = runpy.run_path(str(out))["DWELL_V1"]
    assert isinstance(law, DwellLaw)
    assert law.from_min == FROM_MIN
    assert len(law.weights) == CLASSES
    assert all(LEAST <= weight <= MOST for row in law.weights for weight in row)
    assert (law.within_m, law.surest_m, law.seen_min) == (
        DWELL_V1.within_m,
        DWELL_V1.surest_m,
        DWELL_V1.seen_min,
    )
    # people are at home for hours: there a stay of hours weighs against an offence
    assert law.weights[-1][-1] == LEAST


@pytest.mark.parametrize("command", ["dwell", "excursions"])
@pytest.mark.parametrize("name", ["", "no-such-folder/law.py"])
def test_what_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, command: str, name: str
) -> None:
    result = CliRunner().invoke(app, ["calibrate", command, str(tmp_path / name)])
    assert result.exit_code == 2
    assert "name a file in a folder that is there" in " ".join(result.output.split())
