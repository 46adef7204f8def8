"""Tell a partner agency how a wearer on a joint plan is doing: counts and days, never a trail."""

from __future__ import annotations

from tipstaff.domain.case_kinds import CaseValue
from tipstaff.domain.orders import Order
from tipstaff.domain.partner_summary import PartnerSummary, Recorded, summarise
from tipstaff.domain.plan_work import Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import case_versions
from tipstaff.records.case_versions import showing
from tipstaff.services.access import admit, require_own_agency
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import sees
from tipstaff.services.recording import reading


def partner_summary(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, agency: str
) -> PartnerSummary | None:
    """The summary for an agency, by its reference on the wearer's plan.

    None where the wearer is on no running plan with that agency, may not be seen, or is not known:
    the three look alike. An agency's own account asks for itself, and need not name itself. The
    audit names the recipient.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.DISCLOSURE,
        use_case="partner_summary",
    )
    if access.actor.role is Role.PARTNER_AGENCY:
        agency = agency or access.actor.organisation
    require_own_agency(access, agency)
    now = clock()
    found, seen = case_versions.find(wearer, now=now), sees(access, wearer)
    whom = frozenset() if found is None else frozenset({found.subject_ref})
    with reading(access, extent={"recipients": [agency]}, subjects=whom) as looked:
        if found is None or not seen:
            return None
        told = case_versions.known_of(found.row, known_at=now)
        shown = (showing(one.versions, valid_at=now, known_at=now) for one in told)
        values = [fact.value for fact in shown if fact is not None]
        summary = summarise(_recorded(values), wearer=wearer, agency=agency, now=now)
        looked.rows = int(summary is not None)
    return summary


def _recorded(values: list[CaseValue]) -> Recorded:
    return Recorded(
        plans=tuple(v for v in values if isinstance(v, Plan)),
        reviews=tuple(v for v in values if isinstance(v, Review)),
        tasks=tuple(v for v in values if isinstance(v, Task)),
        orders=tuple(v for v in values if isinstance(v, Order)),
    )
