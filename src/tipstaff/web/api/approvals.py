"""Approvals and grants: what waits, what was taken in an emergency, who is cleared."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.purposes import Purpose
from tipstaff.records.permits import PermitLine
from tipstaff.services import grants, permits
from tipstaff.web.api.asking import who
from tipstaff.web.api.desk_acts import add_acts
from tipstaff.web.api.parts import Part
from tipstaff.web.api.shapes import Asked, At, Limit, Page, Told, page_of
from tipstaff.web.desks import approvals

PART: Final = Part(Group.APPROVALS)


class AreaTold(Told):
    """A circle."""

    latitude: float
    longitude: float
    radius_m: float


class PermitTold(Told):
    """What was asked for, or taken in an emergency, and by whom."""

    ref: UUID
    user: str
    use_case: str
    purpose: Purpose
    authority: str
    reason: str
    start: At
    end: At
    ends_at: At
    about: str | None
    area: AreaTold | None
    emergency: bool
    asked_at: At


class GrantTold(Told):
    """Who may see records of limited access: of one wearer, or of every."""

    ref: UUID
    user: str
    every: bool
    wearer: str
    reason: str
    starts_at: At
    ends_at: At | None
    ended_at: At | None


class PermitsAsked(Asked):
    """`emergencies`: what was taken and waits for a review; else what waits for a decision."""

    emergencies: bool = False
    limit: Limit = 100


@PART.reads("/approvals", "list_permits", Page[PermitTold])
def waiting(request: HttpRequest, asked: Annotated[PermitsAsked, Query()]) -> Any:
    """What waits for your decision or review."""
    found = permits.list_permits(**who(request), emergencies=asked.emergencies, limit=asked.limit)
    return page_of(_permit(one) for one in found)


@PART.reads("/grants", "list_grants", Page[GrantTold])
def granted(request: HttpRequest) -> Any:
    """Grants for records of limited access."""
    return page_of(grants.list_grants(**who(request)))


def _permit(one: PermitLine) -> dict[str, Any]:
    asked = one.asked
    return {
        "ref": one.ref, "user": one.user, "use_case": asked.use_case, "purpose": asked.purpose,
        "authority": asked.authority, "reason": asked.reason, "start": asked.period.start,
        "end": asked.period.end, "ends_at": asked.ends_at, "about": asked.name,
        "area": asked.area, "emergency": asked.emergency, "asked_at": one.asked_at,
    }  # fmt: skip


add_acts(PART, approvals.ACTS)
