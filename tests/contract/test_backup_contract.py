"""Backups on both databases; and records and archive that fit, whatever is imported meanwhile."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from backups import fixes_of
from instance_fixtures import TestInstance, _connect_django
from made_mails import CRIMES, RULES, mail
from postgres_server import installation

from tipstaff.backups.keys import make_key
from tipstaff.domain.purposes import Purpose
from tipstaff.positions.checkpoint_tables import Latest, LifeRow
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.positions.mappings import mapping_digest, shipped_mapping

WHO: dict[str, Any] = {
    "actor": "tester",
    "purpose": Purpose.SYSTEM_ADMINISTRATION,
    "authority": "",
}
TABLES = ("device", "positionsource", "positionintent", "supplier", "user")


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests start stand first on the path."""
    install = installation()
    if install is not None:
        monkeypatch.setenv("PATH", f"{install / 'bin'}{os.pathsep}{os.environ['PATH']}")


def take_in(folder: Path, name: str) -> int:
    """Import positions of a device of that name; how many rows were new."""
    from tipstaff.services.positions import import_positions

    mapping = shipped_mapping("tipstaff")
    path = folder / f"{name}.csv"
    rows = "".join(f"{name},2026-01-2{n}T00:00:00Z,54.0,-1.{n}\n" for n in range(9))
    path.write_text(f"device_id,fix_time,latitude,longitude\n{rows}")
    return import_positions(
        **WHO, path=path, mapping=mapping, reading=mapping_digest(mapping)
    ).new_rows


def backed_up(folder: Path) -> Path:
    from tipstaff.services.backup import back_up

    public = make_key(folder / "key", "", datetime.now(UTC))
    back_up(**WHO, out=folder / "out", recipients=[public])
    return folder / "out"


def restored(folder: Path) -> Path:
    from tipstaff.services.restore import restore

    restore(
        file=folder / "out", into=folder / "new", key=folder / "key",
        erasures=folder / "var" / "erasures.jsonl",
    )  # fmt: skip
    return folder / "new"


def use(data: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPSTAFF_DATA", str(data))
    monkeypatch.setenv("TIPSTAFF_DATABASE", database)
    _connect_django()


def held() -> dict[str, list[tuple[str, ...]]]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f'SELECT * FROM "records_{table}" ORDER BY 1')
            found[table] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return found


def devices() -> set[str]:
    from tipstaff.records.models import Device

    return set(Device.objects.values_list("device_id", flat=True))


