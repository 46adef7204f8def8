"""Whoever can write to the database and has taken its guards away cannot alter the log unnoticed.

The chain of a real SQLite file is altered in every way there is, the guards gone; each is found,
with the heads as they were written. An attack is rolled back, and the next one begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records.anchors import AnchorFault, anchor_faults, anchor_line
from tipstaff.records.chain import GENESIS, ChainFault, Entry, Head, entry_hash, faults

LOOKS = 6
#: What may be written into a column: things of its kind, and things of none.
GARBAGE = ["", "x", "0", "-1", "7", b"\x00\xff", None]
TEXT = [*GARBAGE, "audit", "served"]
JSON = ["[]", "{}", "null", "7", '"x"', '["a"]', '{"a": 1}', "{", "", '{"limit": 50.0}', None]
COLUMNS: dict[str, list[Any]] = {
    "id": [uuid4().hex, "x", b"\x01"],
    "at": ["2026-01-01 00:00:00", "2026-01-01 00:00:00.000001", "x", "", "9999-12-31 23:59:59"],
    "request_ref": [uuid4().hex, "x", ""],
    "actor_ref": [uuid4().hex, "x", None],
    **dict.fromkeys(("role", "operation", "phase", "use_case", "purpose", "authority"), TEXT),
    "ciphertext": [*TEXT, "s1.AAAA"],
    "subject_refs": JSON,
    "extent": JSON,
    "rows": [0, 1, 7, 10**12, "x", 1.5, None],
    "sequence": [0, -1, 10**6, "x", 2.5, None],
    "previous_hash": ["0" * 64, "f" * 64, "", "x", None],
    "hash": ["0" * 64, "f" * 64, "", "x", None],
}

MAY_BE_NULL = {"actor_ref", "rows", "sequence", "previous_hash", "hash"}


@pytest.fixture
def chain(sqlite_instance: Any) -> str:
    """An instance with a chain of looks, refusals and changes; the text of its heads."""
    from tipstaff.services.access import RefusedError, admit
    from tipstaff.services.recording import reading

    subject = UUID(int=7)
    for number in range(LOOKS):
        access = admit(
            actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority=f"case {number}",
            operation=Operation.CONSULTATION, use_case="show_case",
        )  # fmt: skip
        with reading(access, extent={"limit": number}, subjects=frozenset({subject})):
            pass
    with pytest.raises(RefusedError):
        admit(
            actor="nobody", purpose=Purpose.AUDIT, authority="",
            operation=Operation.CONSULTATION, use_case="show_case",
        )  # fmt: skip
    return (sqlite_instance.data / "audit-heads.jsonl").read_text()


LENGTH = 2 * LOOKS + 2  # with what init wrote, and the refusal
PLACES = st.integers(1, LENGTH)
ONE_INSTANCE = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def found(heads: str) -> list[ChainFault | AnchorFault]:
    from tipstaff.records import audit
    from tipstaff.records.anchors import read_anchors

    anchors = read_anchors(heads)
    return [
        *faults(audit.sealed(), anchors.heads),
        *anchor_faults(anchors, audit.last_sequence()),
    ]


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def column(name: str, place: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM records_auditentry WHERE sequence = %s", [place])
        return cursor.fetchone()[0]


def entries() -> list[Entry]:
    from tipstaff.records import audit

    return [entry for entry in audit.sealed() if isinstance(entry, Entry)]


@contextmanager
def unguarded() -> Iterator[None]:
    """The guards are gone; what is done is undone at the end."""
    sql("PRAGMA ignore_check_constraints = ON")
    try:
        with transaction.atomic():
            for name in ("audit_kept", "audit_unchanged", "audit_ciphertext_unchanged"):
                sql(f"DROP TRIGGER {name}")
            yield
            transaction.set_rollback(True)
    finally:
        sql("PRAGMA ignore_check_constraints = OFF")


def write_chain(wanted: list[Entry]) -> Head:
    """Put this chain in place of what is there, every hash reckoned; its end."""
    from tipstaff.records.audit import append

    sql("DELETE FROM records_auditentry")
    previous = GENESIS
    for number, entry in enumerate(wanted, 1):
        append(entry)
        digest = entry_hash(entry, number, previous)
        sql(
            "UPDATE records_auditentry SET sequence = %s, previous_hash = %s, hash = %s "
            "WHERE id = %s",
            number, previous, digest, entry.entry_id.hex,
        )  # fmt: skip
        previous = digest
    return Head(len(wanted), previous)


def forged() -> Entry:
    return Entry(
        uuid4(), datetime(2026, 1, 1, tzinfo=UTC), uuid4(), uuid4(), "local", "consultation",
        "served", "test", "audit", "", rows=1,
    )  # fmt: skip


def test_an_untouched_chain_is_silent(chain: str) -> None:
    assert len(entries()) == LENGTH
    assert found(chain) == []
    with unguarded():
        write_chain(entries())
        assert found(chain) == []


def same(one: Any, other: Any) -> bool:
    """Whether two values of a column say the same: `7` is 7 once SQLite has stored it."""
    if str(one) == str(other):
        return True
    try:
        return bool(json.dumps(json.loads(one)) == json.dumps(json.loads(other)))
    except (TypeError, ValueError):
        return False


def test_any_change_of_any_column_is_found(chain: str) -> None:
    missed = []
    for place, name in product((1, 2, LENGTH), COLUMNS):
        before = column(name, place)
        for value in COLUMNS[name]:
            if same(before, value) or (value is None and name not in MAY_BE_NULL):
                continue
            with unguarded():
                sql(f"UPDATE records_auditentry SET {name} = %s WHERE sequence = %s", value, place)
                if not found(chain):
                    missed.append((place, name, value))
    assert missed == []


@given(place=PLACES, name=st.sampled_from(sorted(COLUMNS)), text=st.text(max_size=8))
@ONE_INSTANCE
def test_any_text_in_any_column_is_found(chain: str, place: int, name: str, text: str) -> None:
    value = json.dumps(text) if name in {"subject_refs", "extent"} else text.replace("\0", "x")
    assume(not same(column(name, place), value))
    with unguarded():
        sql(f"UPDATE records_auditentry SET {name} = %s WHERE sequence = %s", value, place)
        assert found(chain)


@given(places=st.sets(PLACES, min_size=1, max_size=LENGTH))
@ONE_INSTANCE
def test_any_removal_is_found_the_end_and_all_of_it_too(chain: str, places: set[int]) -> None:
    with unguarded():
        for place in places:
            sql("DELETE FROM records_auditentry WHERE sequence = %s", place)
        assert found(chain)


@given(place=PLACES, other=PLACES)
@ONE_INSTANCE
def test_any_exchange_is_found(chain: str, place: int, other: int) -> None:
    assume(place != other)
    swap = "UPDATE records_auditentry SET sequence = %s WHERE sequence = %s"
    with unguarded():
        for new, old in ((-1, place), (place, other), (other, -1)):
            sql(swap, new, old)
        assert found(chain)


@given(place=st.integers(1, LENGTH + 1), linked=st.booleans())
@ONE_INSTANCE
def test_an_insertion_is_found_well_forged_or_not(chain: str, place: int, linked: bool) -> None:
    with unguarded():
        listed = entries()
        if linked:  # and every hash from there on reckoned anew
            write_chain([*listed[: place - 1], forged(), *listed[place - 1 :]])
        else:
            sql(
                "UPDATE records_auditentry SET sequence = -sequence - 1 WHERE sequence >= %s", place
            )
            sql("UPDATE records_auditentry SET sequence = -sequence WHERE sequence < 0")
            entry = forged()
            before = listed[place - 2].hash if place > 1 else GENESIS
            from tipstaff.records.audit import append

            append(entry)
            sql(
                "UPDATE records_auditentry SET sequence = %s, previous_hash = %s, hash = %s "
                "WHERE sequence IS NULL",
                place, before, entry_hash(entry, place, before or ""),
            )  # fmt: skip
        assert found(chain)


@given(place=PLACES, cut=st.booleans())
@ONE_INSTANCE
def test_a_chain_written_anew_is_found(chain: str, place: int, cut: bool) -> None:
    with unguarded():
        listed = entries()
        listed[place - 1] = replace(listed[place - 1], purpose="demonstration")
        write_chain(listed[:place] if cut else listed)
        assert found(chain)


@given(place=st.integers(1, LENGTH - 1), more=st.integers(1, LENGTH))
@ONE_INSTANCE
def test_a_chain_that_was_cut_and_went_on_is_found(chain: str, place: int, more: int) -> None:
    """The sealer itself anchors what follows the cut: the heads of before must still count."""
    with unguarded():
        listed = entries()
        end = write_chain([*listed[:place], *(forged() for _ in range(more))])
        assert found(chain + anchor_line(end, place))
