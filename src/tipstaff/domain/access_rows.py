"""A row of the access table: who may carry out one use case, on whom, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Course, Role


class Reach(StrEnum):
    """Whom a role reaches by a use case."""

    NOBODY = "nobody"
    SELF = "self"
    OWN_CASES = "own_cases"
    FORCE = "force"
    UNIT = "unit"


REACH_WORDS: Final[dict[Reach, str]] = {
    Reach.NOBODY: "shows or concerns no wearer",
    Reach.SELF: "oneself",
    Reach.OWN_CASES: "the cases assigned to the person or their team",
    Reach.FORCE: "wearers with an order of the person's force, and their own cases",
    Reach.UNIT: "all wearers of all forces",
}


class Approval(StrEnum):
    """For what an approval may be needed, beside what a role may do anyway."""

    WEARER = "wearer"
    TRAIL = "trail"
    PLACE = "place"


APPROVAL_WORDS: Final[dict[Approval, str]] = {
    Approval.WEARER: "a wearer out of reach",
    Approval.TRAIL: "a wearer out of reach; a trail beyond the routine window",
    Approval.PLACE: "every search",
}


#: Roles that do nothing for other purposes than these, whatever a row says: victims' officers look
#: after victims, and the wearer asks for what is their own.
PURPOSES_OF_A_ROLE: Final[Mapping[Role, frozenset[Purpose]]] = {
    Role.VICTIM_LIAISON: frozenset({Purpose.VICTIM_SAFETY}),
    Role.WEARER: frozenset({Purpose.SUBJECT_ACCESS}),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One use case. `reach` has the roles that may; the local role reaches all, for any purpose.

    `training` is demanded of every other role; `approval` says for what one may be needed. `also`:
    purposes that some roles have beside those of all. `bound`: it serves its purposes alone, the
    local role's too, which may also show it on simulated people. `needs_authority`: whatever the
    purpose is.
    """

    use_case: str
    operation: Operation
    words: str
    reach: Mapping[Role, Reach]
    purposes: frozenset[Purpose]
    training: Course | None = None
    approval: Approval | None = None
    also: Mapping[Role, frozenset[Purpose]] = field(default_factory=dict)
    bound: bool = False
    needs_authority: bool = False

    def purposes_of(self, role: Role) -> frozenset[Purpose]:
        """For what that role may do this."""
        if role is Role.LOCAL:
            return self.purposes | {Purpose.DEMONSTRATION} if self.bound else frozenset(Purpose)
        all_of_them = self.purposes | self.also.get(role, frozenset())
        return all_of_them & PURPOSES_OF_A_ROLE.get(role, all_of_them)

    def reach_of(self, role: Role | None) -> Reach | None:
        """Whom that role reaches; None where it may not do this at all."""
        if role is Role.LOCAL:
            return Reach.UNIT
        return None if role is None else self.reach.get(role)


def reaching(reach: Reach, *roles: Role) -> dict[Role, Reach]:
    """The same reach for several roles."""
    return dict.fromkeys(roles, reach)


#: Purposes of those who work on cases.
CASEWORK: Final = frozenset(
    {
        Purpose.OFFENDER_MANAGEMENT,
        Purpose.BREACH_INVESTIGATION,
        Purpose.VICTIM_SAFETY,
        Purpose.LOCATE_FOR_ARREST,
        Purpose.EXTERNAL_REQUEST,
        Purpose.COURT_DISCLOSURE,
        Purpose.SUBJECT_ACCESS,
        Purpose.DATA_QUALITY,
    }
)
#: Purposes of those who record what has come to be known.
RECORDING: Final = frozenset(
    {
        Purpose.OFFENDER_MANAGEMENT,
        Purpose.BREACH_INVESTIGATION,
        Purpose.VICTIM_SAFETY,
        Purpose.DATA_QUALITY,
    }
)
MATCHING: Final = frozenset({Purpose.CRIME_MATCHING})
RUNNING: Final = frozenset({Purpose.SYSTEM_ADMINISTRATION, Purpose.DATA_QUALITY})
EXAMINING: Final = frozenset({Purpose.AUDIT, Purpose.SYSTEM_ADMINISTRATION})
