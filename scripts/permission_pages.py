"""The page of docs/reference that shows who may do what: the access table, as the code holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from tipstaff.domain.access_policy import REFUSALS
from tipstaff.domain.access_rows import (
    APPROVAL_WORDS,
    PURPOSES_OF_A_ROLE,
    REACH_WORDS,
    Reach,
    Row,
)
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
table, for any purpose but where the table says otherwise, reaches everybody and needs neither
training nor an approval; it is audited, and it needs a grant for limited access like everybody.
"""


#: Reach in a cell of the matrix.
_LETTERS: Final = {
    Reach.NOBODY: "·",
    Reach.SELF: "self",
    Reach.OWN_CASES: "own",
    Reach.FORCE: "force",
    Reach.UNIT: "all",
}


def permission_reference() -> str:
    """The whole page, without the notice above it."""
    parts = ["# Who may do what\n", _INTRO, "## Roles\n", _LOCAL]
    parts += _table(["role", "in the matrix", "who it is", "of a force"], map(_role, Role))
    parts += ["## Matrix\n", "An empty cell: refused. Reach, as a cell names it:\n"]
    parts += _table(["cell", "reach"], ([_LETTERS[r], REACH_WORDS[r]] for r in Reach))
    parts += _table(["use case", *(_short(role) for role in _others())], map(_cells, _rows()))
    parts += ["## Purposes and conditions\n"]
    parts += _table(
        ["use case", "what it is", "purposes", "what else it needs"], map(_row, _rows())
    )
    parts += ["Whatever a row says, these roles act for these purposes alone:\n"]
    parts += _table(
        ["role", "purposes"],
        ([f"`{role}`", ", ".join(sorted(own))] for role, own in PURPOSES_OF_A_ROLE.items()),
    )
    parts += ["## Limits\n", *_limits()]
    parts += ["## Refusals\n"]
    parts += _table(["code", "what to do"], ([f"`{c}`", a] for c, a in REFUSALS.items()))
    return "\n".join(parts)


def _rows() -> list[Row]:
    return list(ROWS.values())


def _others() -> list[Role]:
    return [role for role in Role if role is not Role.LOCAL]


def _short(role: Role) -> str:
    """A role in few letters: three of each of its words."""
    return ".".join(word[:3] for word in role.split("_"))


def _role(role: Role) -> list[str]:
    short = "" if role is Role.LOCAL else _short(role)
    return [f"`{role}`", short, ROLE_WORDS[role], "yes" if role in OF_A_FORCE else ""]


def _cells(row: Row) -> list[str]:
    reach = (row.reach.get(role) for role in _others())
    return [f"`{row.use_case}`", *("" if r is None else _LETTERS[r] for r in reach)]


def _row(row: Row) -> list[str]:
    purposes = ", ".join(sorted(row.purposes))
    for role, more in sorted(row.also.items()):
        purposes += f"; {role} also {', '.join(sorted(more))}"
    needs = [f"training: {COURSE_WORDS[row.training]}"] if row.training else []
    needs += [f"an approval for {APPROVAL_WORDS[row.approval]}"] if row.approval else []
    needs += ["an authority, whatever the purpose"] if row.needs_authority else []
    needs += [f"one of these purposes of `{Role.LOCAL}` too, or demonstration"] if row.bound else []
    return [f"`{row.use_case}`", row.words, purposes, "; ".join(needs)]


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
