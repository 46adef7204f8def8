"""The error model of an instance: where it comes from, and which numbers go with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.monitoring.parameters import PARAMETERS_V3
from tipstaff.services.error_models import error_model_named, instance_error_model, rulebook
from tipstaff.settings import SettingsError


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TIPSTAFF_DATA", str(tmp_path))
    return monkeypatch


def test_none_given_is_the_one_that_is_not_calibrated(
    settings_with: pytest.MonkeyPatch,
) -> None:
    settings_with.delenv("TIPSTAFF_ERROR_MODEL", raising=False)
    assert instance_error_model() is ERROR_MODEL_V1
    assert rulebook().places is PARAMETERS_V3


def test_a_file_of_calibrate_is_taken_with_the_numbers_for_calibrated_tags(
    settings_with: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fitted = tmp_path / "fitted.json"
    fitted.write_text(json.dumps(ERROR_MODEL_SIMULATED.to_json() | {"fitted_by": "a test"}))
    settings_with.setenv("TIPSTAFF_ERROR_MODEL", str(fitted))
    assert instance_error_model() == ERROR_MODEL_SIMULATED
    assert rulebook().places.version.startswith("monitoring-4 with error-1-simulated, sizes (")
    settings_with.setenv("TIPSTAFF_ERROR_MODEL", "simulated")
    assert instance_error_model() is ERROR_MODEL_SIMULATED


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file"),
        ("{}", "is not an error model. 'tipstaff calibrate errors' writes one."),
        ("[", "is not an error model"),
        (json.dumps(ERROR_MODEL_SIMULATED.to_json() | {"nu": 3}), "is not an error model"),
    ],
)
def test_what_is_no_model_is_refused_and_named(
    content: str | None, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "model.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError) as refused:
        error_model_named(str(path), where="error_model")
    assert str(refused.value).startswith(f"error_model {path}: ")
    assert says in str(refused.value)
