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
