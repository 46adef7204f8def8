"""Several crime files in one call: their order is that of their batches, and clashes are told."""

from __future__ import annotations

from itertools import permutations

import pytest

from tipstaff.domain.batch_order import (
    Clash,
    clashes,
    replaced_and_added_to,
    standing,
    taking_order,
)
from tipstaff.formats.crimes import CrimeFile, Mode, read_crimes


def sent(batch: str, **crimes: str) -> CrimeFile:
    """A file of Derbyshire; each crime by its reference and its text, "!" for a bad row."""
    rows = [
        f"Derbyshire,{'XX' if text == '!' else 'RB'},,{batch},{name},20260601220000,20260601230000,"
        f"435200,336100,,,OSGB36,{text}\r\n"
        for name, text in crimes.items()
    ]
    return read_crimes("".join(rows).encode(), mode=Mode.LENIENT)


def stands(*files: CrimeFile) -> dict[str, tuple[str, int]]:
    return {crime.reference: (crime.text, crime.version) for crime in standing(files)}


#: Files → what stands after them (text and version), in whatever order they are given.
CASES = {
    "a replacement comes after its original": (
        [sent("DBY20260601", a="old", b="x"), sent("DBY20260601-R", a="new")],
        {"a": ("new", 2)},
    ),
    "a later day corrects an earlier one": (
        [sent("DBY20260602", a="new"), sent("DBY20260601", a="old")],
        {"a": ("new", 2)},
    ),
    "numbers count, and none comes before any": (
        [sent("DBY20260601-2", a="3"), sent("DBY20260601", a="1"), sent("DBY20260601-1", a="2")],
        {"a": ("3", 3)},
    ),
    "an addition comes after the replacement": (
        [sent("DBY20260601-A", c="x"), sent("DBY20260601-R", a="x"), sent("DBY20260601", b="x")],
        {"a": ("x", 1), "c": ("x", 1)},
    ),
    "a replacement without a good row withdraws nothing": (
        [sent("DBY20260601", a="x"), sent("DBY20260601-R", b="!")],
        {"a": ("x", 1)},
    ),
    "files without a batch id that agree": (
        [sent("", a="x"), sent("", a="x", b="x"), sent("DBY20260601", b="x")],
        {"a": ("x", 1), "b": ("x", 1)},
    ),
    "one batch in two files": (
        [sent("DBY20260601", a="x"), sent("DBY20260601", b="x")],
        {"a": ("x", 1), "b": ("x", 1)},
    ),
}


@pytest.mark.parametrize(("files", "wanted"), CASES.values(), ids=CASES)
def test_the_order_given_does_not_count(
    files: list[CrimeFile], wanted: dict[str, tuple[str, int]]
) -> None:
    for given in permutations(files):
        assert clashes(given) == ()
        assert stands(*given) == wanted


CLASHING = {
    "one batch id, two contents": (
        [sent("DBY20260601", a="x"), sent("DBY20260601", a="y")], ("a",)
    ),
    "no batch id, two contents": ([sent("", a="x"), sent("", a="y")], ("a",)),
    "without a batch id against one that has it": (
        [sent("", a="x"), sent("DBY20260601", a="y", b="x")], ("a",)
    ),
    "two replacements of one batch": (
        [sent("DBY20260601-R", a="x", b="x"), sent("DBY20260601-R", a="x")], ("b",)
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "references"), CLASHING.values(), ids=CLASHING)
def test_what_no_order_decides_is_told(files: list[CrimeFile], references: tuple[str, ...]) -> None:
    assert clashes(files) == (Clash(0, 1, references),)
    assert clashes(files[::-1]) == (Clash(0, 1, references),)


def test_a_file_without_a_batch_id_revives_nothing() -> None:
    files = [sent("", a="x"), sent("DBY20260601", a="x", b="x"), sent("DBY20260601-R", b="x")]
    assert clashes(files) == (Clash(0, 1, ("a",)),)


def test_bad_rows_of_a_replacement_are_no_contradiction() -> None:
    files = [sent("DBY20260601-R", a="x", b="x"), sent("DBY20260601-R", a="x", b="!")]
    assert clashes(files) == ()


def test_a_replacement_with_an_addition_is_told_where_their_order_matters() -> None:
    replacement = sent("DBY20260601-R", a="x")
    assert replaced_and_added_to([sent("DBY20260601-A", c="x"), replacement]) == ("DBY20260601",)
    assert replaced_and_added_to([sent("DBY20260601-A", a="x"), replacement]) == ()


def test_files_that_failed_come_last() -> None:
    files = [read_crimes(b""), sent("", a="x"), sent("DBY20260601-R", a="x"), sent("DBY20260601")]
    assert taking_order(files)[:2] == [2, 1]
