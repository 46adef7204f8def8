"""Who asks a use case from a page, why, and under which authority.

Lists and pages of one's own work are for what the role usually does. Where somebody looks further
(a trail, a place), the page asks first; what was said is kept with the session, for that wearer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.purposes import NEEDS_AUTHORITY, Purpose, authority_problem
from tipstaff.domain.roles import Role
from tipstaff.services.access import Who

#: What a role comes for, the first that a use case serves.
_USUAL: Final[dict[Role, tuple[Purpose, ...]]] = {
    Role.MONITORING_OPERATOR: (Purpose.BREACH_INVESTIGATION,),
    Role.INTELLIGENCE_OFFICER: (Purpose.BREACH_INVESTIGATION,),
    Role.VICTIM_LIAISON: (Purpose.VICTIM_SAFETY,),
    Role.ADMINISTRATOR: (Purpose.SYSTEM_ADMINISTRATION,),
    Role.AUDITOR: (Purpose.AUDIT,),
    Role.DATA_PROTECTION_OFFICER: (Purpose.AUDIT,),
    Role.HUB_CASEWORKER: (Purpose.CRIME_MATCHING,),
    Role.HUB_MANAGER: (Purpose.CRIME_MATCHING,),
    Role.CRIME_ANALYST: (Purpose.CRIME_MATCHING,),
    Role.INVESTIGATING_OFFICER: (Purpose.CRIME_MATCHING,),
    Role.WEARER: (Purpose.SUBJECT_ACCESS,),
}
_ELSE: Final = (
    Purpose.OFFENDER_MANAGEMENT,
    Purpose.BREACH_INVESTIGATION,
    Purpose.CRIME_MATCHING,
    Purpose.AUDIT,
    Purpose.SYSTEM_ADMINISTRATION,
    Purpose.DATA_QUALITY,
)
_SAID: Final = "purposes"
#: What was said of a wearer is good for so long: a look an hour later has its own reason.
GOOD_FOR: Final = timedelta(minutes=30)


def role_of(request: HttpRequest) -> Role | None:
    """The role of whoever is signed in; None: one that the program does not know."""
    try:
        return Role(getattr(request.user, "role", ""))
    except ValueError:
        return None


def may(request: HttpRequest, use_case: str) -> bool:
    """Whether the role has that use case at all: what is not offered need not be refused."""
    role = role_of(request)
    return role is not None and (role is Role.LOCAL or use_case in _of(role))


def calling(request: HttpRequest, use_case: str, purpose: Purpose | None = None) -> Who:
    """The caller of a use case: for the role's usual purpose unless another is given."""
    chosen = purpose or usual_purpose(role_of(request), use_case)
    return Who(actor=request.user.get_username(), purpose=chosen, authority="")


def usual_purpose(role: Role | None, use_case: str) -> Purpose:
    """For what a role usually does that: of the purposes which the use case serves."""
    row = ROWS[use_case]
    served = row.purposes if role is None else row.purposes_of(role)
    wanted = (*_USUAL.get(role or Role.LOCAL, ()), *_ELSE)
    return next((one for one in wanted if one in served), min(served or row.purposes))


def choices(request: HttpRequest, use_case: str) -> list[Purpose]:
    """The purposes for which whoever is signed in may do that, in the order of the table."""
    role, row = role_of(request), ROWS[use_case]
    served = row.purposes if role is None else row.purposes_of(role)
    return [one for one in Purpose if one in served]


def purpose_said(request: HttpRequest, use_case: str, about: str) -> Who | None:
    """The caller with the purpose that was said of a wearer; None where it has to be asked."""
    said: Any = request.session.get(_SAID, {}).get(about)
    if said is None or timezone.now() - datetime.fromisoformat(said["at"]) > GOOD_FOR:
        return None
    purpose = Purpose(said["purpose"])
    if purpose not in choices(request, use_case):
        return None
    return Who(actor=request.user.get_username(), purpose=purpose, authority=said["authority"])


def say_purpose(request: HttpRequest, about: str, purpose: Purpose, authority: str) -> str | None:
    """Keep a purpose for a wearer with the session; what is wrong with it, as a code, or None."""
    problem = authority_problem(purpose, authority)
    if problem is not None:
        return problem
    said = dict(request.session.get(_SAID, {}))
    at = timezone.now().isoformat()
    said[about] = {"purpose": purpose.value, "authority": authority.strip(), "at": at}
    request.session[_SAID] = said
    return None


def needs_authority(purpose: Purpose) -> bool:
    """Whether that purpose is refused without an authority."""
    return purpose in NEEDS_AUTHORITY


@cache
def _of(role: Role) -> frozenset[str]:
    return frozenset(name for name, row in ROWS.items() if row.reach_of(role) is not None)
