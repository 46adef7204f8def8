"""What can be wrong with a crime file, as values: codes, where, and what to do about it.

The row and file codes are those of the national service (FACTS §1). Ours beyond them:
DUPLICATE_CRIME_REFERENCE, for a second row with a reference that an earlier row of the same file
already carried (that one is kept; which is right, only the sender knows).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ECHO_CHARS: Final = 80


class RowCode(StrEnum):
    """Why a row was refused."""

    INVALID_COLUMN_COUNT = "INVALID_COLUMN_COUNT"
    INVALID_POLICE_FORCE = "INVALID_POLICE_FORCE"
    INVALID_CRIME_TYPE = "INVALID_CRIME_TYPE"
    MISSING_BATCH_ID = "MISSING_BATCH_ID"
    INVALID_BATCH_ID_FORMAT = "INVALID_BATCH_ID_FORMAT"
    INVALID_BATCH_ID_DATE = "INVALID_BATCH_ID_DATE"
    MISSING_CRIME_REFERENCE = "MISSING_CRIME_REFERENCE"
    INVALID_FROM_DATE_FORMAT = "INVALID_FROM_DATE_FORMAT"
    INVALID_TO_DATE_FORMAT = "INVALID_TO_DATE_FORMAT"
    CRIME_DATE_TIME_TO_AFTER_FROM = "CRIME_DATE_TIME_TO_AFTER_FROM"
    CRIME_DATE_TIME_EXCEEDS_WINDOW = "CRIME_DATE_TIME_EXCEEDS_WINDOW"
    INVALID_NUMBER = "INVALID_NUMBER"
    INVALID_TEXT = "INVALID_TEXT"
    DEPENDENT_LOCATION_DATA = "DEPENDENT_LOCATION_DATA"
    MULTIPLE_LOCATION_DATA_TYPES = "MULTIPLE_LOCATION_DATA_TYPES"
    INVALID_LOCATION_DATA_RANGE = "INVALID_LOCATION_DATA_RANGE"
    MISSING_LOCATION_DATA = "MISSING_LOCATION_DATA"
    DUPLICATE_CRIME_REFERENCE = "DUPLICATE_CRIME_REFERENCE"


class FileCode(StrEnum):
    """Why a file was refused as a whole."""

    INVALID_ATTACHMENT = "INVALID_ATTACHMENT"
    MULTIPLE_POLICE_FORCES = "MULTIPLE_POLICE_FORCES"
    MULTIPLE_BATCH_IDS = "MULTIPLE_BATCH_IDS"
    ALL_RECORDS_FAILED = "ALL_RECORDS_FAILED"


class WarningCode(StrEnum):
    """What the sender should look at, although the row was accepted."""

    DATUM_CONTRADICTION = "DATUM_CONTRADICTION"
    UNLOCATABLE = "UNLOCATABLE"
    MISSING_END = "MISSING_END"
    FORMULA_CELL = "FORMULA_CELL"


class Status(StrEnum):
    """What became of a file."""

    SUCCESSFUL = "SUCCESSFUL"
    PARTIAL = "PARTIAL"
    ERROR = "ERROR"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one cell: what a rule answers."""

    code: RowCode | WarningCode
    field: str | None
    value: str | None
    action: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault and its place. `row` counts records from 1, `line` the file's lines (both None for
    the file as a whole). `reference` and `value` are shortened and free of control characters; they
    stay out of `repr`, since what a misplaced cell holds may be about a person.
    """

    code: RowCode | FileCode | WarningCode
    action: str
    row: int | None = None
    line: int | None = None
    reference: str | None = dataclasses.field(default=None, repr=False)
    field: str | None = None
    value: str | None = dataclasses.field(default=None, repr=False)


def echo(written: str) -> str:
    """A cell as it may be shown: short, without control, format and line-breaking characters."""
    shown = written[: ECHO_CHARS + 1]
    clean = "".join(c if _showable(c) else "\N{REPLACEMENT CHARACTER}" for c in shown)
    return clean if len(clean) <= ECHO_CHARS else clean[: ECHO_CHARS - 1] + "…"


def _showable(char: str) -> bool:
    # Cf holds the marks that turn the direction of text: they can make a report say otherwise.
    return unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp", "Cs"}
