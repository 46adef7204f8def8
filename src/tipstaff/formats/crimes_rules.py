"""The rules of a row: each takes the cells, answers what it read and what is wrong.

A rule never stops another: all errors of a row are reported together. Decisions where the national
format leaves room:

- Nothing is trimmed in strict mode but the crime reference, whose outer spaces are not part of it.
  A cell of spaces alone counts as empty.
- Control characters (Unicode Cc) make INVALID_TEXT in the crime reference and the crime text; the
  text may hold line breaks and tabs. In the other columns they break the column's own rule. The
  description and the datum are ignored whatever they hold, except NUL, which no text file has.
- A text cell of more than a million characters is INVALID_TEXT: no force writes that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tipstaff.domain.batches import BatchId, BatchIdFault, parse_any_batch_id, parse_batch_id
from tipstaff.domain.crimes import CRIME_TYPE_WORDS, CrimeType
from tipstaff.domain.forces import NATIONAL_FORCES, likely_force
from tipstaff.formats.crimes_columns import Cells
from tipstaff.formats.crimes_problems import Fault, RowCode, echo

MAX_TEXT_CHARS: Final = 1_000_000
#: Wide enough for any force's name; a longer one is a misplaced cell.
MAX_FORCE_CHARS: Final = 100
STRICT_WINDOW_S: Final = 12 * 3600
LENIENT_WINDOW_S: Final = 366 * 24 * 3600
MISSING_END_S: Final = 12 * 3600
_TYPES: Final = ", ".join(CrimeType)
_TYPE_WORDS: Final = {words: code for code, words in CRIME_TYPE_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the two modes differ in. `forces`: identifier → code of batch ids."""

    lenient: bool = False
    forces: Mapping[str, str] = field(default_factory=lambda: NATIONAL_FORCES)
    max_window_s: int = STRICT_WINDOW_S
    missing_end_s: int | None = None


def read_force(cells: Cells, rules: Rules, faults: list[Fault]) -> str | None:
    """The force's identifier."""
    written = cells.police_force
    if written in rules.forces:
        return written
    meant = likely_force(written[:MAX_FORCE_CHARS], rules.forces)
    if rules.lenient and meant:
        return meant
    if rules.lenient and 0 < len(written) <= MAX_FORCE_CHARS and not control_at(written):
        return written
    hint = f"Did you mean {meant}?" if meant else f"One of: {', '.join(rules.forces)}."
    if rules.lenient:
        hint = f"Give the name of the force, at most {MAX_FORCE_CHARS} characters."
    action = f"Write the force's identifier exactly, capitals included. {hint}"
    faults.append(Fault(RowCode.INVALID_POLICE_FORCE, "police_force", echo(written), action))
    return None


def read_type(cells: Cells, rules: Rules, faults: list[Fault]) -> str | None:
    """The code of the crime type."""
    written = cells.crime_type
    if written.isascii() and written.upper() in CrimeType.__members__:
        return written.upper()
    if rules.lenient and written.lower() in _TYPE_WORDS:
        return _TYPE_WORDS[written.lower()]
    action = f"Use one of the codes {_TYPES}."
    faults.append(Fault(RowCode.INVALID_CRIME_TYPE, "crime_type", echo(written), action))
    return None


def read_batch(
    cells: Cells, force: str | None, rules: Rules, faults: list[Fault]
) -> BatchId | None:
    """The batch id; not looked at where the force is not known, since it must carry its code."""
    if force is None:
        return None
    written = cells.batch_id
    code = rules.forces.get(force)
    if code is None or (rules.lenient and written.upper().startswith(code.upper())):
        found = parse_any_batch_id(written)
    else:
        found = parse_batch_id(written, code)
    if isinstance(found, BatchId):
        return BatchId(code or found.code, found.day, found.number, found.kind)
    if not (rules.lenient and found is BatchIdFault.MISSING):
        faults.append(_batch_fault(found, code or "CODE", written))
    return None


def _batch_fault(fault: BatchIdFault, code: str, written: str) -> Fault:
    shape = f"{code}yyyymmdd, then -n and -R or -A if needed, as in {code}20260131-1-R"
    if fault is BatchIdFault.MISSING:
        return Fault(RowCode.MISSING_BATCH_ID, "batch_id", None, f"Give the batch id: {shape}.")
    if fault is BatchIdFault.DATE:
        action = "Use a date that exists, as yyyymmdd, in the batch id."
        return Fault(RowCode.INVALID_BATCH_ID_DATE, "batch_id", echo(written), action)
    action = f"Write {shape}; capitals count in {code} and nothing may follow."
    return Fault(RowCode.INVALID_BATCH_ID_FORMAT, "batch_id", echo(written), action)


def read_reference(cells: Cells, faults: list[Fault]) -> str | None:
    """The crime reference without outer spaces."""
    written = cells.crime_reference
    if not check_text("crime_reference", written, "", faults):
        return None
    if not written.strip():
        action = "Give the force's own reference of the crime; it must be unique within the force."
        faults.append(Fault(RowCode.MISSING_CRIME_REFERENCE, "crime_reference", None, action))
    return written.strip() or None


def check_texts(cells: Cells, faults: list[Fault]) -> None:
    """The columns that are free text, and those that are ignored."""
    for name, written in (
        ("crime_type_description", cells.crime_type_description),
        ("datum", cells.datum),
    ):
        if "\0" in written or len(written) > MAX_TEXT_CHARS:
            check_text(name, written, "", faults)
    check_text("crime_text", cells.crime_text, "\t\r\n", faults)


def check_text(name: str, written: str, allowed: str, faults: list[Fault]) -> bool:
    """Whether the text is free of control characters and not absurdly long."""
    if len(written) > MAX_TEXT_CHARS:
        value = f"{len(written)} characters"
        action = (
            f"Shorten the text to at most {MAX_TEXT_CHARS:,} characters; look for a lost quote."
        )
        faults.append(Fault(RowCode.INVALID_TEXT, name, value, action))
        return False
    found = control_at(written, allowed)
    if found is None:
        return True
    # The place is told, not the text round it: it may be about a person.
    value = f"U+{ord(written[found]):04X} at character {found + 1}"
    action = "Remove the control character; save the file as UTF-8 text."
    faults.append(Fault(RowCode.INVALID_TEXT, name, value, action))
    return False


def control_at(text: str, allowed: str = "") -> int | None:
    """Where the first control character is that is not allowed; None if there is none."""
    if text.isprintable():
        return None
    for place, char in enumerate(text):
        if unicodedata.category(char) == "Cc" and char not in allowed:
            return place
    return None
