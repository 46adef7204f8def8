"""Numbers of the engine under a version are never changed: a better set is another version."""

from __future__ import annotations

from dataclasses import replace

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.monitoring.parameters import (
    PARAMETERS_V1,
    PARAMETERS_V2,
    PARAMETERS_V3,
    PARAMETERS_V4,
    parameters_for,
    with_sizes_of,
)


def test_the_numbers_of_version_1_are_what_they_were() -> None:
    zone, presence = PARAMETERS_V1.zone, PARAMETERS_V1.presence
    assert PARAMETERS_V1.version == "monitoring-1"
    assert PARAMETERS_V1.error is ERROR_MODEL_V1
    assert (zone.prior, zone.relax_s, zone.cap, zone.left) == (0.05, 600.0, 5.0, 0.2)
    assert (zone.levels, zone.harm_shift, zone.line_s) == ((0.5, 0.8, 0.95), 0.7, 300.0)
    assert (zone.line_bow, zone.rest_s, presence.radio_s) == (0.0, 0.0, 0.0)
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


def test_versions_3_and_4_are_1_and_2_with_lines_that_wait_and_radio_that_is_heard() -> None:
    for before, after in ((PARAMETERS_V1, PARAMETERS_V3), (PARAMETERS_V2, PARAMETERS_V4)):
        assert after == replace(
            before,
            version=after.version,
            zone=replace(before.zone, line_bow=0.1, rest_s=300.0),
            presence=replace(before.presence, radio_s=420.0),
        )
    assert (PARAMETERS_V3.version, PARAMETERS_V4.version) == ("monitoring-3", "monitoring-4")
    assert PARAMETERS_V3.zone.rest_m == 100.0


def test_calibrated_tags_have_their_sizes_and_monitorings_own_time_constants() -> None:
    found = parameters_for(ERROR_MODEL_SIMULATED)
    assert (found.zone, found.presence) == (PARAMETERS_V4.zone, PARAMETERS_V4.presence)
    for own, fitted, first in zip(
        found.error.classes, ERROR_MODEL_SIMULATED.classes, ERROR_MODEL_V1.classes, strict=True
    ):
        assert own == replace(fitted, tau_s=first.tau_s)


def test_two_fits_of_one_name_are_two_versions() -> None:
    other = replace(ERROR_MODEL_SIMULATED, not_on_wearer=0.003)
    versions = {with_sizes_of(PARAMETERS_V4, m).version for m in (ERROR_MODEL_SIMULATED, other)}
    assert len(versions) == 2
