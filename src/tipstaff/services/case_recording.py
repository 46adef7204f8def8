"""What every use case that records something of a case shares: check, store a version, note it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tipstaff.domain.case_kinds import CaseValue
from tipstaff.domain.problems import Problem
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.case_forms import can_be_kept
from tipstaff.records import cases, wearers
from tipstaff.records.cases import Recorded, Told
from tipstaff.services.access import Access
from tipstaff.services.recording import Looked


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """What became of what was told: the version, or why it was refused and nothing was stored.

    `consequences`: what is wrong with the wearer's orders since then; nothing was refused for it.
    """

    version: int | None
    new: bool
    problems: tuple[Problem, ...] = ()
    consequences: tuple[Problem, ...] = ()


def told(
    value: CaseValue,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> Told:
    """What is told, if it could be read again once it is stored; else a broken call."""
    if not can_be_kept(value):
        raise ValueError("this value cannot be stored: read it with a codec of formats")
    return Told(value, valid_from, valid_to, reason)


def record_told(
    access: Access, what: Told, problems: tuple[Problem, ...], looked: Looked, now: datetime
) -> RecordedCase:
    """Store it, or note in its entry how many problems it was refused for.

    To be called within `recording.changing`, which commits the version and the entry together.
    """
    if problems:
        looked.extent["problems"] = len(problems)
        looked.subjects = wearers.subject_refs([what.wearer])
        return RecordedCase(None, new=False, problems=problems)
    (done,) = cases.record([what], at=now, by=access.actor_ref)
    looked.subjects = wearers.subject_refs([what.wearer])
    looked.extent |= extent_of(done)
    looked.rows = int(done.new)
    return RecordedCase(done.number, done.new)


def extent_of(done: Recorded) -> dict[str, object]:
    """A version in the audit: its subject by the random key, and its number."""
    return {"subject": str(done.subject), "number": done.number, "new": done.new}


def today_at(now: datetime) -> date:
    """The day in Great Britain."""
    return wall_time(now).date()


def clock() -> datetime:
    """The time by the clock of this machine, aware UTC."""
    return datetime.now(UTC)
