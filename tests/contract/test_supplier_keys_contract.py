"""Suppliers' keys on both databases: issued, rotated, revoked, asked for at the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.rate_limits import Rate
from tipstaff.domain.supplier_details import SupplierDetails
from tipstaff.domain.supplier_keys import KEYS, KeyCode, KeyScope, read_network

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
}  # fmt: skip
WRITE = KeyScope.WRITE_POSITIONS


def supplier(**other: Any) -> None:
    from tipstaff.services.device_inventory import describe_supplier

    assert describe_supplier(**WHO, supplier=SupplierDetails("acme", **other)) == ()


def issue(**other: Any) -> Any:
    from tipstaff.services.supplier_keys import WantedKey, issue_key

    wanted = {"supplier": "acme", "label": "feed", "scopes": frozenset({WRITE})}
    return issue_key(**WHO, wanted=WantedKey(**(wanted | other)))


def later(**span: float) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


def ask(presented: str, *, desk: Any = None, scope: KeyScope = WRITE, source: str = "",
        now: datetime | None = None) -> Any:  # fmt: skip
    from tipstaff.services.key_desk import KeyDesk

    return (desk or KeyDesk()).authenticate_key(presented, scope, source, now or later())


def code(answer: Any) -> KeyCode | None:
    found: KeyCode | None = getattr(answer, "code", None)
    return found


def entries(use_case: str) -> list[Any]:
    from tipstaff.records.models import AuditEntry

    return list(AuditEntry.objects.filter(use_case=use_case).order_by("at"))


def test_a_key_is_shown_once_and_works(instance: Any) -> None:
    from tipstaff.services.supplier_keys import list_keys

    supplier()
    issued = issue()
    known = ask(issued.presented)
    assert (known.supplier, known.key_id) == ("acme", issued.key.key_id)
    (kept,) = list_keys(**WHO)
    assert kept.digest == ""
    assert kept.last_used_on == datetime.now(UTC).date()
    assert list_keys(**WHO, supplier="other") == ()
    (entry,) = entries("issue_key")
    assert entry.extent["key"] == issued.key.key_id


def test_the_secret_is_nowhere(instance: Any) -> None:
    supplier()
    issued = issue()
    ask(issued.presented)
    secret = issued.presented.rpartition(".")[2]
    assert secret not in repr(issued)
    assert secret not in repr(ask(issued.presented))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert secret not in str(cursor.fetchall())
    files = [path for path in Path(instance.data).rglob("*") if path.is_file()]
    assert all(secret.encode() not in path.read_bytes() for path in files)


def test_of_what_is_wrong_with_a_key_little_is_told(sqlite_instance: Any) -> None:
    supplier()
    issued = issue(networks=(read_network("10.0.0.0/8"),))
    made_up = KEYS.text(b"\x07" * 8, b"\x07" * 32)
    other_secret = issued.presented[:-4] + "AAAA"
    here = {"source": "10.0.0.1"}
    answers = {
        KeyCode.NOT_A_KEY: ask("hello", **here),
        KeyCode.UNKNOWN_KEY: ask(made_up, **here),
        KeyCode.SECRET_DIFFERS: ask(other_secret, **here),
        KeyCode.EXPIRED: ask(issued.presented, now=later(days=366), **here),
        KeyCode.OUTSIDE_NETWORKS: ask(issued.presented, source="11.0.0.1"),
        KeyCode.OUTSIDE_SCOPE: ask(issued.presented, scope=KeyScope.READ_DEVICES, **here),
    }
    assert {wanted: code(answer) for wanted, answer in answers.items()} == {c: c for c in answers}
    told = {wanted for wanted, answer in answers.items() if answer.told is not None}
    assert told == {KeyCode.OUTSIDE_SCOPE}


def test_an_unknown_id_is_as_much_work_as_a_wrong_secret(instance: Any) -> None:
    supplier()
    issued = issue()
    for text in (KEYS.text(b"\x07" * 8, b"\x07" * 32), issued.presented[:-4] + "AAAA", "hello"):
        with CaptureQueriesContext(connection) as asked:
            assert code(ask(text)) is not None
        assert len(asked) == 3


def test_a_rotated_key_works_on_for_some_days(instance: Any) -> None:
    from tipstaff.services.supplier_keys import rotate_key

    supplier()
    old = issue(rate=Rate(3, 9), networks=(read_network("10.0.0.0/8"),))
    new = rotate_key(**WHO, key_id=old.key.key_id, overlap_days=7)
    assert not hasattr(new, "code")
    assert (new.key.scopes, new.key.networks, new.key.rate) == (
        old.key.scopes, old.key.networks, old.key.rate,
    )  # fmt: skip
    here: dict[str, Any] = {"source": "10.0.0.1"}
    for days, works in ((6.9, True), (7.1, False)):
        assert (code(ask(old.presented, now=later(days=days), **here)) is None) is works
        assert code(ask(new.presented, now=later(days=days), **here)) is None
    (entry,) = entries("rotate_key")
    assert (entry.extent["old_key"], entry.extent["key"]) == (old.key.key_id, new.key.key_id)
    at_once = rotate_key(**WHO, key_id=new.key.key_id, overlap_days=0)
    assert code(ask(new.presented, **here)) is KeyCode.EXPIRED
    assert code(ask(at_once.presented, **here)) is None
    assert str(rotate_key(**WHO, key_id=new.key.key_id, overlap_days=1).code) == "KEY_OVER"
    assert str(rotate_key(**WHO, key_id="none", overlap_days=1).code) == "KEY_NOT_KNOWN"
    assert str(rotate_key(**WHO, key_id=at_once.key.key_id, overlap_days=31).code) == "OVERLAP"


def test_a_revoked_key_is_dead_at_once_and_for_good(instance: Any) -> None:
    from tipstaff.services.supplier_keys import revoke_key

    supplier()
    issued = issue()
    assert revoke_key(**WHO, key_id=issued.key.key_id) is None
    assert code(ask(issued.presented)) is KeyCode.REVOKED
    assert revoke_key(**WHO, key_id=issued.key.key_id) is None
    assert [entry.rows for entry in entries("revoke_key")] == [1, 0]
    assert str(revoke_key(**WHO, key_id="none").code) == "KEY_NOT_KNOWN"
    for change in (
        "revoked_at = NULL",
        "expires_at = '2100-01-01 00:00:00+00'",
        "digest = ''",
        "scopes = '[]'",
    ):
        with pytest.raises(DatabaseError, match="never lives again"), transaction.atomic():
            connection.cursor().execute(f"UPDATE records_supplierkey SET {change}")


def test_a_supplier_that_is_not_active_is_turned_away(sqlite_instance: Any) -> None:
    supplier(active_to=later(days=30))
    issued = issue()
    assert code(ask(issued.presented)) is None
    assert code(ask(issued.presented, now=later(days=31))) is KeyCode.SUPPLIER_NOT_ACTIVE
    supplier(active_from=later(days=1))
    assert code(ask(issued.presented)) is KeyCode.SUPPLIER_NOT_ACTIVE


def test_too_often_is_told_and_only_the_owner_uses_tokens_up(sqlite_instance: Any) -> None:
    from tipstaff.services.key_desk import KeyDesk

    supplier()
    issued, desk, now = issue(rate=Rate(2, 10_000_000)), KeyDesk(), later()
    wrong = issued.presented[:-4] + "AAAA"
    for _ in range(5):
        assert code(ask(wrong, desk=desk, now=now)) is KeyCode.SECRET_DIFFERS
    found = [ask(issued.presented, desk=desk, now=now) for _ in range(3)]
    assert [code(answer) for answer in found] == [None, None, KeyCode.TOO_OFTEN]
    assert (found[2].told, found[2].wait_s) == (KeyCode.TOO_OFTEN, 10)
    assert code(ask(issued.presented, desk=desk, now=now + timedelta(seconds=10))) is None


def test_refused_uses_are_a_line_a_minute_without_what_was_presented(instance: Any) -> None:
    from tipstaff.services.audit import verify_audit
    from tipstaff.services.key_desk import KeyDesk

    supplier()
    issued, desk = issue(), KeyDesk()
    minute = later().replace(second=0, microsecond=0) + timedelta(minutes=1)
    made_up = KEYS.text(b"\x07" * 8, b"\x07" * 32)
    for second in range(20):
        ask(made_up, desk=desk, now=minute + timedelta(seconds=second))
    ask(issued.presented, desk=desk, now=minute, scope=KeyScope.WRITE_EVENTS)
    assert entries("authenticate_key") == []
    desk.flush(minute + timedelta(seconds=59))
    assert entries("authenticate_key") == []
    desk.flush(minute + timedelta(seconds=60))
    ask("hello", desk=desk, now=minute + timedelta(seconds=61))
    desk.close()
    first, second_one = entries("authenticate_key")
    assert first.extent["refused"] == [
        {"key": "", "code": "UNKNOWN_KEY", "times": 20},
        {"key": issued.key.key_id, "code": "OUTSIDE_SCOPE", "times": 1},
    ]
    assert (first.rows, second_one.rows) == (21, 1)
    assert "0707" not in str(first.extent)
    assert verify_audit().faults == ()


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({"supplier": "nobody"}, "SUPPLIER_NOT_KNOWN"),
        ({"scopes": frozenset()}, "NO_SCOPE"),
        ({"label": " "}, "LABEL"),
        ({"label": "a\nb"}, "LABEL"),
        ({"life_days": 0}, "LIFE"),
        ({"life_days": 401}, "LIFE"),
    ],
)
def test_what_is_wrong_is_refused(
    sqlite_instance: Any, other: dict[str, Any], problem: str
) -> None:
    from tipstaff.services.supplier_keys import list_keys

    supplier()
    assert str(issue(**other).code) == problem
    assert list_keys(**WHO) == ()
    assert entries("issue_key")[0].extent["code"] == problem


def test_a_used_key_is_written_of_once_a_day(instance: Any) -> None:
    supplier()
    issued = issue()
    ask(issued.presented)
    with CaptureQueriesContext(connection) as asked:
        ask(issued.presented)
    assert not [one for one in asked if one["sql"].startswith("UPDATE")]
