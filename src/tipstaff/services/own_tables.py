"""The tables of a wearer's own page, for them to take along: no record that others wrote in."""

from __future__ import annotations

from collections.abc import Mapping

from tipstaff.domain.purposes import Purpose
from tipstaff.formats.own_alerts import write_own_alerts, write_own_periods
from tipstaff.records import wearers
from tipstaff.services.access import admit_to
from tipstaff.services.limited_access import sees
from tipstaff.services.own_alerts import own_watching
from tipstaff.services.recording import reading
from tipstaff.services.who_looked import who_looked


def own_tables(
    *, actor: str, purpose: Purpose, authority: str, wearer: str
) -> Mapping[str, bytes] | None:
    """Files by name, as in the own copy: alerts decided, hours, looks. None for anybody else.

    The whole copy, with records and trail, is for a person to read before it is handed over: free
    text in it may name others.
    """
    access = admit_to(actor, purpose, authority, "own_tables", wearer)
    subjects = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={"recipients": ["the wearer"]}, subjects=subjects) as looked:
        subject = next(iter(subjects), None)
        if not sees(access, wearer) or subject is None:
            return None
        watching = own_watching(subject)
        files = {
            "alerts.csv": write_own_alerts(watching.alerts),
            "hours.csv": write_own_periods(watching.periods),
            "looks.csv": who_looked(subject, leave_out=access.request_ref),
        }
        looked.rows = len(watching.alerts) + len(watching.periods)
    return files
