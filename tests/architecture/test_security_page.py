"""The page of duties names modules and tests that exist, and every duty has a test."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NOT_YET = "Not upheld yet"
NAMED = re.compile(r"`([^`]+)`")


def sections() -> dict[str, list[list[str]]]:
    """The rows of each section's table, as cells; the heads of tables left out."""
    found: dict[str, list[list[str]]] = {}
    for part in PAGE.split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")][2:]
        found[title] = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return found


SECTIONS = sections()
DUTIES = {title: rows for title, rows in SECTIONS.items() if title != NOT_YET}
ROWS = [row for rows in DUTIES.values() for row in rows]


@cache
def functions_of(path: str) -> set[str]:
    """The names of all functions of a test file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_page_is_read() -> None:
    assert len(DUTIES) >= 15
    assert len(ROWS) >= 60
    assert {len(row) for row in ROWS} == {3}


@pytest.mark.parametrize("title", DUTIES)
def test_every_duty_has_a_test(title: str) -> None:
    assert [name for row in DUTIES[title] for name in NAMED.findall(row[2])]


def test_every_module_exists() -> None:
    named = {name for row in ROWS for name in NAMED.findall(row[1])}
    named |= {name for row in SECTIONS[NOT_YET] for name in NAMED.findall(row[1])}
    assert [name for name in sorted(named) if not (ROOT / "src/tipstaff" / name).is_file()] == []


def test_every_line_has_a_module_and_a_test_that_exists() -> None:
    wrong = []
    for said, modules, tests in ROWS:
        for name in NAMED.findall(tests):
            path, _, function = name.partition("::")
            there = (ROOT / path).is_file() and path.startswith("tests/")
            if not there or (function and function not in functions_of(path)):
                wrong.append(name)
        if not NAMED.findall(modules) or not NAMED.findall(tests):
            wrong.append(said)
    assert wrong == []


def test_no_module_is_named_twice_as_not_yet() -> None:
    modules = [name for row in SECTIONS[NOT_YET] for name in NAMED.findall(row[1])]
    assert len(modules) == len(SECTIONS[NOT_YET]) >= 5
    assert len(set(modules)) == len(modules)