def test_a_copy_on_either_database(
    instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.checkpoints import open_checkpoints
    from tipstaff.services.soundness import check_instance

    take_in(tmp_path, "D1")
    with open_checkpoints() as checkpoints:
        checkpoints.commit("i", Cursor(1, 1), [LifeRow("a", str(uuid4()), 1, b"x")], [])
    before, database = held(), instance.database
    backed_up(tmp_path)
    if instance.vendor == "postgresql":
        database = _refused_then_a_new_database(tmp_path, database)
        monkeypatch.setenv("TIPSTAFF_DATABASE", database)
    copy = restored(tmp_path)
    use(copy, database, monkeypatch)
    assert held() == before
    assert fixes_of(copy).equals(fixes_of(instance.data))
    assert check_instance().audit.faults == ()
    with open_checkpoints() as checkpoints:  # which are made again from what there is
        assert checkpoints.latest() == Latest()


def _refused_then_a_new_database(folder: Path, database: str) -> str:
    """A database that holds something is refused; the URL of an empty one."""
    from tipstaff.records.postgres_copy import PostgresCopyError

    with pytest.raises(PostgresCopyError, match="not empty"):
        restored(folder)
    assert not list(folder.glob("*new*"))
    name = f"r{uuid4().hex}"
    with psycopg.connect(database, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        return database.replace(server.info.dbname, name)


def test_without_pg_dump_it_says_what_to_install(
    instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.records.postgres_copy import PostgresCopyError

    if instance.vendor == "sqlite":
        pytest.skip("SQLite needs no program")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(PostgresCopyError, match="postgresql-client"):
        backed_up(tmp_path)
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("moment", ["before the records", "after the records", "both"])
def test_an_import_during_the_backup_is_in_both_or_in_neither(
    sqlite_instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from tipstaff.services import backup

    take_in(tmp_path, "old")
    plain = backup.snapshot.copy_sqlite

    def copied(source: Path, target: Path) -> Any:
        if moment in {"before the records", "both"}:
            take_in(tmp_path, "earlier")
        found = plain(source, target)
        if moment in {"after the records", "both"}:
            take_in(tmp_path, "later")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(backup.snapshot, "copy_sqlite", copied)
        backed_up(tmp_path)
    copy = restored(tmp_path)
    use(copy, "sqlite", monkeypatch)
    expected = {"old"} if moment == "after the records" else {"old", "earlier"}
    assert devices() == expected
    assert fixes_of(copy).num_rows == 9 * len(expected)
    for name in ("earlier", "later"):  # what was left out can be imported; the rest adds nothing
        assert take_in(tmp_path, name) == (0 if name in expected else 9)
    assert devices() == {"old", "earlier", "later"}


def test_an_import_that_died_before_its_record_is_caught_up_in_the_copy(
    sqlite_instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import positions

    def died(*_given: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(positions._Intake, "finish", died)
        with pytest.raises(KeyboardInterrupt):
            take_in(tmp_path, "D1")
    backed_up(tmp_path)
    copy = restored(tmp_path)
    use(copy, "sqlite", monkeypatch)
    assert take_in(tmp_path, "D2") == 9
    assert fixes_of(copy).num_rows == 18
    assert len(held()["positionsource"]) == 2
    assert held()["positionintent"] == []


def test_mails_with_crime_files_come_back_as_they_were(
    instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff import settings
    from tipstaff.services.mail_ledger import REFUSED_FOR, MailLedger

    ledger, database = MailLedger(settings.load().crime_mail_folder), instance.database
    taken_mail(ledger)
    assert taken_mail(ledger, CRIMES.replace(b"Durham", b"Kent")) == "OTHER_FORCE"
    sent, waiting = ledger.waiting()
    ledger.sent(sent)
    old = datetime.now(UTC) - REFUSED_FOR
    (refused,) = (ledger.folder / "refused").iterdir()
    os.utime(refused, (old.timestamp(), old.timestamp()))
    backed_up(tmp_path)
    if instance.vendor == "postgresql":
        database = _refused_then_a_new_database(tmp_path, database)
        monkeypatch.setenv("TIPSTAFF_DATABASE", database)
    use(restored(tmp_path), database, monkeypatch)
    copy = MailLedger(settings.load().crime_mail_folder)
    assert copy.folder != ledger.folder
    assert files_of(copy.folder) == files_of(ledger.folder)
    assert len(files_of(copy.folder)) == 5
    assert taken_mail(copy) == "KNOWN"
    assert [path.name for path in copy.waiting()] == [waiting.name]
    assert copy.forget_refused(datetime.now(UTC)) == 1


def test_an_answer_that_goes_out_during_the_backup_is_not_sent_again(
    sqlite_instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff import settings
    from tipstaff.services import mail_ledger

    ledger = mail_ledger.MailLedger(settings.load().crime_mail_folder)
    taken_mail(ledger)
    plain = shutil.copy2

    def copied(source: Path, target: Path) -> Any:
        if moment == "before" and source.parent.name == "answers":
            ledger.sent(source)
        found = plain(source, target)
        if moment == "after" and source.parent.name == "answers":
            ledger.sent(source)
        return found

    monkeypatch.setattr(mail_ledger.shutil, "copy2", copied)
    for moment in ("before", "after"):
        names = ledger.copy_into(tmp_path / moment)
        assert [name.partition("/")[0] for name in names] == ["mails", "sent"]
        for path in (ledger.folder / "sent").iterdir():
            path.rename(ledger.folder / "answers" / path.name)


def test_a_mail_that_comes_during_the_backup_is_not_lost_in_the_copy(
    sqlite_instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff import settings
    from tipstaff.records.models.crimes import CrimeVersion
    from tipstaff.services import backup
    from tipstaff.services.mail_ledger import MailLedger

    ledger, plain = MailLedger(settings.load().crime_mail_folder), backup.snapshot.copy_sqlite

    def copied(source: Path, target: Path) -> Any:
        found = plain(source, target)
        taken_mail(ledger)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(backup.snapshot, "copy_sqlite", copied)
        backed_up(tmp_path)
    use(restored(tmp_path), "sqlite", monkeypatch)
    assert CrimeVersion.objects.count() == 0
    assert taken_mail(MailLedger(settings.load().crime_mail_folder)) == "TAKEN"
    assert CrimeVersion.objects.count() == 1


def taken_mail(ledger: Any, crimes: bytes = CRIMES) -> str:
    from tipstaff.services.crime_mails import take_in_mail

    who = WHO | {"purpose": Purpose.CRIME_MATCHING}
    return str(take_in_mail(**who, raw=mail(crimes), rules=RULES, ledger=ledger).outcome)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.*")}
