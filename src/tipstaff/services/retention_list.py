"""What is kept of everyone and until when: a list, soonest first. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.retention_schedule import Due, State, schedule
from tipstaff.records import case_versions, law, retention
from tipstaff.records.chunks import chunked
from tipstaff.services.access import admit
from tipstaff.services.limited_access import cleared
from tipstaff.services.recording import reading


@dataclass(frozen=True, slots=True, repr=False)
class DueLine:
    """One thing of one wearer, and when it goes."""

    wearer: str
    due: Due


@dataclass(frozen=True, slots=True)
class DueList:
    """What is kept and until when, soonest first.

    `limited`: how many things are of records that the actor may not see; `rest`: how many more
    there are than were asked for.
    """

    policy: str
    lines: tuple[DueLine, ...]
    limited: int = 0
    rest: int = 0


def list_retention(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    due_only: bool = False,
    most: int | None = None,
) -> DueList:
    """What is kept of everyone, when it goes, and why, soonest first; `most` lines, None: all.

    Nothing is changed. The audit names those who are listed.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_retention",
    )
    policy, now = law.retention_policy(), datetime.now(UTC)
    lines: list[tuple[DueLine, UUID]] = []
    hidden = 0
    with reading(access, extent={"policy": policy.name, "due_only": due_only}) as looked:
        for chunk in chunked(retention.everyone(now)):
            limited = case_versions.limited_of([f.row for f in chunk], now=now)
            for facts in chunk:
                found = [
                    (DueLine(facts.reference, due), facts.subject_ref)
                    for due in schedule(facts.person, policy, now)
                    if not due_only or due.state is State.DUE
                ]
                if limited.get(facts.row) and not cleared(access):
                    hidden += len(found)
                else:
                    lines += found
        shown = sorted(lines, key=lambda each: _order(each[0]))[:most]
        looked.subjects = {ref for _line, ref in shown}
        looked.rows = len(shown)
    rest = len(lines) - len(shown)
    return DueList(policy.name, tuple(line for line, _ref in shown), hidden, rest)


def _order(line: DueLine) -> tuple[bool, float, str, str]:
    at = line.due.due_at
    return (at is None, at.timestamp() if at else 0.0, line.wearer, str(line.due.category))
