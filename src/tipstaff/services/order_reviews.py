"""Days of review that nobody answered: monitoring that goes on without a review is unlawful."""

from __future__ import annotations

from datetime import date

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import case_lists
from tipstaff.records.case_lists import ReviewLine
from tipstaff.services.access import admit
from tipstaff.services.case_recording import clock, today_at
from tipstaff.services.limited_access import list_reach
from tipstaff.services.recording import reading


def list_reviews_due(
    *, actor: str, purpose: Purpose, authority: str, by: date | None = None, limit: int = 50
) -> tuple[ReviewLine, ...]:
    """Orders within reach whose review is due by a day (None: by today), the longest due first.

    What is due before today was missed. A review is answered by a decision about the order.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_reviews_due",
    )
    now = clock()
    day = by or today_at(now)
    with reading(access, extent={"by": day.isoformat(), "limit": limit}) as looked:
        lines = case_lists.reviews_due(day, now=now, limit=limit, reach=list_reach(access))
        looked.subjects = {line.order.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines
