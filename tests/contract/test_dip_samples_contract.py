"""The monthly sample on both databases: drawn once, nobody's choice, examined by another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from tipstaff.domain.dip_sample import Outcome, SampleCode, drawn
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose

WHO = {"actor": "tester", "purpose": Purpose.AUDIT, "authority": ""}
MONTH = "2098-08"


def looked(
    at: datetime, *, subjects: int = 1, role: str = "analyst", actor: UUID | None = None
) -> UUID:
    """A look of a colleague's in that month, as the log would hold it."""
    from tipstaff.records import audit
    from tipstaff.records.chain import Entry

    request = uuid4()
    refs = tuple(str(uuid4()) for _ in range(subjects))
    for later, phase in enumerate(("requested", "served")):
        entry = Entry(
            uuid4(), at + timedelta(seconds=later), request, actor or UUID(int=1), role,
            "consultation", phase, "show_case", "offender_management", "", refs,
            rows=None if phase == "requested" else 3,
        )  # fmt: skip
        with transaction.atomic():
            audit.append(entry)
    return request


def august(count: int, **other: Any) -> list[UUID]:
    begin = datetime(2098, 8, 3, tzinfo=UTC)
    return [looked(begin + timedelta(hours=n), **other) for n in range(count)]


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the autumn of 2098: the looks above come after the instance was made, as they must."""
    from tipstaff.services import dip_samples, recording

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2098, 9, 20, tzinfo=UTC)

    for module in (dip_samples, recording):
        monkeypatch.setattr(module, "datetime", Clock)


def sampled(month: str = MONTH) -> Any:
    from tipstaff.services.dip_samples import sample_month

    return sample_month(**WHO, month=month)


def examined(item: UUID, outcome: Outcome = Outcome.PROPER, note: str = "") -> Any:
    from tipstaff.services.dip_samples import examine_look

    return examine_look(**WHO, item=item, outcome=outcome, note=note)


def test_each_role_is_drawn_from_once_and_by_the_seed(instance: Any) -> None:
    from tipstaff.services.audit import verify_audit

    made = august(40)
    few = august(3, role="officer")
    august(5, subjects=0)
    looked(datetime(2098, 7, 31, 22, 59, tzinfo=UTC))  # July, by the clock on the wall
    first = sampled()
    assert [(fact.unit, fact.looks) for fact in first.samples] == [("analyst", 40), ("officer", 3)]
    seed = first.samples[0].seed
    expected = drawn(made, month=MONTH, unit="analyst", entry_hash=seed.hash)
    assert tuple(q.look.request_ref for q in first.queue if q.unit == "analyst") == expected
    assert {q.look.request_ref for q in first.queue if q.unit == "officer"} == set(few)
    looked(datetime(2098, 8, 5, tzinfo=UTC))  # written into a month that is drawn already
    again = sampled()
    assert [q.item for q in again.queue] == [q.item for q in first.queue]
    assert first.same
    assert again.same
    assert verify_audit().faults == ()


def test_a_look_answered_after_the_months_end_is_drawn_with_the_next(instance: Any) -> None:
    from tipstaff.records import audit
    from tipstaff.records.chain import Entry

    request, ref = uuid4(), (str(uuid4()),)
    for at, phase, refs in (
        (datetime(2098, 8, 31, 22, 59, 59, tzinfo=UTC), "requested", ()),
        (datetime(2098, 8, 31, 23, 0, 1, tzinfo=UTC), "served", ref),
    ):
        entry = Entry(
            uuid4(), at, request, UUID(int=1), "analyst", "consultation", phase, "near",
            "crime_matching", "", refs,
        )  # fmt: skip
        with transaction.atomic():
            audit.append(entry)
    from tipstaff.records import looks

    found = [
        [look.request_ref for look in looks.seen_between(
            datetime(2098, m, 1, tzinfo=UTC) - timedelta(hours=1),
            datetime(2098, m + 1, 1, tzinfo=UTC) - timedelta(hours=1), chained_before=10**9)]
        for m in (8, 9)
    ]  # fmt: skip
    assert found == [[], []]  # nothing is chained yet
    from tipstaff.services.sealing import seal

    seal()
    august_end = datetime(2098, 8, 31, 23, tzinfo=UTC)
    before = looks.seen_between(august_end - timedelta(days=31), august_end, chained_before=10**9)
    after = looks.seen_between(august_end, august_end + timedelta(days=30), chained_before=10**9)
    assert (before, [look.request_ref for look in after]) == ([], [request])


def test_an_altered_sample_does_not_come_out_again(instance: Any) -> None:
    august(40)
    first = sampled()
    table = " ON records_dipitem" if instance.vendor == "postgresql" else ""
    other = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER records_dipitem_unchanged{table}")
        cursor.execute(
            "UPDATE records_dipitem SET request_ref = %s WHERE place = 1",
            [other if instance.vendor == "postgresql" else other.hex],
        )
    again = sampled()
    assert not again.same
    assert first.same


@pytest.mark.parametrize(("month", "code"), [
    ("2098-13", SampleCode.MONTH_NOT_KNOWN), ("August", SampleCode.MONTH_NOT_KNOWN),
    ("2098-12", SampleCode.MONTH_NOT_OVER),
])  # fmt: skip
def test_a_month_that_cannot_be_drawn(sqlite_instance: Any, month: str, code: SampleCode) -> None:
    found = sampled(month)
    assert isinstance(found, Problem)
    assert found.code is code


def test_an_examination_is_said_once_and_its_note_goes_with_the_subject(instance: Any) -> None:
    from tipstaff.records import subject_keys

    august(12)
    one, other, *_rest = sampled().queue
    assert (one.examination, one.overdue, one.own) == (None, False, False)
    assert not isinstance(examined(one.item), Problem)
    assert not isinstance(examined(other.item, Outcome.QUESTIONED, "no case of theirs"), Problem)
    assert examined(one.item).code is SampleCode.EXAMINED_ALREADY
    assert examined(uuid4()).code is SampleCode.ITEM_NOT_KNOWN
    queue = {q.item: q for q in sampled().queue}
    assert [queue[i].examination.outcome for i in (one.item, other.item)] == [
        "proper", "questioned",
    ]  # fmt: skip
    assert queue[other.item].note == "no case of theirs"
    with transaction.atomic():
        subject_keys.destroy(other.look.subjects)
    assert {q.item: q.note for q in sampled().queue}[other.item] == ""


def test_what_is_questioned_is_said(sqlite_instance: Any) -> None:
    august(1)
    (only,) = sampled().queue
    assert examined(only.item, Outcome.QUESTIONED, " ").code is SampleCode.NOTE_MISSING
    assert examined(only.item, Outcome.PROPER, "x" * 2001).code is SampleCode.NOTE_TOO_LONG


def test_nobody_examines_a_look_of_their_own(sqlite_instance: Any) -> None:
    from tipstaff.records import users

    account = users.find("tester")
    assert account is not None
    august(1, actor=account.ref)
    (only,) = sampled().queue
    assert only.own
    assert examined(only.item).code is SampleCode.OWN_LOOK


def test_a_look_that_waits_too_long_is_overdue(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import dip_samples

    august(1)
    assert [q.overdue for q in sampled().queue] == [False]
    monkeypatch.setattr(dip_samples, "TIME_TO_EXAMINE", timedelta(-1))
    assert [q.overdue for q in sampled().queue] == [True]


def test_samples_and_examinations_are_never_edited(instance: Any) -> None:
    august(2)
    examined(sampled().queue[0].item)
    for table in ("dipsample", "dipitem", "dipexamination"):
        for statement in (f"DELETE FROM records_{table}",
                          f"UPDATE records_{table} SET id = id" if table != "dipexamination" else
                          f"UPDATE records_{table} SET outcome = 'x'"):  # fmt: skip
            with pytest.raises(DatabaseError, match="samples are never"), transaction.atomic():
                connection.cursor().execute(statement)
