"""What is wrong with accounts, assignments, grants and approvals, before they are recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.access_facts import WIDEST_M, Area
from tipstaff.domain.access_rows import Approval
from tipstaff.domain.access_rules import LONGEST_PERMIT, LONGEST_PLACE_SEARCH, ROWS
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.roles import OF_A_FORCE, OF_AN_ORGANISATION, Role

#: What people write: names, reasons, organisations.
LONGEST_TEXT: Final = 500


class AccessCode(StrEnum):
    """Why something about access is refused."""

    USERNAME = "USERNAME"
    USERNAME_TAKEN = "USERNAME_TAKEN"
    ACCOUNT_NOT_KNOWN = "ACCOUNT_NOT_KNOWN"
    OWN_ACCOUNT = "OWN_ACCOUNT"
    LOCAL_ROLE = "LOCAL_ROLE"
    FORCE_MISSING = "FORCE_MISSING"
    FORCE_NOT_KNOWN = "FORCE_NOT_KNOWN"
    ORGANISATION_MISSING = "ORGANISATION_MISSING"
    WEARER_NOT_KNOWN = "WEARER_NOT_KNOWN"
    TEAM_NOT_KNOWN = "TEAM_NOT_KNOWN"
    TEAM_TAKEN = "TEAM_TAKEN"
    HOLDER = "HOLDER"
    TEXT = "TEXT"
    REASON_MISSING = "REASON_MISSING"
    PERIOD = "PERIOD"
    DAY = "DAY"
    NOT_HELD = "NOT_HELD"
    ONESELF = "ONESELF"
    AUTHORITY_MISSING = "AUTHORITY_MISSING"
    NOT_OPEN_TO_APPROVAL = "NOT_OPEN_TO_APPROVAL"
    NAME_MISSING = "NAME_MISSING"
    AREA_MISSING = "AREA_MISSING"
    AREA = "AREA"
    TOO_LONG = "TOO_LONG"
    NOT_WAITING = "NOT_WAITING"
    NOT_YOURS_TO_DECIDE = "NOT_YOURS_TO_DECIDE"
    ALREADY_DECIDED = "ALREADY_DECIDED"


def check_username(name: str) -> list[Problem]:
    """What is wrong with the name of an account."""
    if 0 < len(name) <= 150 and name.isprintable() and name == name.strip():
        return []
    action = "give a name on one line of at most 150 characters"
    return [Problem(AccessCode.USERNAME, "username", action)]


def check_text(where: str, text: str, *, needed: bool = False) -> list[Problem]:
    """What is wrong with a text that somebody wrote; `needed`: it may not be empty."""
    if needed and not text.strip():
        return [Problem(AccessCode.REASON_MISSING, where, "say it in a sentence")]
    if len(text) > LONGEST_TEXT or not text.isprintable():
        action = f"write it on one line of at most {LONGEST_TEXT} characters"
        return [Problem(AccessCode.TEXT, where, action)]
    return []


def check_post(
    role: Role, *, force: str | None, organisation: str, wearer: str | None
) -> list[Problem]:
    """What is wrong with what an account is to be."""
    found: list[Problem] = []
    if role is Role.LOCAL:
        action = "the local role is made by 'tipstaff init' alone; choose another"
        found.append(Problem(AccessCode.LOCAL_ROLE, "role", action))
    if role in OF_A_FORCE and force is None:
        action = "name the force: this role reaches nobody without one"
        found.append(Problem(AccessCode.FORCE_MISSING, "force", action))
    if role in OF_AN_ORGANISATION and not organisation.strip():
        action = "name the organisation; of a tag supplier: the supplier as mappings name it"
        found.append(Problem(AccessCode.ORGANISATION_MISSING, "organisation", action))
    if role is Role.WEARER and wearer is None:
        action = "give the reference of the wearer whose account it is"
        found.append(Problem(AccessCode.WEARER_NOT_KNOWN, "wearer", action))
    return found


def check_span(start: datetime, end: datetime | None, where: str = "ends_at") -> list[Problem]:
    """What is wrong with a time from `start` to `end` (None: without an end)."""
    if end is None or end > start:
        return []
    return [Problem(AccessCode.PERIOD, where, "give an end that is after the beginning")]


def check_asking(
    use_case: str, *, name: str | None, area: Area | None, period: Period, lasts: timedelta
) -> list[Problem]:
    """What is wrong with what an approval is asked for."""
    row = ROWS.get(use_case)
    if row is None or row.approval is None:
        action = "name a use case that docs/reference/permissions.md lists with an approval"
        return [Problem(AccessCode.NOT_OPEN_TO_APPROVAL, "use_case", action)]
    found: list[Problem] = []
    place = row.approval is Approval.PLACE
    if not place and not name:
        action = "name the wearer or the device"
        found.append(Problem(AccessCode.NAME_MISSING, "name", action))
    if place and area is None:
        action = "give the place and the radius"
        found.append(Problem(AccessCode.AREA_MISSING, "area", action))
    if area is not None and not area.is_a_place:
        action = f"give a place on Earth and a radius of up to {WIDEST_M:.0f} m"
        found.append(Problem(AccessCode.AREA, "area", action))
    if period.start >= period.end:
        action = "give a period with an end after its beginning"
        found.append(Problem(AccessCode.PERIOD, "period", action))
    elif place and period.end - period.start > LONGEST_PLACE_SEARCH:
        action = "a search by place covers at most 48 hours: narrow it"
        found.append(Problem(AccessCode.TOO_LONG, "period", action))
    if not timedelta(0) < lasts <= LONGEST_PERMIT:
        action = f"an approval lasts up to {LONGEST_PERMIT.days} days: give an earlier end"
        found.append(Problem(AccessCode.TOO_LONG, "until", action))
    return found
