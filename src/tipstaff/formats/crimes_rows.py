"""One row of a crime file: all its rules run, all its errors together."""

from __future__ import annotations

from dataclasses import dataclass, field

from tipstaff.domain.batches import BatchId
from tipstaff.formats.crimes_columns import Cells, Layout
from tipstaff.formats.crimes_places import Place, read_place
from tipstaff.formats.crimes_problems import (
    Fault,
    FileCode,
    Problem,
    RowCode,
    WarningCode,
    echo,
)
from tipstaff.formats.crimes_rules import (
    Rules,
    check_texts,
    read_batch,
    read_force,
    read_reference,
    read_type,
)
from tipstaff.formats.crimes_times import Window, read_window
from tipstaff.formats.csv_records import Record


@dataclass(slots=True)
class Row:
    """What was read of a row; the row is good when it has no faults."""

    number: int
    line: int
    reference: str | None = None
    force: str | None = None
    batch: BatchId | None = None
    crime_type: str | None = None
    window: Window | None = None
    place: Place | None = None
    text: str = ""
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def problems(self, faults: list[Fault]) -> list[Problem]:
        """The faults with the place they were found at."""
        reference = None if self.reference is None else echo(self.reference)
        return [
            Problem(f.code, f.action, self.number, self.line, reference, f.field, f.value)
            for f in faults
        ]


def read_row(record: Record, layout: Layout, rules: Rules) -> Row:
    """Read one record by the rules."""
    row = Row(record.number, record.line)
    if record.torn or record.width != layout.width:
        row.faults.append(_column_fault(record, layout.width))
        return row
    cells = layout.cells(record.cells)
    if rules.lenient:
        cells = Cells(*(cell.strip() for cell in cells))
    row.force = read_force(cells, rules, row.faults)
    row.crime_type = read_type(cells, rules, row.faults)
    row.batch = read_batch(cells, row.force, rules, row.faults)
    row.reference = read_reference(cells, row.faults)
    row.window = read_window(cells, rules, row.faults, row.warnings)
    row.place = read_place(cells, row.faults, row.warnings)
    check_texts(cells, row.faults)
    row.text = cells.crime_text
    _warn_of_formulas(cells, row.warnings)
    return row


def mark_duplicate(row: Row, first: Row) -> None:
    """Refuse a row whose reference an earlier row of the file has."""
    action = (
        f"Row {first.number} has this reference already and was kept. Send each crime once; "
        "to correct one, send it in a later file."
    )
    value = None if row.reference is None else echo(row.reference)
    fault = Fault(RowCode.DUPLICATE_CRIME_REFERENCE, "crime_reference", value, action)
    row.faults.append(fault)


def file_problem(code: FileCode, action: str) -> Problem:
    """A problem of the file as a whole: it carries no row."""
    return Problem(code, action)


def _column_fault(record: Record, width: int) -> Fault:
    if record.torn:
        action = (
            "A quoted cell of this line never closes, or something follows its closing quote. "
            'Write a quote inside a quoted cell twice ("").'
        )
        return Fault(RowCode.INVALID_COLUMN_COUNT, None, None, action)
    action = f"Give exactly {width} columns, empty ones included; quote cells with commas in them."
    if record.last_line > record.line:
        action += (
            f" The row runs over lines {record.line}–{record.last_line}: look for a lost quote."
        )
    return Fault(RowCode.INVALID_COLUMN_COUNT, None, f"{record.width} columns", action)


def _warn_of_formulas(cells: Cells, warnings: list[Fault]) -> None:
    # A leading minus or plus is common in plain writing; = and @ hardly ever are.
    for name, cell in (
        ("crime_reference", cells.crime_reference),
        ("crime_text", cells.crime_text),
    ):
        start = cell.lstrip()[:1]
        if start in {"=", "@"}:
            action = (
                "Starts like a spreadsheet formula; kept as plain text, made harmless in exports."
            )
            warnings.append(Fault(WarningCode.FORMULA_CELL, name, f"starts with {start}", action))
