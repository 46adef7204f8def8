"""Days of compliance: the gravest of what happened, UK days, and what weighs nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tipstaff.domain.alerts import AlertOutcome
from tipstaff.domain.compliance import AlertOfDay, DayMark, compliance_days
from tipstaff.domain.findings import FindingKind, Level, Outcome, PeriodOutcome

TODAY = date(2026, 7, 10)


def period(outcome: Outcome, start: datetime) -> PeriodOutcome:
    end = start + timedelta(hours=8)
    return PeriodOutcome(end, FindingKind.CURFEW, "c1", start, outcome, 0.0, 0.0)


def alert(kind: FindingKind, outcome: AlertOutcome | None, opened: datetime) -> AlertOfDay:
    return AlertOfDay(1, kind, "z1", Level.CONFIRMED, opened, outcome)


NOON = datetime(2026, 7, 9, 12, tzinfo=UTC)
KEPT, BROKEN = period(Outcome.KEPT, NOON), period(Outcome.BROKEN, NOON)
UNKNOWN = period(Outcome.UNKNOWN, NOON)
OPEN = alert(FindingKind.ZONE, None, NOON)


@pytest.mark.parametrize(
    ("periods", "alerts", "mark"),
    [
        ([], [], DayMark.NOTHING),
        ([KEPT], [], DayMark.KEPT),
        ([KEPT, UNKNOWN], [], DayMark.UNKNOWN),
        ([KEPT, UNKNOWN], [OPEN], DayMark.ALERT),
        ([KEPT, BROKEN, UNKNOWN], [OPEN], DayMark.BROKEN),
        ([KEPT], [alert(FindingKind.ZONE, AlertOutcome.GENUINE, NOON)], DayMark.BROKEN),
        ([KEPT], [alert(FindingKind.ZONE, AlertOutcome.NOT_GENUINE, NOON)], DayMark.KEPT),
        ([KEPT], [alert(FindingKind.ZONE, AlertOutcome.RETRACTED, NOON)], DayMark.KEPT),
        ([KEPT], [alert(FindingKind.SILENCE, None, NOON)], DayMark.KEPT),
    ],
)
def test_a_day_is_marked_by_the_gravest(
    periods: list[PeriodOutcome], alerts: list[AlertOfDay], mark: DayMark
) -> None:
    days = compliance_days(periods, alerts, today=TODAY, days=7)
    assert [day.mark for day in days] == [DayMark.NOTHING] * 5 + [mark, DayMark.NOTHING]


def test_days_are_uk_days_and_what_is_older_is_left_out() -> None:
    late = period(Outcome.KEPT, datetime(2026, 7, 8, 23, 30, tzinfo=UTC))  # 00:30 on the 9th
    old = period(Outcome.BROKEN, NOON - timedelta(days=30))
    days = compliance_days([late, old], [], today=TODAY, days=3)
    assert [(day.on.day, day.mark) for day in days] == [
        (8, DayMark.NOTHING),
        (9, DayMark.KEPT),
        (10, DayMark.NOTHING),
    ]
