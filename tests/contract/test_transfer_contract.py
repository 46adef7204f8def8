"""A case to another operator and back, on both databases: equal, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from drawn_cases import cases, notes, plan_values, some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_cases import order, utc, wearer
from made_plans import contact, plan, review, task
from made_trails import reports, wears

from tipstaff.backups.keys import make_key, recipients_of
from tipstaff.backups.sealed_file import write_sealed
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wearers import Name
from tipstaff.formats.transfer_files import MANIFEST, RECORD, TRANSFER, facts_of, read_tar, tar_of
from tipstaff.formats.whole_record_json import WHOLE_RECORD

WHO: dict[str, Any] = {"actor": "tester", "purpose": Purpose.TRANSFER, "authority": "order 12"}
Turn = Callable[[str], Any]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "key", "", datetime.now(UTC))
    return tmp_path / "key"


def told(*values: Any, at: datetime | None = None) -> None:
    from tipstaff.records import cases as recorded

    with transaction.atomic():
        for value in values:
            one = value if isinstance(value, recorded.Told) else recorded.Told(value)
            recorded.record([one], at=at or datetime.now(UTC), by=uuid4())


def a_case(folder: Path) -> None:
    """A wearer with something of every kind, several versions, two devices and a trail."""
    told(wearer(), order(), plan(), review(), task(), contact(), at=utc("2026-02-03"))
    told(wearer(names=(Name("Other", "Name"),)), order(ends_at=utc("2026-09-01")))
    wears(device="D1", end="2026-01-24")
    wears(device="D2", start="2026-01-24")
    reports(folder, "D1")
    reports(folder, "D2")


def files(reference: str = "W1") -> dict[str, bytes]:
    from tipstaff.services.transfer_out import case_files
    from tipstaff.services.whole_archive import whole_archive

    return case_files(whole_archive(), reference).files


def sent(folder: Path, key: Path, reference: str = "W1", **other: Any) -> tuple[Path, str]:
    from tipstaff.services.transfer_out import transfer_out

    out = folder / f"{uuid4().hex}.case"
    asked = {"wearer": reference, "sender": "Derbyshire", "receiver": "Durham", "out": out}
    done = transfer_out(**{**WHO, **asked, "recipients": [f"{key}.pub"], **other})
    return out, done.sealed.sha256


def received(file: Path, sha256: str, key: Path, **other: Any) -> Any:
    from tipstaff.services.transfer_in import transfer_in

    return transfer_in(**{**WHO, "file": file, "sha256": sha256, "key": key, **other})


def codes(done: Any) -> list[str]:
    assert all(problem.action for problem in done.problems)
    return [str(problem.code) for problem in done.problems]


def test_there_and_back_is_equal(turn_to: Turn, tmp_path: Path, key: Path) -> None:
    a_case(tmp_path)
    before = files()
    there = sent(tmp_path, key)
    turn_to("B")
    done = received(*there, key)
    assert (done.problems, done.versions, done.activations, done.fixes) == ((), 8, 2, 9)
    assert files() == before
    back = sent(tmp_path, key)
    turn_to("A2")
    assert codes(received(*back, key)) == []
    assert files() == before
    assert before["trail-1.parquet"]
    again = received(*back, key)
    assert (codes(again), again.versions, again.activations, again.fixes) == ([], 0, 0, 0)


def test_we_know_it_from_now_on_and_keep_what_the_origin_says(
    turn_to: Turn, tmp_path: Path, key: Path
) -> None:
    from tipstaff.records import case_versions
    from tipstaff.records.models import VersionOrigin
    from tipstaff.services.case_view import show_case

    a_case(tmp_path)
    there = sent(tmp_path, key)
    turn_to("B")
    before = datetime.now(UTC)
    received(*there, key)
    asked = {"actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": ""}
    assert show_case(**asked, wearer="W1", as_known_at=before) is None
    view = show_case(**asked, wearer="W1")
    assert view is not None
    assert view.wearer is not None
    assert view.wearer.value == wearer(names=(Name("Other", "Name"),))
    assert view.wearer.origin is not None
    assert view.wearer.origin.operator == "Derbyshire"
    subject = case_versions.subject_of("W1")
    assert subject is not None
    assert all(f.stated.recorded_at >= before for f in case_versions.history(subject))
    claims = VersionOrigin.objects.filter(version__subject=subject).order_by("version__number")
    assert [(c.taken_from, c.recorded_at > before) for c in claims] == [("Derbyshire", False)] * 2
    assert claims[0].recorded_at == utc("2026-02-03")
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        connection.cursor().execute("UPDATE records_versionorigin SET taken_from = 'x'")


def test_lists_and_trails_work_at_the_receiver(turn_to: Turn, tmp_path: Path, key: Path) -> None:
    from tipstaff.domain.periods import Period
    from tipstaff.services.case_view import list_orders
    from tipstaff.services.plan_lists import list_tasks
    from tipstaff.services.trails import FixesFound, trail

    a_case(tmp_path)
    there = sent(tmp_path, key)
    turn_to("B")
    received(*there, key)
    asked = {"actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": ""}
    assert [line.reference for line in list_orders(**asked)] == ["O1"]
    assert [line.reference for line in list_tasks(**asked)] == ["T1"]
    found = trail(**asked, name="W1", period=Period(utc("2026-01-01"), utc("2026-03-01")))
    assert isinstance(found, FixesFound)
    assert found.table.num_rows == 9
    assert found.table["conflict"].to_pylist().count(True) == 2


def test_what_went_on_elsewhere_comes_back_as_more(
    turn_to: Turn, tmp_path: Path, key: Path
) -> None:
    a_case(tmp_path)
    there = sent(tmp_path, key)
    turn_to("B")
    received(*there, key)
    told(order(ends_at=utc("2026-10-01")), task("T2"))
    wears(device="D2", start="2026-01-24", end="2026-05-01", name="W1-D2")
    changed = files()
    back = sent(tmp_path, key)
    turn_to("A")
    done = received(*back, key)
    assert (codes(done), done.versions, done.activations, done.fixes) == ([], 2, 1, 0)
    assert files() == changed


def test_another_person_of_that_reference_is_never_merged(
    turn_to: Turn, tmp_path: Path, key: Path
) -> None:
    from tipstaff.records.models import Version
    from tipstaff.services.positions import Archive
    from tipstaff.services.whole_archive import whole_archive

    a_case(tmp_path)
    there = sent(tmp_path, key)
    for name, prepare in (
        ("B", lambda: told(wearer(language="cy"))),
        ("C", lambda: told(wearer(), order("O9"))),
        ("D", lambda: wears(device="D9")),
    ):
        turn_to(name)
        prepare()
        held = Version.objects.count()
        assert codes(received(*there, key)) == ["OTHER_CONTENT_HERE"]
        assert Version.objects.count() == held
        assert isinstance(whole_archive(), Archive)
        assert whole_archive().files() == []
    turn_to("E")
    wears("W7", "D1")
    assert codes(received(*there, key)) == ["DEVICE_WORN_BY_ANOTHER"]
    turn_to("F")
    wears("W7", "D5", name="W1-D1")  # an id that is somebody else's here is no correction
    assert codes(received(*there, key)) == ["DEVICE_WORN_BY_ANOTHER"]


def remade(folder: Path, key: Path, file: Path, spoil: Callable[[dict[str, bytes]], Any]) -> Any:
    """The transfer with its files spoilt and sealed anew, as a careless sender might."""
    import hashlib

    from tipstaff.backups.keys import read_key
    from tipstaff.backups.sealed_file import opened_sealed

    with opened_sealed(file, read_key(key, ""), lambda _n: None) as plain:
        content = read_tar(plain)
    manifest = TRANSFER.read(content.pop(MANIFEST))
    spoilt = spoil(content) or manifest
    spoilt = replace(spoilt, files=facts_of(content)) if spoilt is manifest else spoilt
    out = folder / f"{uuid4().hex}.spoilt"
    keys = recipients_of([f"{key}.pub"]).values()
    write_sealed(out, tar_of({**content, MANIFEST: TRANSFER.write(spoilt)}), keys)
    return out, hashlib.sha256(out.read_bytes()).hexdigest()


def with_record(change: Callable[[Any], Any]) -> Callable[[dict[str, bytes]], None]:
    def spoil(content: dict[str, bytes]) -> None:
        content[RECORD] = WHOLE_RECORD.write(change(WHOLE_RECORD.read(content[RECORD])))

    return spoil


def _cut_version(record: Any) -> Any:
    first = record.subjects[0]
    return replace(
        record, subjects=(replace(first, versions=first.versions[1:]), *record.subjects[1:])
    )


def _another_wearer(record: Any) -> Any:
    return replace(record, wearer="W2")


def _set(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def spoil(files: dict[str, bytes]) -> None:
        files[name] = content

    return spoil


def _worn(**other: Any) -> Callable[[dict[str, bytes]], None]:
    """The first device worn otherwise."""
    from tipstaff.formats.whole_record_json import WORN_RECORD

    def spoil(content: dict[str, bytes]) -> None:
        worn = WORN_RECORD.read(content["worn.json"])
        first, second = worn.activations
        changed = (replace(first, **other), second)
        content["worn.json"] = WORN_RECORD.write(replace(worn, activations=changed))

    return spoil


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_set(RECORD, b"{}"), "NOT_AS_THE_SCHEMA_SAYS"),
        (_set("worn.json", b"\xff"), "NOT_AS_THE_SCHEMA_SAYS"),
        (_set("trail-1.parquet", b"PAR1"), "NOT_AS_THE_SCHEMA_SAYS"),
        (_set("other.json", b"{}"), "NOT_WHOLE"),
        (lambda content: content.pop("worn.json") and None, "NOT_AS_THE_SCHEMA_SAYS"),
        (with_record(_cut_version), "NUMBERS_OUT_OF_TURN"),
        (with_record(_another_wearer), "OF_ANOTHER_SUBJECT"),
        (_worn(end=utc("2026-01-22")), "FIX_OUTSIDE_ACTIVATIONS"),
        (_worn(supplier="two\nlines"), "NO_SUPPLIER"),
        (_worn(end=utc("2026-01-01")), "ACTIVATION_BACKWARDS"),
    ],
)  # fmt: skip
def test_a_spoilt_transfer_is_refused(
    sqlite_instance: Any, tmp_path: Path, key: Path, spoil: Any, expected: str
) -> None:
    from tipstaff.records.models import Version

    a_case(tmp_path)
    file, _digest = sent(tmp_path, key)
    held = Version.objects.count()
    assert expected in codes(received(*remade(tmp_path, key, file, spoil), key))
    assert Version.objects.count() == held


def test_a_wrong_digest_key_or_authority_is_refused_and_noted(
    sqlite_instance: Any, tmp_path: Path, key: Path
) -> None:
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.access import RefusedError
    from tipstaff.services.transfer_out import transfer_out

    a_case(tmp_path)
    file, sha256 = sent(tmp_path, key)
    assert codes(received(file, "0" * 64, key)) == ["DIGEST_DIFFERS"]
    make_key(tmp_path / "wrong", "", datetime.now(UTC))
    assert codes(received(file, sha256, tmp_path / "wrong")) == ["NOT_OPENED"]
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    (tmp_path / "cut").write_bytes(content)
    import hashlib

    changed = hashlib.sha256(content).hexdigest()
    assert codes(received(tmp_path / "cut", changed, key)) == ["NOT_OPENED"]
    without = {"purpose": Purpose.DEMONSTRATION, "authority": ""}
    for other in (without, {"authority": ""}, {"purpose": Purpose.CRIME_MATCHING}):
        with pytest.raises(RefusedError):
            received(file, sha256, key, **other)
        with pytest.raises(RefusedError):
            sent(tmp_path, key, **other)
    asked = {"sender": "A", "receiver": "B", "recipients": [f"{key}.pub"], "out": tmp_path / "x"}
    assert transfer_out(**{**WHO, **asked, "wearer": "W9"}) is None
    assert not (tmp_path / "x").exists()
    refused = AuditEntry.objects.filter(use_case="transfer_in", phase="served").order_by("at")
    assert [e.extent.get("codes") for e in refused if "codes" in e.extent] == [
        ["DIGEST_DIFFERS"], ["NOT_OPENED"], ["NOT_OPENED"],
    ]  # fmt: skip
    out = AuditEntry.objects.filter(use_case="transfer_out", phase="served").order_by("at").first()
    assert out is not None
    assert out.operation == "disclosure"
    assert out.extent["recipients"] == ["Durham"]
    assert out.extent["sha256"] == sha256


def test_limited_access_is_not_handed_over(sqlite_instance: Any, tmp_path: Path, key: Path) -> None:
    from tipstaff.services.transfer_out import transfer_out

    told(wearer(limited_access=True))
    asked = {"sender": "A", "receiver": "B", "recipients": [f"{key}.pub"], "out": tmp_path / "x"}
    assert transfer_out(**{**WHO, **asked, "wearer": "W1"}) is None
    assert not list(tmp_path.glob("x*"))


def test_a_transfer_that_died_before_its_records_is_finished_by_the_next(
    turn_to: Turn, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import transfer_in

    a_case(tmp_path)
    before = files()
    there = sent(tmp_path, key)
    turn_to("B")

    def died(*_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(transfer_in, "_take_records", died)
        with pytest.raises(KeyboardInterrupt):
            received(*there, key)
    done = received(*there, key)
    assert (codes(done), done.versions, done.fixes) == ([], 8, 0)
    assert files() == before


drawn_times = st.none() | st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 (Hypothesis adds the zone)
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
_number = iter(range(10_000))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(some(cases), some(plan_values, 4), st.data())
def test_any_case_there_and_back_is_equal(
    turn_to: Turn, tmp_path: Path, key: Path, drawn: Any, values: Any, data: Any
) -> None:
    """Whatever is kept, in whatever versions; each example is a wearer of its own."""
    from tipstaff.records.cases import Told

    name = f"W{next(_number)}"
    people = [replace(one.wearer, reference=name, limited_access=False) for one in drawn]
    others = [replace(v, wearer=name) for one in drawn for v in one.orders]
    others += [replace(v, wearer=name) for v in values]
    turn_to("A")
    at = utc("2026-02-01")
    for value in [*(people or [wearer(name)]), *others]:
        start, end = data.draw(drawn_times), data.draw(drawn_times)
        end = end if start is not None and end is not None and start < end else None
        at += timedelta(microseconds=data.draw(st.integers(0, 10**12)))
        told(Told(value, start, end, data.draw(notes)), at=at)
    before = files(name)
    there = sent(tmp_path, key, name)
    turn_to("B")
    assert codes(received(*there, key)) == []
    assert files(name) == before
    back = sent(tmp_path, key, name)
    turn_to("A2")
    assert codes(received(*back, key)) == []
    assert files(name) == before
