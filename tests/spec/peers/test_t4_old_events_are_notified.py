"""T4: an event older than 15 minutes is never notified, silently.

Here an event however old is notified, and marked late.
"""

from __future__ import annotations

import pytest
from made_alerts import alert, due, routed

from tipstaff.domain.findings import FindingKind, Level

DAY = 1_440


@pytest.mark.parametrize("kind", list(FindingKind))
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("age_min", [14, 16, 61, DAY + 1, 400 * DAY])
def test_an_old_event_is_notified_and_marked(
    kind: FindingKind, level: Level, age_min: float
) -> None:
    on = routed(kind, None, age_min)
    notices = due(alert(kind, None, level, on=on), 0)
    assert notices
    assert {notice.late for notice in notices} == {age_min > 15}
