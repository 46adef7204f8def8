"""How many alerts of each kind were genuine, by what people closed them as."""

from __future__ import annotations

from datetime import timedelta

from tipstaff.domain.alert_precision import Precision, precision
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.purposes import Purpose
from tipstaff.records import alert_counts
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.recording import reading


def alert_precision(
    *, actor: str, purpose: Purpose, authority: str, days: int = 30
) -> tuple[Precision, ...]:
    """Of each kind, over the last `days` days (30 and 90 are usual), by the day of closing.

    Kinds of which fewer than ten alerts were decided show no numbers. Alerts about people of
    limited access are not counted.
    """
    access = admit_to(actor, purpose, authority, "alert_precision")
    with reading(access, extent={"days": days}) as looked:
        now = clock()
        counts = alert_counts.outcomes_since(now - timedelta(days=days), until=now)
        found = tuple(precision(kind, counts.get(kind, {})) for kind in FindingKind)
        looked.rows = len(found)
    return found
