"""What is kept of everyone and until when: a list, soonest first. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.retention_schedule import Due, State, schedule
from tipstaff.records import law, retention
from tipstaff.records.chunks import chunked
from tipstaff.services.access import admit
from tipstaff.services.limited_access import may_see
from tipstaff.services.recording import reading


@dataclass(frozen=True, slots=True, repr=False)
class DueLine:
    """One thing of one wearer, and when it goes."""

    wearer: str
    due: Due


@dataclass(frozen=True, slots=True)
class DueList:
    """What is kept and until when, soonest first; `rest`: how many more there are after them.

    What is kept of whom the actor may not see is not among them, nor counted.
    """

    policy: str
    lines: tuple[DueLine, ...]
    rest: int = 0


def list_retention(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    due_only: bool = False,
    most: int | None = None,
    skip: int = 0,
) -> DueList:
    """What is kept of everyone, when it goes, and why, soonest first; `most` lines, None: all.

    `skip`: so many of the soonest are left out.

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
    with reading(access, extent={"policy": policy.name, "due_only": due_only}) as looked:
        for chunk in chunked(retention.everyone(now)):
            seen = may_see(access, [facts.reference for facts in chunk])
            lines += [
                (DueLine(facts.reference, due), facts.subject_ref)
                for facts in chunk
                if facts.reference in seen
                for due in schedule(facts.person, policy, now)
                if not due_only or due.state is State.DUE
            ]
        shown = sorted(lines, key=lambda each: _order(each[0]))[skip:][:most]
        looked.subjects = {ref for _line, ref in shown}
        looked.rows = len(shown)
    rest = max(0, len(lines) - skip - len(shown))
    return DueList(policy.name, tuple(line for line, _ref in shown), rest)


def _order(line: DueLine) -> tuple[bool, float, str, str]:
    at = line.due.due_at
    return (at is None, at.timestamp() if at else 0.0, line.wearer, str(line.due.category))
