"""Is an instance whole? The audit's chain, every imported file, every file of the archive."""

from __future__ import annotations

from dataclasses import dataclass

from tipstaff.records import sources
from tipstaff.services.audit import Verification, verify_audit
from tipstaff.services.instance import NotReadyError
from tipstaff.services.whole_archive import INCOMPLETE, whole_archive

#: More sources than there can be.
_ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class Soundness:
    """What was found: the audit, and how many imported files and files of the archive there are."""

    audit: Verification
    sources: int
    files: int


def check_instance() -> Soundness:
    """Check everything; it shows nothing of anybody, so it asks for no purpose.

    Raises NotReadyError where the archive lacks an imported file, ArchiveDamagedError where one of
    its own files is lost or cut short.
    """
    archive = whole_archive()
    held = sources.spread(_ALL)
    if not archive.holds_each(held):
        raise NotReadyError(INCOMPLETE)
    return Soundness(verify_audit(), len(held), len(archive.files()))
