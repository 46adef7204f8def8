"""Examine the audit itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import audit
from tipstaff.records.anchors import AnchorFault
from tipstaff.records.audit import After
from tipstaff.records.chain import ChainFault, Entry, faults
from tipstaff.services.access import admit
from tipstaff.services.instance import open_instance
from tipstaff.services.limited_access import hidden_subjects
from tipstaff.services.private_words import Told, told
from tipstaff.services.recording import reading
from tipstaff.services.sealing import anchored, seal, settled_faults


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of the chain. `waiting` entries are committed and not chained yet.

    `faults` are of the chain; `anchor_faults` of the file of heads, without which the chain's end
    may be cut off, or all of it written anew, unseen.
    """

    entries: int
    heads: int
    waiting: int
    faults: tuple[ChainFault, ...]
    anchor_faults: tuple[AnchorFault, ...] = ()


def verify_audit() -> Verification:
    """Check every chained entry against its hash, its neighbour and the heads; then chain the rest.

    It shows nothing of any entry, so it asks for no purpose and leaves no entry of its own. Where
    anything is wrong, nothing is chained: what is found stays as it was found.
    """
    path = open_instance().audit_heads_file
    heads = anchored(path).heads
    found = tuple(faults(audit.sealed(), heads))
    entries = audit.count_sealed()
    wrong = settled_faults(path, audit.last_sequence())
    if not found and not wrong:
        seal()
        entries = audit.count_sealed()
    return Verification(entries, len(heads), audit.not_sealed(), found, wrong)


def list_audit(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 50, after: After | None = None
) -> list[Entry]:
    """The latest entries, newest first, this look not among them; their words where keys stand.

    `after`: the instant and the id of the last line of the page before.
    """
    found = list_told(actor=actor, purpose=purpose, authority=authority, limit=limit, after=after)
    return [told.entry for told in found]


def list_told(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 50, after: After | None = None
) -> list[Told]:
    """The same, each with what became of its enciphered words.

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
    before = {} if after is None else {"before": after[0].isoformat()}
    with reading(access, extent={"limit": limit, **before}) as looked:
        entries = told(audit.latest(limit, leave_out=access.request_ref, after=after))
        hidden = hidden_subjects(access, (ref for e in entries for ref in e.entry.subject_refs))
        looked.rows = len(entries)
    return [
        replace(each, entry=replace(each.entry, subject_refs=_shown(each.entry, hidden)))
        for each in entries
    ]


def _shown(entry: Entry, hidden: frozenset[str]) -> tuple[str, ...]:
    return tuple(ref for ref in entry.subject_refs if ref not in hidden)
