"""Upkeep of the archive: fewer, larger files; nothing that it says changes."""

from __future__ import annotations

from dataclasses import dataclass

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.services.access import admit
from tipstaff.services.recording import reading
from tipstaff.services.whole_archive import whole_archive


@dataclass(frozen=True, slots=True)
class Compacted:
    """How many days were brought into one file each, and how many old files were deleted."""

    days: int
    files_deleted: int


def compact_archive(*, actor: str, purpose: Purpose, authority: str, keep_hours: int) -> Compacted:
    """Bring each day's fixes into one sorted file; delete files out of use for `keep_hours`.

    The fixes stay the same, row for row; runs name their data by digest, not by file.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.ALTERATION,
        use_case="compact_archive",
    )
    with reading(access, extent={"keep_hours": keep_hours}) as looked:
        archive = whole_archive()
        days = archive.compact()
        deleted = archive.vacuum(keep_hours)
        looked.rows = days
    return Compacted(days, deleted)
