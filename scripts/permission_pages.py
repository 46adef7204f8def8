"""The page of docs/reference that shows who may do what: the access table, as the code holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from tipstaff.domain.access_policy import REFUSALS
from tipstaff.domain.access_rows import APPROVAL_WORDS, REACH_WORDS, Reach, Row
from tipstaff.domain.access_rules import (
    EMERGENCY,
    LONGEST_PERMIT,
    LONGEST_PLACE_SEARCH,
    ROUTINE_WINDOW,
    ROWS,
)
from tipstaff.domain.roles import COURSE_WORDS, OF_A_FORCE, ROLE_WORDS, Course, Role

_INTRO: Final = """\
What no row permits is refused. A wearer whom a role does not reach is answered as one who is not
there, and so is one of limited access, whatever the role, without a grant by name.
[What this means](../access.md) for those who run an installation. † marks a choice of our own.
"""
_LOCAL: Final = """\
The role `local` is that of whoever owns the installation's files: it does everything in the
table, for any purpose, reaches everybody and needs neither training nor an approval; it is audited,
and it needs a grant for limited access like everybody.
"""


def permission_reference() -> str:
    """The whole page, without the notice above it."""
    parts = ["# Who may do what\n", _INTRO, "## Reach\n"]
    parts += _table(["reach", "whom it reaches"], ([f"`{r}`", REACH_WORDS[r]] for r in Reach))
    parts += ["## Use cases\n", "Roles, their reach behind them; purposes; what else it needs.\n"]
    parts += _table(["use case", "what it is", "roles", "purposes", "needs"], map(_row, _rows()))
    parts += ["## Roles\n", _LOCAL]
    for role in Role:
        parts += _role(role)
    parts += ["## Limits\n", *_limits()]
    parts += ["## Refusals\n"]
    parts += _table(["code", "what to do"], ([f"`{c}`", a] for c, a in REFUSALS.items()))
    return "\n".join(parts)


def _rows() -> list[Row]:
    return list(ROWS.values())


def _row(row: Row) -> list[str]:
    roles = ", ".join(f"{role} ({reach})" for role, reach in sorted(row.reach.items()))
    purposes = ", ".join(sorted(row.purposes))
    for role, more in sorted(row.also.items()):
        purposes += f"; {role} also {', '.join(sorted(more))}"
    needs = [f"training: {COURSE_WORDS[row.training]}"] if row.training else []
    needs += [f"an approval for {APPROVAL_WORDS[row.approval]}"] if row.approval else []
    return [f"`{row.use_case}`", row.words, roles, purposes, "; ".join(needs)]


def _role(role: Role) -> list[str]:
    may = [f"`{row.use_case}` ({row.reach[role]})" for row in _rows() if role in row.reach]
    force = " Of one police force." if role in OF_A_FORCE else ""
    told = "everything" if role is Role.LOCAL else ", ".join(may) or "nothing yet"
    return [f"- **{role}**, {ROLE_WORDS[role]}.{force} {told}.", ""]


def _limits() -> list[str]:
    windows = ", ".join(f"{role} {_days(window)}" for role, window in ROUTINE_WINDOW.items())
    return [
        f"- Trail without an approval, how far back †: {windows}.",
        f"- Search by place: at most {LONGEST_PLACE_SEARCH // timedelta(hours=1)} hours.",
        f"- An approval lasts at most {LONGEST_PERMIT.days} days †; what is taken in an emergency "
        f"{EMERGENCY // timedelta(minutes=1)} minutes †.",
        f"- Courses: {', '.join(f'`{c}`, {COURSE_WORDS[c]}' for c in Course)}.",
        "",
    ]


def _days(window: timedelta) -> str:
    return "none" if not window else f"{window.days} days"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [*("| " + " | ".join(line) + " |" for line in lines), ""]
