"""Alerts as they stand when a notice of them goes out: it may have been queued long before."""

from __future__ import annotations

from uuid import UUID

from tipstaff.domain.alerts import Alert
from tipstaff.records.alert_rows import alert_of
from tipstaff.records.models import Alert as AlertRow


def as_it_stands(wearer: UUID, number: int) -> Alert | None:
    """The alert of that number of a wearer (a row), without what was decided; None if none."""
    row = AlertRow.objects.filter(wearer=wearer, number=number).first()
    return None if row is None else alert_of(row, (), wearer).value
