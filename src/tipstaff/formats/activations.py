"""The activations file: `activation_id, device_id, wearer_id, start, end`, times with an offset.

Strict to the letter and lenient as a whole: every fault of a row is told, good rows are kept, and
two rows that put one device on two people at once are both refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.activations import STILL_ACTIVE, Activation, overlaps
from tipstaff.formats.csv_records import Record, read_records

COLUMNS: Final = ("activation_id", "device_id", "wearer_id", "start", "end")
_MAX_TEXT: Final = 200
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_FOREVER: Final = "2999-12-12"


@dataclass(frozen=True, slots=True)
class ActivationError:
    """What is wrong with a row: 0 is the file itself. `value` is what stood there, shortened."""

    row: int
    activation_id: str
    code: str
    field: str
    value: str
    action: str


@dataclass(frozen=True, slots=True)
class ActivationFile:
    """The good activations in the order of the file, and what is wrong with the others."""

    accepted: tuple[Activation, ...]
    errors: tuple[ActivationError, ...]
    rows: int


def read_activations(source: bytes) -> ActivationFile:
    """Read a whole file; a row's number is the line on which it begins, the header's being 1."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("NOT_UTF8", "", "write the file as UTF-8")
    if "\0" in text:
        return _refused("NUL_BYTE", "", "remove the NUL bytes; the file may be damaged")
    records = read_records(text)
    first = next(records, None)
    header = [] if first is None else [name.strip().casefold() for name in first.cells]
    if sorted(header) != sorted(COLUMNS):
        action = f"the first line must name {', '.join(COLUMNS)}"
        return _refused("BAD_HEADER", ",".join(header), action)
    return _judged(header, list(records))


def _refused(code: str, value: str, action: str) -> ActivationFile:
    return ActivationFile((), (ActivationError(0, "", code, "", value[:_MAX_TEXT], action),), 0)


def _judged(header: list[str], rows: list[Record]) -> ActivationFile:
    good: list[Activation] = []
    errors: list[ActivationError] = []
    for row in rows:
        made = _activation(header, row)
        if isinstance(made, Activation):
            good.append(made)
        else:
            errors += made
    errors += _repeated(good)
    errors += _overlapping(good)
    bad = {error.row for error in errors}
    accepted = tuple(activation for activation in good if activation.row not in bad)
    return ActivationFile(accepted, tuple(sorted(errors, key=_place)), len(rows))


def _place(error: ActivationError) -> tuple[int, str, str, str]:
    return (error.row, error.code, error.field, error.value)


def _activation(header: list[str], row: Record) -> Activation | list[ActivationError]:
    if row.torn or row.width != len(header):
        return [_no_row(row, len(header))]
    values = dict(zip(header, (value.strip() for value in row.cells), strict=True))
    start, end = _time(values["start"]), _end(values["end"])
    faults = [*_name_faults(values), *_time_faults(start, end)]
    if faults or start is None or end is None:
        name = values["activation_id"][:_MAX_TEXT]
        return [
            ActivationError(row.line, name, code, field, values[field][:_MAX_TEXT], action)
            for code, field, action in faults
        ]
    activation_id, device_id, wearer_id = (values[field] for field in COLUMNS[:3])
    return Activation(activation_id, device_id, wearer_id, start, end, row.line)


def _no_row(row: Record, columns: int) -> ActivationError:
    """What is wrong with a record that cannot be told apart into the columns."""
    if row.torn:
        action = "close the quotes, and put nothing between a quote and the next comma"
        return ActivationError(row.line, "", "MALFORMED", "", "", action)
    action = f"give every row {columns} columns"
    return ActivationError(row.line, "", "COLUMN_COUNT", "", str(row.width), action)


def _name_faults(values: dict[str, str]) -> Iterable[tuple[str, str, str]]:
    """(code, field, what to do) for each id that is none."""
    for field in COLUMNS[:3]:
        for code, action in _text_faults(values[field]):
            yield code, field, action


def _time_faults(start: datetime | None, end: datetime | None) -> Iterable[tuple[str, str, str]]:
    """(code, field, what to do) for each time that is none, and for two in the wrong order."""
    for field, instant in (("start", start), ("end", end)):
        if instant is None:
            action = "write ISO 8601 with an offset, such as 2026-01-26T15:57:02Z"
            yield "INVALID_TIME", field, action
    if start is not None and end is not None and end < start:
        yield "END_BEFORE_START", "end", "the end cannot come before the start"


def _text_faults(value: str) -> Iterable[tuple[str, str]]:
    if not value:
        yield "MISSING_VALUE", "fill it in"
    elif len(value) > _MAX_TEXT or not value.isprintable():
        yield "INVALID_TEXT", f"at most {_MAX_TEXT} characters, none of them a control"


def _time(text: str) -> datetime | None:
    """An instant with an offset; None where the text is not one."""
    match = _TIME.fullmatch(text)
    if match is None or match[3] is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _end(text: str) -> datetime | None:
    """As `_time`; nothing, and the feed's far day however it is written, mean still active."""
    if not text or text.startswith(_FOREVER):
        return STILL_ACTIVE
    return _time(text)


def _repeated(activations: list[Activation]) -> list[ActivationError]:
    """The same id twice is an error of the later row, which is told where the first one is."""
    seen: dict[str, int] = {}
    errors: list[ActivationError] = []
    for one in activations:
        first = seen.setdefault(one.activation_id, one.row)
        if first != one.row:
            action = f"row {first} has this id too: give each activation its own, or keep one"
            errors.append(
                ActivationError(
                    one.row, one.activation_id, "REPEATED_ID", COLUMNS[0], one.activation_id, action
                )
            )
    return errors


def _overlapping(activations: list[Activation]) -> list[ActivationError]:
    return [
        ActivationError(
            one.row,
            one.activation_id,
            "OVERLAP",
            "device_id",
            one.device_id,
            f"rows {min(first.row, second.row)} and {max(first.row, second.row)} put this device "
            "on two people at once: correct one of them",
        )
        for first, second in overlaps(activations)
        for one in (first, second)
    ]
