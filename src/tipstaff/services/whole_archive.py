"""The archive, opened for an answer: only if it holds what the records say was imported.

An archive that was moved away, or restored from before the last imports, has no fixes where there
were some, and every answer from it would clear people.
"""

from __future__ import annotations

from typing import Final

from tipstaff.positions.archive import Archive
from tipstaff.records import sources
from tipstaff.services.instance import NotReadyError, open_instance

#: So many imported files are looked for, the first and the last among them, evenly spread.
LOOKED_FOR: Final = 32

INCOMPLETE: Final = (
    "The archive lacks positions that were imported according to the records; nothing was "
    "answered, as an answer from the rest would read as 'not there'. Check that the data folder is "
    "the right one (TIPSTAFF_DATA); else restore its folder 'archive' from a backup, or import the "
    "same files again."
)


def whole_archive() -> Archive:
    """The instance's archive; NotReadyError where imported files are not in it."""
    archive = Archive(open_instance().archive_folder)
    require_whole(archive)
    return archive


def require_whole(archive: Archive) -> None:
    """Raise NotReadyError where imported files are not in the archive.

    An import reaches the archive before the records, so whatever is on record must be in it.
    """
    if not archive.holds_each(sources.spread(LOOKED_FOR)):
        raise NotReadyError(INCOMPLETE)
