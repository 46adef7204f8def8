"""Examine the audit itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import audit
from tipstaff.records.chain import ChainFault, Entry, faults
from tipstaff.services.access import admit
from tipstaff.services.instance import open_instance
from tipstaff.services.limited_access import hidden_subjects
from tipstaff.services.recording import reading
from tipstaff.services.sealing import anchored_heads, seal


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of the chain. `waiting` entries are committed and not chained yet."""

    entries: int
    heads: int
    waiting: int
    faults: tuple[ChainFault, ...]


def verify_audit() -> Verification:
    """Chain what waits, then check every entry against its hash, its neighbour and the heads.

    It shows nothing of any entry, so it asks for no purpose and leaves no entry of its own.
    """
    heads = anchored_heads(open_instance().audit_heads_file)
    found = tuple(faults(audit.sealed(), heads))
    if not found:
        seal()
    return Verification(audit.count_sealed(), len(heads), audit.not_sealed(), found)


def list_audit(*, actor: str, purpose: Purpose, authority: str, limit: int = 50) -> list[Entry]:
    """The latest entries, newest first, this look not among them.

    Wearers of limited access are left out of whom an entry concerns, unless a grant opens them: a
    count of one would tell that there is somebody of a reference that was tried.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_audit",
    )
    with reading(access, extent={"limit": limit}) as looked:
        entries = audit.latest(limit, leave_out=access.request_ref)
        hidden = hidden_subjects(access, (ref for e in entries for ref in e.subject_refs))
        looked.rows = len(entries)
    return [
        replace(e, subject_refs=tuple(ref for ref in e.subject_refs if ref not in hidden))
        for e in entries
    ]
