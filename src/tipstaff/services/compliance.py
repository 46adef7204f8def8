"""How a wearer kept to their order of late: day by day, what was kept, broken, and not known."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tipstaff.domain.compliance import AlertOfDay, ComplianceDay, compliance_days
from tipstaff.domain.protocols import Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.records import alert_pages, period_outcomes, wearers
from tipstaff.records.alert_pages import MOST_LINES, AlertLine, AlertsWanted
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock, today_at
from tipstaff.services.limited_access import as_seen, list_reach
from tipstaff.services.recording import reading

#: Longer ago is no matter of days.
MOST_DAYS: Final = 366


def show_compliance(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, days: int = 56
) -> tuple[ComplianceDay, ...]:
    """The last `days` UK days (1 to 366) of a wearer up to today; () for one not to be seen.

    ValueError for another number of days.
    """
    if not 0 < days <= MOST_DAYS:
        raise ValueError("from 1 to 366 days")
    access = admit_to(actor, purpose, authority, "show_compliance", wearer)
    now = clock()
    since = now - timedelta(days=days + 1)
    subjects = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={"days": days}, subjects=subjects) as looked:
        whom = as_seen(access, wearer)
        rows = wearers.keys_of([whom])
        told = period_outcomes.outcomes_of(rows.values(), since=since)
        periods = [one for key in rows.values() for one in told.get(key, ())]
        alerts = [_of_day(line) for line in _alerts(access, whom, since)]
        looked.rows = len(periods) + len(alerts)
        if whom != wearer or not subjects:
            return ()
    return compliance_days(periods, alerts, today=today_at(now), days=days)


def _alerts(access: Access, wearer: str, since: datetime) -> list[AlertLine]:
    wanted = AlertsWanted(
        reach=list_reach(access),
        at_least=Severity.INFORMATION,
        wearer=wearer,
        closed=True,
        limit=MOST_LINES,
    )
    found = alert_pages.page(wanted, now=clock())
    return [line for line in found if line.opened_at >= since]


def _of_day(line: AlertLine) -> AlertOfDay:
    return AlertOfDay(
        line.number, line.kind, line.condition, line.level, line.opened_at, line.outcome
    )
