"""Reading a police crime file: the national CSV, strictly, or more widely (FACTS §1).

Strict accepts and refuses exactly as the national format says. Lenient takes, beside it: a header
row (names in any order), outer spaces, rows of empty cells, force names of any kind, no batch id,
type names in words, ISO 8601 times with an offset, windows up to a year, a missing end. One force
and one batch a file holds in both: replacement and addition mean nothing otherwise.

Rows are counted as records from 1, blank lines left out, a header counted in the numbering but not
among the `rows`. A file that fails as a whole still tells the errors of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from tipstaff.domain.batches import BatchId
from tipstaff.domain.crimes import Crime
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.formats.crimes_accepted import make_crimes
from tipstaff.formats.crimes_columns import NATIONAL_LAYOUT, Layout, Mode, header_layout
from tipstaff.formats.crimes_problems import FileCode, Problem, Status
from tipstaff.formats.crimes_rows import Row, file_problem, mark_duplicate, read_row
from tipstaff.formats.crimes_rules import LENIENT_WINDOW_S, MISSING_END_S, Rules
from tipstaff.formats.csv_records import Record, read_records

__all__ = ["CrimeFile", "Mode", "Status", "read_crimes"]

#: More than any force's batch by a wide margin; beyond, a file is refused before it fills memory.
MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_ROWS: Final = 200_000
#: How files begin that are often sent by mistake.
_OTHER_KINDS: Final = {
    b"PK\x03\x04": "a spreadsheet or zip file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CrimeFile:
    """What a crime file says. `crimes` are the good rows, each at version 1 until
    `domain.batches.plan_batch` compares them with what the force sent before.

    `rejected` are references of bad rows, `unread_rows` counts bad rows without one.
    """

    status: Status
    rows: int
    crimes: tuple[Crime, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    force: str | None = None
    batch: BatchId | None = None
    rejected: frozenset[str] = frozenset()
    unread_rows: int = 0


def read_crimes(
    source: BinaryIO | bytes,
    *,
    mode: Mode = Mode.STRICT,
    forces: Mapping[str, str] = NATIONAL_FORCES,
    missing_end_s: int = MISSING_END_S,
) -> CrimeFile:
    """Read a crime file. Never raises for what the file holds: everything wrong is a value.

    `forces` maps identifiers to codes of batch ids; they bind in strict mode only. `missing_end_s`
    is the length lenient mode gives a window without an end.
    """
    content = source if isinstance(source, bytes) else source.read(MAX_FILE_BYTES + 1)
    text = _decode(content)
    if isinstance(text, Problem):
        return CrimeFile(Status.FAILED, 0, (), (text,))
    if mode is Mode.STRICT:
        return _conclude(_read_rows(text, Rules(forces=forces)))
    rules = Rules(
        lenient=True, forces=forces, max_window_s=LENIENT_WINDOW_S, missing_end_s=missing_end_s
    )
    return _conclude(_read_rows(text, rules))


def _decode(content: bytes) -> str | Problem:
    kind = next((kind for start, kind in _OTHER_KINDS.items() if content.startswith(start)), None)
    if kind is not None:
        return _no_csv(f"This is {kind}. Save it as CSV in UTF-8 and send that.")
    if len(content) > MAX_FILE_BYTES:
        return _no_csv(f"The file is over {MAX_FILE_BYTES // 1024**2} MB. Send it in parts.")
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        return _no_csv(f"The file is not UTF-8 text (at {place}). Save it as CSV in UTF-8.")
    if not text.strip():
        return _no_csv("The file is empty. Send one CSV file with a row for each crime.")
    # A zero byte in every other place: UTF-16 without its mark, which is valid UTF-8.
    if text[:1000].count("\0") * 4 > len(text[:1000]):
        return _no_csv("The file is not plain text. Save it as CSV in UTF-8.")
    return text


def _no_csv(action: str) -> Problem:
    return file_problem(FileCode.INVALID_ATTACHMENT, action)


def _read_rows(text: str, rules: Rules) -> list[Row] | Problem:
    layout = NATIONAL_LAYOUT
    rows: list[Row] = []
    kept: dict[tuple[str, str], Row] = {}
    for record in read_records(text):
        if rules.lenient:
            header = header_layout(record.cells) if record.number == 1 else None
            if header is not None:
                layout = header
                continue
            if _nothing_in(record):
                continue
        if len(rows) == MAX_ROWS:
            return _no_csv(f"The file has more than {MAX_ROWS:,} rows. Send it in parts.")
        rows.append(_read_unique(record, layout, rules, kept))
    return rows


def _nothing_in(record: Record) -> bool:
    return not record.torn and not any(cell.strip() for cell in record.cells)


def _read_unique(
    record: Record, layout: Layout, rules: Rules, kept: dict[tuple[str, str], Row]
) -> Row:
    row = read_row(record, layout, rules)
    if row.force is not None and row.reference is not None:
        key = (row.force, row.reference)
        if key in kept:
            mark_duplicate(row, kept[key])
        elif not row.faults:
            kept[key] = row
    return row


def _conclude(rows: list[Row] | Problem) -> CrimeFile:
    if isinstance(rows, Problem):
        return CrimeFile(Status.FAILED, 0, (), (rows,))
    if not rows:
        return CrimeFile(Status.FAILED, 0, (), (_no_csv("The file holds no crime."),))
    good = [row for row in rows if not row.faults]
    bad = [row for row in rows if row.faults]
    whole = _file_problems(rows, good)
    failed = any(p.code is not FileCode.ALL_RECORDS_FAILED for p in whole)
    crimes = () if failed else make_crimes(good)
    return CrimeFile(
        status=_status(failed=failed, good=len(good), bad=len(bad)),
        rows=len(rows),
        crimes=crimes,
        errors=(*whole, *(p for row in bad for p in row.problems(row.faults))),
        warnings=tuple(p for row in rows for p in row.problems(row.warnings)),
        force=None if failed else next((r.force for r in rows if r.force is not None), None),
        batch=None if failed else next((r.batch for r in rows if r.batch is not None), None),
        rejected=frozenset(row.reference for row in bad if row.reference is not None),
        unread_rows=sum(row.reference is None for row in bad),
    )


def _file_problems(rows: list[Row], good: list[Row]) -> list[Problem]:
    """A row with an invalid force, or without a valid batch id, counts as no second one."""
    forces = {row.force for row in rows if row.force is not None}
    batches = {(row.force, row.batch) for row in rows if row.batch is not None}
    found = []
    if len(forces) > 1:
        action = f"Send one file for each force. This one has {', '.join(sorted(forces))}."
        found.append(file_problem(FileCode.MULTIPLE_POLICE_FORCES, action))
    if len(batches) > len({force for force, _batch in batches}):
        names = ", ".join(sorted({str(batch) for _force, batch in batches})[:5])
        action = f"Send one file for each batch id. This one has {names}."
        found.append(file_problem(FileCode.MULTIPLE_BATCH_IDS, action))
    if not good and not found:
        action = (
            "No row could be taken in. Put the rows right as told below and send the file again."
        )
        found.append(file_problem(FileCode.ALL_RECORDS_FAILED, action))
    return found


def _status(*, failed: bool, good: int, bad: int) -> Status:
    if failed:
        return Status.FAILED
    if not good:
        return Status.ERROR
    return Status.PARTIAL if bad else Status.SUCCESSFUL
