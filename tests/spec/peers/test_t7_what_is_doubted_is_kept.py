"""T7: filtered fixes are discarded, so no evidence of them remains.

Here, in what is pure of it: what a rule doubts is still a fact, and what makes it doubtful is a
finding. Quarantine is for the intake.
"""

from __future__ import annotations

from device_lives import DAY, facts, known, watch, world

from tipstaff.monitoring.device_watches import once
from tipstaff.monitoring.events import EventKind
from tipstaff.monitoring.rules.clock import CLOCK
from tipstaff.monitoring.rules.equipment import EQUIPMENT
from tipstaff.records.shipped_monitoring import shipped_codes


def test_a_position_of_a_wrong_clock_is_kept_and_flagged() -> None:
    life = facts("-3500000 fix 0 0 5 <10", "70 fix 0 0 5 <10")
    assert len(once(life)) == 2
    assert known(CLOCK, life, watch(), 20) == ["10 began confirmed clock_long_ago"]


def test_jumps_are_kept_and_flagged() -> None:
    life = facts(*(f"{m} fix {20_000 * (m % 2)} 0 5" for m in range(6)))
    assert len(once(life)) == 6
    assert world(EQUIPMENT, life, watch(), DAY) == ["3 began suspected drifts"]


def test_a_code_that_nobody_knows_is_kept_and_told() -> None:
    event = shipped_codes().event("ZZ 77 tamper?", 5, 6)
    assert (event.kind, event.content) == (EventKind.UNKNOWN_CODE, "zz 77 tamper?")
    life = facts("5 unknown_code")
    assert world(EQUIPMENT, life, watch(), DAY) == ["5 began suspected unknown_code"]
