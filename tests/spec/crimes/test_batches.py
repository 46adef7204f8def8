"""What a batch does to a force's earlier crimes: new, changed, resent, unchanged, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tipstaff.domain.batches import (
    BatchId,
    BatchIdFault,
    BatchKind,
    ChangeKind,
    HeldCrime,
    apply_changes,
    parse_any_batch_id,
    parse_batch_id,
    plan_batch,
)
from tipstaff.domain.crimes import Crime

CRIME = Crime(
    force="Derbyshire",
    reference="",
    version=1,
    crime_type="RB",
    start=datetime(2026, 1, 30, 22, tzinfo=UTC),
    end=datetime(2026, 1, 30, 23, tzinfo=UTC),
    latitude=52.9,
    longitude=-1.5,
)

#: Files in order: (batch id, contents by reference, rejected references, unread rows) → changes.
File = tuple[str, dict[str, str], set[str], int]
STORIES: list[tuple[str, list[File], dict[str, tuple[str, int]]]] = [
    ("first", [("-", {"a": "x"}, set(), 0)], {"a": ("new", 1)}),
    (
        "the same file again changes nothing",
        [("-", {"a": "x"}, set(), 0), ("-", {"a": "x"}, set(), 0)],
        {"a": ("unchanged", 1)},
    ),
    (
        "other content: a version more; what is absent stays",
        [("-", {"a": "x", "b": "x"}, set(), 0), ("-", {"a": "y"}, set(), 0)],
        {"a": ("changed", 2)},
    ),
    (
        "replacement withdraws what it leaves out",
        [("-", {"a": "x", "b": "x", "c": "x"}, set(), 0), ("-R", {"a": "x", "c": "y"}, set(), 0)],
        {"a": ("unchanged", 1), "b": ("withdrawn", 1), "c": ("changed", 2)},
    ),
    (
        "replacement touches its own series only",
        [("-", {"a": "x"}, set(), 0), ("-1", {"b": "x"}, set(), 0), ("-R", {"c": "x"}, set(), 0)],
        {"a": ("withdrawn", 1), "c": ("new", 1)},
    ),
    (
        "replacement of what was added",
        [("-", {"a": "x"}, set(), 0), ("-A", {"b": "x"}, set(), 0), ("-R", {"a": "x"}, set(), 0)],
        {"a": ("unchanged", 1), "b": ("withdrawn", 1)},
    ),
    (
        "replacement of nothing is a first batch",
        [("-R", {"a": "x"}, set(), 0)],
        {"a": ("new", 1)},
    ),
    (
        "addition withdraws nothing",
        [("-", {"a": "x", "b": "x"}, set(), 0), ("-A", {"b": "y", "c": "x"}, set(), 0)],
        {"b": ("changed", 2), "c": ("new", 1)},
    ),
    (
        "resent in another series: it moves there",
        [
            ("-", {"a": "x"}, set(), 0),
            ("-1", {"a": "x"}, set(), 0),
            ("-R", {}, set(), 0),
        ],
        {},
    ),
    (
        "resent is a version more",
        [("-", {"a": "x"}, set(), 0), ("-1", {"a": "x"}, set(), 0)],
        {"a": ("resent", 2)},
    ),
    (
        "withdrawn, then sent again",
        [("-", {"a": "x"}, set(), 0), ("-R", {}, set(), 0), ("-A", {"a": "x"}, set(), 0)],
        {"a": ("changed", 2)},
    ),
    (
        "withdrawn once",
        [("-", {"a": "x"}, set(), 0), ("-R", {}, set(), 0), ("-R", {}, set(), 0)],
        {},
    ),
    (
        "a row with errors withdraws nothing",
        [("-", {"a": "x", "b": "x"}, set(), 0), ("-R", {}, {"a"}, 0)],
        {"a": ("in doubt", 1), "b": ("withdrawn", 1)},
    ),
    (
        "a row that cannot be told apart withdraws nothing",
        [("-", {"a": "x"}, set(), 0), ("-R", {}, set(), 1)],
        {"a": ("in doubt", 1)},
    ),
    (
        "an original after its replacement changes and revives nothing",
        [
            ("-R", {"a": "new", "d": "x"}, set(), 0),
            ("-", {"a": "old", "b": "x", "d": "x"}, set(), 0),
        ],
        {"a": ("superseded", 1), "b": ("superseded", 0), "d": ("unchanged", 1)},
    ),
    (
        "an original after its replacement revives nothing withdrawn",
        [
            ("-A", {"a": "x"}, set(), 0),
            ("-R", {"b": "x"}, set(), 0),
            ("-", {"a": "x", "b": "x"}, set(), 0),
        ],
        {"a": ("superseded", 1), "b": ("unchanged", 1)},
    ),
    (
        "an original after an addition leaves what that one says",
        [("-A", {"a": "new"}, set(), 0), ("-", {"a": "old", "b": "x"}, set(), 0)],
        {"a": ("superseded", 1), "b": ("new", 1)},
    ),
    (
        "an original after its replacement takes nothing from another series",
        [
            ("-1", {"a": "x"}, set(), 0),
            ("-R", {"b": "x"}, set(), 0),
            ("-", {"a": "x"}, set(), 0),
        ],
        {"a": ("superseded", 1)},
    ),
    (
        "an original of another series is not late",
        [("-R", {"a": "x"}, set(), 0), ("-1", {"a": "y"}, set(), 0)],
        {"a": ("changed", 2)},
    ),
]


@pytest.mark.parametrize(("files", "wanted"), [s[1:] for s in STORIES], ids=[s[0] for s in STORIES])
def test_story(files: list[File], wanted: dict[str, tuple[str, int]]) -> None:
    held: Mapping[str, HeldCrime] = {}
    last: dict[str, tuple[str, int]] = {}
    replaced: set[str] = set()
    for tail, contents, rejected, unread in files:
        batch = parse_batch_id("DBY20260131" + tail.removesuffix("-"), "DBY")
        assert isinstance(batch, BatchId)
        crimes = [
            replace(CRIME, reference=name, text=text, batch=str(batch))
            for name, text in contents.items()
        ]
        known = {
            "rejected": frozenset(rejected),
            "unread_rows": unread,
            "replaced": batch.kind is BatchKind.FIRST and batch.series in replaced,
        }
        changes = plan_batch(batch, crimes, held, **known)
        assert changes == plan_batch(batch, crimes[::-1], held, **known)
        if batch.kind is BatchKind.REPLACEMENT:
            replaced.add(batch.series)
        last = {c.crime.reference: (str(c.kind), c.crime.version) for c in changes}
        held = apply_changes(held, batch, changes)
    assert last == wanted


@pytest.mark.parametrize(
    ("text", "series", "kind"),
    [
        ("DBY20260131", "DBY20260131", BatchKind.FIRST),
        ("DBY20260131-3", "DBY20260131-3", BatchKind.FIRST),
        ("DBY20260131-3-a", "DBY20260131-3", BatchKind.ADDITION),
        ("DBY20260131-R", "DBY20260131", BatchKind.REPLACEMENT),
    ],
)
def test_a_series_is_code_date_and_number(text: str, series: str, kind: BatchKind) -> None:
    got = parse_batch_id(text, "DBY")
    assert isinstance(got, BatchId)
    assert (got.series, got.kind, got.day) == (series, kind, date(2026, 1, 31))
    assert str(got) == text.upper()
    assert parse_any_batch_id(text) == got


def test_a_date_before_the_year_1000_keeps_its_noughts() -> None:
    assert str(parse_batch_id("DBY09990101", "DBY")) == "DBY09990101"


@pytest.mark.parametrize("text", ["20260131", "-", "DBY", "DBY-20260131", "D1BY20260131"])
def test_an_id_of_an_unknown_code_still_has_its_shape(text: str) -> None:
    assert parse_any_batch_id(text) is BatchIdFault.FORMAT


def test_change_kinds_are_all_told_of() -> None:
    told = {kind for _name, _files, wanted in STORIES for kind, _version in wanted.values()}
    assert told == {str(kind) for kind in ChangeKind}
