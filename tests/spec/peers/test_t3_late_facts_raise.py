"""T3: a late fix is stored but raises nothing, strap cuts included.

Here no fact is too late: what it says is found as if it had come at once, and reaches a person.
"""

from __future__ import annotations

import pytest
from device_lives import DAY, fact, facts, watch, world
from made_alerts import alert, due, in_words, routed

from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import Queue
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.rules.strap import STRAP

LATER = ["60 fix 0 0 5", "120 heartbeat", "200 battery_low"]


@pytest.mark.parametrize("came", [1, 16, 90, 5 * DAY, 60 * DAY])
def test_a_strap_cut_is_found_however_late_it_comes(came: float) -> None:
    life = [*facts(*LATER), fact(f"1 strap_cut <{came}")]
    assert world(STRAP, life, watch(), came) == ["1 began confirmed strap_cut"]


@pytest.mark.parametrize("age_min", [0, 16, 90, 5 * DAY, 60 * DAY])
def test_it_reaches_the_live_queue_and_somebody_is_told(age_min: float) -> None:
    on = routed(FindingKind.STRAP, None, age_min)
    assert (on.queue, on.late) == (Queue.LIVE, age_min > 15)
    notices = due(alert(FindingKind.STRAP, None, Level.CONFIRMED, on=on), 0)
    assert in_words(notices)[0] == "queue operator r1"
    assert all(notice.late is on.late for notice in notices)


@pytest.mark.parametrize("harm", list(Harm))
@pytest.mark.parametrize("age_min", [0, 16, 5 * DAY])
def test_a_late_breach_of_a_zone_reaches_somebody(harm: Harm, age_min: float) -> None:
    on = routed(FindingKind.ZONE, harm, age_min)
    assert due(alert(harm=harm, on=on), 0)
    assert harm is not Harm.HIGH or on.queue is Queue.LIVE
