"""The access policy: deny by default; every refusal says what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tipstaff import settings
from tipstaff.domain.purposes import Operation
from tipstaff.services import access, instance, sealing


def test_every_refusal_says_what_to_do() -> None:
    for code, action in access.REFUSALS.items():
        assert access.RefusedError(code).action == action
        assert action.endswith(".")


def test_nobody_may_sign_in_or_refuse_by_role() -> None:
    for permitted in access.PERMITTED.values():
        assert not permitted & {Operation.SIGN_IN, Operation.REFUSAL}


@pytest.mark.parametrize("actor", ["ann", 'q"uote', "back\\slash", "Åsa"])
def test_the_settings_file_reads_back(actor: str) -> None:
    chosen = {"actor": actor, "database": "postgresql://me@host/name"}
    read = tomllib.loads(instance.settings_text(chosen))
    assert read == {"actor": actor, "database": "postgresql://me@host/name"}


def test_the_settings_file_explains_every_setting() -> None:
    text = instance.settings_text({"actor": "ann"})
    for name, info in settings.Settings.model_fields.items():
        assert name == "data" or f"# {info.description}" in text


def test_a_head_cut_short_by_a_crash_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    file.write_text('{"sequence": 1, "hash": "a"}\n{"sequence": 2, "hash": "b"}\n{"sequ')
    assert sealing.anchored(file).heads == {1: "a", 2: "b"}
    assert sealing.anchored(tmp_path / "none").heads == {}
