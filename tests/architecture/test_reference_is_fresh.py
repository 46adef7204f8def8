"""Every command, option and setting is documented, and the reference is what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tipstaff.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tipstaff_docs", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_is_fresh(docs: ModuleType) -> None:
    for path, text in docs.pages().items():
        assert path.is_file(), "run ./run docs"
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run ./run docs"


def test_every_command_and_option_teaches(docs: ModuleType) -> None:
    silent = []
    for name, command in docs.commands():
        if len((command.help or "").strip()) < 20:
            silent.append(name)
        silent += [
            f"{name} {p.opts[0]}"
            for p in docs.parameters(command)
            if p.opts != ["--version"] and not (getattr(p, "help", "") or "").strip()
        ]
    assert not silent


def test_every_setting_has_a_default_and_a_help_text() -> None:
    bare = [n for n, f in Settings.model_fields.items() if f.is_required() or not f.description]
    assert not bare


def test_every_declared_command_loads(docs: ModuleType) -> None:
    names = [name for name, _command in docs.commands()]
    assert names[0] == "tipstaff"
    assert "tipstaff calibrate errors" in names
    assert len(names) == len(set(names))
