"""Numbers of the engine under a version are never changed: a better set is another version."""

from __future__ import annotations

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.monitoring.parameters import PARAMETERS_V1, PARAMETERS_V2


def test_the_numbers_of_version_1_are_what_they_were() -> None:
    zone, presence = PARAMETERS_V1.zone, PARAMETERS_V1.presence
    assert PARAMETERS_V1.version == "monitoring-1"
    assert PARAMETERS_V1.error is ERROR_MODEL_V1
    assert (zone.prior, zone.relax_s, zone.cap, zone.left) == (0.05, 600.0, 5.0, 0.2)
    assert (zone.levels, zone.harm_shift, zone.line_s) == ((0.5, 0.8, 0.95), 0.7, 300.0)
    assert (presence.home, presence.away, presence.margin_m) == (0.8, 0.05, 30.0)
    assert (presence.silent_s, presence.witness_s) == (900.0, 3600.0)
    assert (presence.grace_s, presence.stay_s) == (300.0, 300.0)


def test_version_2_differs_in_the_numbers_that_were_chosen_and_no_others() -> None:
    zone, presence = PARAMETERS_V2.zone, PARAMETERS_V2.presence
    assert PARAMETERS_V2.version == "monitoring-2"
    assert (zone.relax_s, zone.cap, zone.left, zone.harm_shift) == (200.0, 3.5, 0.1, 0.2)
    assert presence.away == 0.02
    assert zone.prior == PARAMETERS_V1.zone.prior
    assert zone.levels == PARAMETERS_V1.zone.levels
    assert presence.home == PARAMETERS_V1.presence.home
    assert PARAMETERS_V2.error is ERROR_MODEL_V1
