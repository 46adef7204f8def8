"""Rules of the code that no linter holds: size, names, output, and who reads the environment."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tipstaff"
MODULES = sorted(PACKAGE.rglob("*.py"))
#: Everything a person writes; generated migrations are not.
WRITTEN = [
    path
    for folder in ("src", "tests", "scripts", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
MOST_LINES = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base"}
PURE = ("domain", "patterns", "matching", "simulation", "formats")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    """A module as Python reads it; every rule looks at every module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def calls(path: Path) -> set[str]:
    """Names called plainly (`open(…)`), and attributes called (`datetime.now(…)` as `.now`)."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                found.add("." + node.func.attr)
    return found


def test_there_is_code_to_judge() -> None:
    assert len(MODULES) > 20


def test_no_module_is_longer_than_a_reader_bears() -> None:
    long = {
        name(path): lines
        for path in WRITTEN
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert not long, f"split these (over {MOST_LINES} lines)"


def test_no_name_that_says_nothing() -> None:
    empty = [
        name(path)
        for path in WRITTEN
        if {path.stem, *path.relative_to(ROOT).parent.parts} & EMPTY_NAMES
    ]
    assert not empty, "name the module after what it holds"


def test_only_commands_print() -> None:
    printing = [name(p) for p in MODULES if "cli" not in p.parts and "print" in calls(p)]
    assert not printing


def test_pure_floors_open_no_file_and_read_no_clock() -> None:
    impure = {
        name(path): sorted(found)
        for floor in PURE
        for path in sorted((PACKAGE / floor).rglob("*.py"))
        if (found := calls(path) & {"open", "input", ".now", ".utcnow", ".today", ".getenv"})
    }
    assert not impure


def test_only_settings_reads_the_environment() -> None:
    readers = [
        name(path)
        for path in MODULES
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "getenv("))
        and path.name not in {"settings.py", "settings_django.py", "__main__.py"}
    ]
    assert not readers


def test_seeds_are_always_given() -> None:
    """A generator without a seed would make the same input give other bytes."""
    unseeded = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                bare = node.func.attr == "default_rng" and not node.args and not node.keywords
                if bare:
                    unseeded.append(f"{name(path)}:{node.lineno}")
    assert not unseeded


def test_every_package_says_what_it_is() -> None:
    silent = [
        name(path)
        for path in MODULES
        if path.name == "__init__.py"
        and "migrations" not in path.parts
        and not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_kernels_keep_exact_order() -> None:
    """No fastmath, no parallel: both change last digits between runs or machines."""
    loose = [
        name(path)
        for path in MODULES
        if any(w in path.read_text(encoding="utf-8") for w in ("fastmath=True", "parallel=True"))
    ]
    assert not loose


@pytest.mark.parametrize("folder", ["shared", "data"])
def test_real_data_are_never_copied_in(folder: str) -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert not [path for path in tracked if path.split("/")[0] == folder]


def test_characteristics_are_apart_from_everything_else() -> None:
    """One module knows the table; two use cases know that module: counts, and one's own copy."""
    table = {name(p) for p in MODULES if "Characteristic" in _imported(p)}
    assert table == {
        "src/tipstaff/records/characteristics.py",
        "src/tipstaff/records/models/__init__.py",
    }
    readers = {name(p) for p in MODULES if "characteristics" in _imported_from_records(p)}
    assert readers <= {
        "src/tipstaff/services/equality.py",
        "src/tipstaff/services/wearer_export.py",
    }


def _imported(path: Path) -> set[str]:
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes for alias in node.names}


def _imported_from_records(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "") == "tipstaff.records":
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module == "tipstaff.records.characteristics":
            found.add("characteristics")
    return found
