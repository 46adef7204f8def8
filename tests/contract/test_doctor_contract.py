"""What the doctor says of the errors of positions: given, missing, or not to be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fed_instance import WHO

from tipstaff.domain.examined import Checked, Verdict


def checked() -> Checked:
    from tipstaff.services.doctor import examine

    return next(one for one in examine(**WHO) if one.name == "Errors of positions")


def test_errors_of_positions(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TIPSTAFF_ERROR_MODEL", raising=False)
    missing = checked()
    assert missing.verdict is Verdict.LOOK
    assert "not calibrated" in missing.words
    assert "tipstaff calibrate errors" in missing.mend
    monkeypatch.setenv("TIPSTAFF_ERROR_MODEL", "simulated")
    assert checked().verdict is Verdict.WELL
    gone = tmp_path / "gone.json"
    monkeypatch.setenv("TIPSTAFF_ERROR_MODEL", str(gone))
    wrong = checked()
    assert wrong.verdict is Verdict.WRONG
    assert wrong.words == f"error_model {gone}: No such file or directory."
    assert wrong.mend
