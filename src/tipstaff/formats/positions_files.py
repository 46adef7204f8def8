"""What the readers of position files share: faults of a whole file, and finding its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tipstaff.formats.mapping import Mapping
from tipstaff.formats.mapping_units import FIELDS, REQUIRED

BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a whole file cannot be read: code, where, what, and what to do."""

    code: str
    where: str
    what: str
    action: str

    def __str__(self) -> str:
        return f"{self.code} ({self.where}): {self.what}; {self.action}"


#: Faults that more than one reader finds.
EMPTY_FILE: Final = FileFault("EMPTY_FILE", "file", "there is nothing in it", "send the file again")
BAD_LINE_ENDS: Final = FileFault(
    "BAD_LINE_ENDS",
    "line 1",
    "a carriage return stands where a line feed should",
    "save the file with the line ends LF or CRLF",
)


def simple_name(name: str) -> str:
    """A column name for comparison: letter case, spaces and punctuation do not count."""
    return "".join(ch for ch in name.casefold() if ch.isalnum())


def find_columns(names: Sequence[str], mapping: Mapping) -> dict[str, int] | FileFault:
    """Field → index of its column among a file's `names`; exactly first, then loosely."""
    found: dict[str, int] = {}
    for name in FIELDS:
        wanted = mapping.columns.get(name)
        if wanted is None:
            continue
        hits = _hits(names, wanted)
        if len(hits) > 1:
            return FileFault(
                "AMBIGUOUS_COLUMN", name, f"{len(hits)} columns could be it", "name one exactly"
            )
        if hits:
            found[name] = hits[0]
        elif name not in mapping.optional:
            return _missing(name, wanted)
    return found


def _missing(name: str, wanted: tuple[str, ...]) -> FileFault:
    action = "add it, or name another column in the mapping's [columns]"
    if name not in REQUIRED:
        action += ", or list the field as optional there"
    return FileFault("MISSING_COLUMN", name, f"there is no column {' or '.join(wanted)}", action)


def _hits(names: Sequence[str], wanted: tuple[str, ...]) -> list[int]:
    exact = [i for i, name in enumerate(names) if name in wanted]
    if exact:
        return exact
    loose = {simple_name(name) for name in wanted}
    return [i for i, name in enumerate(names) if simple_name(name) in loose]
