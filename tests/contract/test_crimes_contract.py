"""Taking in crime files, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from tipstaff.domain.batches import ChangeKind
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.crimes import Mode, Status


def row(reference: str, batch: str = "DUR20260101", force: str = "Durham", **cells: str) -> str:
    values = {
        "type": "BIAD", "from": "20260101220000", "to": "20260102060000", "text": "",
    } | cells  # fmt: skip
    return (
        f"{force},{values['type']},,{batch},{reference},{values['from']},{values['to']},"
        f"427000,542000,,,OSGB36,{values['text']}\r\n"
    )


def take_in(content: str, *, mode: Mode = Mode.STRICT) -> Any:
    from tipstaff.services.crimes import import_crimes

    return import_crimes(
        actor="tester",
        purpose=Purpose.CRIME_MATCHING,
        authority="",
        content=content.encode(),
        mode=mode,
    )


def current(batch: str = "all") -> list[tuple[str, int]]:
    from tipstaff.records import crimes

    return [crime.key[1:] for crime in crimes.current(batch)]


def log() -> list[Any]:
    from tipstaff.services.audit import list_audit

    entries = list_audit(actor="tester", purpose=Purpose.AUDIT, authority="")
    return [entry for entry in entries if entry.use_case == "import_crimes"]


def test_good_rows_are_kept_and_the_rest_told(instance: Any) -> None:
    done = take_in(row("a") + row("b", type="XX") + row("c"))
    assert done.file.status is Status.PARTIAL
    assert done.changes == {ChangeKind.NEW: 2}
    assert current() == [("a", 1), ("c", 1)]
    entry = log()[0]
    assert (entry.operation, entry.phase, entry.rows) == ("collection", "served", 2)


def test_the_same_file_again_adds_nothing(instance: Any) -> None:
    take_in(row("a"))
    again = take_in(row("a"))
    assert again.already_held
    assert again.changes == {}
    assert current() == [("a", 1)]
    assert [entry.rows for entry in log()] == [0, 1]


def test_replacement_addition_and_resubmission(instance: Any) -> None:
    take_in(row("a") + row("b"))
    add = take_in(row("c", "DUR20260101-A"))
    assert add.changes == {ChangeKind.NEW: 1}
    replaced = take_in(row("a", "DUR20260101-r", text="new") + row("c", "DUR20260101-r"))
    assert replaced.changes == {
        ChangeKind.CHANGED: 1,
        ChangeKind.UNCHANGED: 1,
        ChangeKind.WITHDRAWN: 1,
    }
    assert current() == [("a", 2), ("c", 1)]
    later = take_in(row("b", "DUR20260103") + row("c", "DUR20260103"))
    assert later.changes == {ChangeKind.CHANGED: 1, ChangeKind.RESENT: 1}
    assert current("DUR20260101") == [("a", 2)]
    assert current("DUR20260103") == [("b", 2), ("c", 2)]


def test_a_replacement_with_a_bad_row_withdraws_nothing_in_doubt(instance: Any) -> None:
    take_in(row("a") + row("b"))
    done = take_in(row("a", "DUR20260101-R") + row("b", "DUR20260101-R", type="XX"))
    assert done.changes == {ChangeKind.IN_DOUBT: 1, ChangeKind.UNCHANGED: 1}
    assert current() == [("a", 1), ("b", 1)]


def test_an_original_after_its_replacement_changes_and_revives_nothing(instance: Any) -> None:
    take_in(row("a", "DUR20260101-R", text="new") + row("b", "DUR20260101-R"))
    late = take_in(row("a") + row("b") + row("c"))
    assert late.changes == {ChangeKind.SUPERSEDED: 2, ChangeKind.UNCHANGED: 1}
    assert current() == [("a", 1), ("b", 1)]
    assert take_in(row("a") + row("b") + row("c")).already_held
    assert log()[1].rows == 0


def test_an_original_leaves_what_an_addition_said_before_it(instance: Any) -> None:
    take_in(row("a", "DUR20260101-A", text="new"))
    late = take_in(row("a") + row("b"))
    assert late.changes == {ChangeKind.SUPERSEDED: 1, ChangeKind.NEW: 1}
    assert current() == [("a", 1), ("b", 1)]


def take_in_all(*contents: str, mode: Mode = Mode.STRICT) -> Any:
    from tipstaff.services.crime_files import TakenIn, import_crime_files

    taken = import_crime_files(
        actor="tester",
        purpose=Purpose.CRIME_MATCHING,
        authority="",
        contents=[content.encode() for content in contents],
        mode=mode,
    )
    return list(taken.done) if isinstance(taken, TakenIn) else taken.clashes


@pytest.mark.parametrize("turned", [False, True])
def test_files_of_one_call_are_taken_by_their_batches(instance: Any, turned: bool) -> None:
    files = [row("a", "DUR20260101-R", text="new"), row("a") + row("b")]
    done = dict(take_in_all(*(files[::-1] if turned else files)))
    assert done[int(turned)].changes == {ChangeKind.CHANGED: 1, ChangeKind.WITHDRAWN: 1}
    assert current() == [("a", 2)]
    assert [entry.rows for entry in log()] == [2, 2]


def test_files_that_contradict_each_other_are_not_taken_in(sqlite_instance: Any) -> None:
    first, second = row("a") + row("b"), row("a", text="other")
    clash = take_in_all(row("c", "DUR20260102"), first, second)
    assert [(c.first, c.second, c.references) for c in clash] == [(1, 2, ("a",))]
    assert current() == []
    take_in(first)
    assert [number for number, _done in take_in_all(first, second)] == [0, 1]
    assert current() == [("a", 2), ("b", 1)]


def test_a_file_read_more_widely_is_not_the_same_again(instance: Any) -> None:
    text = row("a") + row("b", to="20260102110000")
    assert take_in(text).file.status is Status.PARTIAL
    wide = take_in(text, mode=Mode.LENIENT)
    assert wide.changes == {ChangeKind.NEW: 1, ChangeKind.UNCHANGED: 1}
    assert current() == [("a", 1), ("b", 1)]
    assert take_in(text, mode=Mode.LENIENT).already_held
    assert take_in(text).already_held


LONG = "20260102110000"


def test_reading_a_file_again_does_not_undo_what_came_after_it(instance: Any) -> None:
    text = row("a") + row("b", to=LONG) + row("c") + row("d", to=LONG)
    take_in(text)
    take_in(row("a", "DUR20260102", text="new") + row("d", "DUR20260102"))
    again = take_in(text, mode=Mode.LENIENT)
    assert again.changes == {
        ChangeKind.NEW: 1,
        ChangeKind.SUPERSEDED: 2,
        ChangeKind.UNCHANGED: 1,
    }
    assert current() == [("a", 2), ("b", 1), ("c", 1), ("d", 1)]


def test_reading_a_replacement_again_keeps_what_was_added_to_it(instance: Any) -> None:
    take_in(row("a") + row("b"))
    replacement = row("a", "DUR20260101-R") + row("b", "DUR20260101-R", text="new", to=LONG)
    take_in(replacement)
    take_in(row("c", "DUR20260101-A"))
    take_in(replacement, mode=Mode.LENIENT)
    assert current() == [("a", 1), ("b", 2), ("c", 1)]
    take_in(row("a", "DUR20260101-R", text="last"))
    assert current() == [("a", 2)]


def test_reading_a_replaced_replacement_again_revives_nothing(instance: Any) -> None:
    old = row("a", "DUR20260101-R") + row("b", "DUR20260101-R", to=LONG)
    take_in(old)
    take_in(row("a", "DUR20260101-R", text="last"))
    again = take_in(old, mode=Mode.LENIENT)
    assert again.changes == {ChangeKind.SUPERSEDED: 2}
    assert current() == [("a", 2)]


def test_a_file_without_a_batch_id_is_no_original_of_its_day(instance: Any) -> None:
    from datetime import UTC, datetime

    day = datetime.now(UTC).strftime("DUR%Y%m%d")
    take_in(row("a", f"{day}-R"))
    done = take_in(row("a", "", text="new") + row("b", ""), mode=Mode.LENIENT)
    assert done.changes == {ChangeKind.CHANGED: 1, ChangeKind.NEW: 1}


def test_a_file_that_fails_is_in_the_audit_and_nowhere_else(instance: Any) -> None:
    done = take_in(row("a") + row("b", force="Kent", batch="KNT20260101"))
    assert done.file.status is Status.FAILED
    assert current() == []
    assert [(e.rows, e.extent["status"]) for e in log()] == [(0, "FAILED")]


def test_a_lenient_file_without_a_batch_id(instance: Any) -> None:
    text = (
        "force,type,reference,from,to,latitude,longitude\n"
        "Dorset,BIAD,x1,2026-01-01T22:00:00Z,2026-01-02T06:00:00Z,50.7,-2.4\n"
    )
    done = take_in(text, mode=Mode.LENIENT)
    assert done.changes == {ChangeKind.NEW: 1}
    assert current() == [("x1", 1)]


def test_a_reference_no_index_can_hold_is_an_error_not_a_crash(instance: Any) -> None:
    wide = "".join(chr(0x1F300 + number % 700) for number in range(5000))
    done = take_in(row(wide) + row("a"))
    assert done.file.status is Status.PARTIAL
    assert current() == [("a", 1)]
    assert wide[:20] in str(done.file.errors[-1].reference)


def test_two_forces_may_use_one_reference(instance: Any) -> None:
    take_in(row("a"))
    take_in(row("a", force="Kent", batch="KNT20260101"))
    assert current() == [("a", 1), ("a", 1)]


@pytest.mark.parametrize("purpose", [Purpose.COURT_DISCLOSURE])
def test_a_refused_file_is_not_read(instance: Any, purpose: Purpose) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.crimes import import_crimes

    with pytest.raises(RefusedError):
        import_crimes(actor="tester", purpose=purpose, authority="", content=row("a").encode())
    assert current() == []


def test_without_its_audit_entry_a_file_is_not_taken_in(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.records import audit
    from tipstaff.records.models import Batch

    def full(entry: Any) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(audit, "append", full)
        with pytest.raises(OSError, match="no space"):
            take_in(row("a"))
    assert not Batch.objects.exists()
    assert not take_in(row("a")).already_held
