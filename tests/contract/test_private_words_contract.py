"""What the audit says of a person in words, on both databases: read, and closed by an erasure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tipstaff.domain.purposes import Operation, Purpose

AUTHORITY = "request of J Doe"


def look(*subjects: UUID, authority: str = AUTHORITY, **extent: Any) -> UUID:
    """A look at those subjects; its request."""
    from tipstaff.services.access import admit
    from tipstaff.services.recording import reading

    access = admit(
        actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority=authority,
        operation=Operation.CONSULTATION, use_case="test",
    )  # fmt: skip
    with reading(access, extent=extent, subjects=frozenset(subjects)):
        pass
    return access.request_ref


def told(request: UUID) -> list[tuple[str, str, dict[str, Any]]]:
    """(what became of the words, authority, extent) of each entry of a look."""
    from tipstaff.records import audit
    from tipstaff.services.private_words import told

    found = told(audit.of_request(request))
    return [(str(t.words), t.entry.authority, dict(t.entry.extent)) for t in found]


def stored() -> str:
    """All that stands in the table of entries, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_auditentry")
        return str(cursor.fetchall())


def destroy(*subjects: UUID) -> int:
    from tipstaff.records import subject_keys

    with transaction.atomic():
        return subject_keys.destroy(subjects)


def test_words_are_read_while_every_subjects_key_stands(instance: Any) -> None:
    from tipstaff.services.audit import verify_audit

    one, other = uuid4(), uuid4()
    place = {"lat_e7": 531234567, "of": "wearer"}
    alone, both = look(one, **place), look(one, other, **place)
    assert told(alone) == told(both) == [("read", AUTHORITY, place)] * 2
    assert AUTHORITY not in stored()
    assert "531234567" not in stored()
    assert destroy(other) == 1
    assert told(alone) == [("read", AUTHORITY, place)] * 2
    assert told(both) == [("erased", "", {"of": "wearer"})] * 2
    assert destroy(one, other) == 1
    assert told(alone) == [("erased", "", {"of": "wearer"})] * 2
    assert verify_audit().faults == ()


@pytest.mark.parametrize(("subjects", "key_file", "words"), [
    (0, "kept", "read"), (0, "another", "unreadable"), (20, "another", "read"),
    (21, "kept", "read"), (21, "another", "unreadable"),
])  # fmt: skip
def test_nobodys_and_many_peoples_words_are_under_the_instances_key(
    sqlite_instance: Any, subjects: int, key_file: str, words: str
) -> None:
    made = look(*(uuid4() for _ in range(subjects)))
    if key_file == "another":
        (sqlite_instance.data / "audit.key").write_text("another")
    assert [row[0] for row in told(made)] == [words] * 2


def test_a_look_without_private_words_makes_no_key(instance: Any) -> None:
    from tipstaff.records.models import SubjectKey

    made = look(uuid4(), authority="", of="wearer")
    assert told(made) == [("none", "", {"of": "wearer"})] * 2
    assert not SubjectKey.objects.exists()


def test_a_destroyed_key_is_never_made_again(instance: Any) -> None:
    from tipstaff.records import subject_keys
    from tipstaff.records.models import SubjectKey

    known, unknown = uuid4(), uuid4()
    look(known)
    destroy(known, unknown)
    after = look(known, unknown)
    assert subject_keys.held([known, unknown]) == {known: None, unknown: None}
    assert told(after)[0] == ("read", AUTHORITY, {})
    look(other := uuid4())
    refused = (
        lambda: SubjectKey.objects.filter(subject_ref=known).update(key=b"x" * 32),
        lambda: SubjectKey.objects.filter(subject_ref=other).update(key=b"x" * 32),
        lambda: SubjectKey.objects.filter(subject_ref=known).delete(),
    )
    for statement in refused:
        with pytest.raises(DatabaseError, match="only ever destroyed"), transaction.atomic():
            statement()


def test_entries_in_clear_from_before_stay_valid_and_readable(instance: Any) -> None:
    from tipstaff.records import audit
    from tipstaff.records.chain import Entry
    from tipstaff.services.audit import verify_audit
    from tipstaff.services.sealing import seal

    old = Entry(
        uuid4(), datetime.now(UTC), uuid4(), uuid4(), "local", "consultation", "served", "old",
        "audit", "in clear", extent={"lat_e7": 1},
    )  # fmt: skip
    with transaction.atomic():
        audit.append(old)
    seal()
    look(uuid4())
    assert told(old.request_ref) == [("none", "in clear", {"lat_e7": 1})]
    assert verify_audit().faults == ()


def test_a_ciphertext_is_never_changed(instance: Any) -> None:
    look(uuid4())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE records_auditentry SET ciphertext = 's1.AAAA'")


def test_without_the_instances_key_nothing_is_served(sqlite_instance: Any) -> None:
    from tipstaff.services.instance import NotReadyError, init_instance

    key = sqlite_instance.data / "audit.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    with pytest.raises((NotReadyError, FileNotFoundError)):
        look()
    init_instance(user="tester")
    assert told(look())[0][0] == "read"
