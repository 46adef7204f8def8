"""A life as a stream's state: through bytes after every batch, it tells what references tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from drawn_lives import MINUTE, START
from drawn_rooms import END, RULES, Drawn, drawn, in_order, known, world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import FindingKind
from tipstaff.engines.streamed_life import KEPT_US, StreamedLife
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.kept_lives import HOUR_US

SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
CUTS = st.lists(st.integers(0, 12 * 60).map(lambda m: START + m * MINUTE), max_size=8)


@SOME
@given(drawn("a"), CUTS)
def test_batch_by_batch_through_bytes(one: Drawn, cuts: list[int]) -> None:
    life, since_us = StreamedLife.begun(one.watched, RULES), START - 1
    for now_us in [*sorted(cuts), END]:
        came = [fact for fact in one.came if since_us < fact.ingested_us <= now_us]
        life.take([*came, *came[:2]], now_us)
        life = StreamedLife.from_bytes(life.to_bytes(), one.watched, RULES)
        since_us = now_us
    own = life._life
    assert in_order([*own.told, *own.clocked]) == in_order(world(one))
    learnt = [f for f in own.learnt if f.kind is not FindingKind.WHEREABOUTS]
    if not cuts:
        assert in_order(learnt) == in_order(known(one))
    assert life.too_late == 0


def test_what_is_too_late_is_told_and_the_state_stays_small() -> None:
    device = DeviceWatch("tag", ((START, START + 400 * HOUR_US),))
    watched = replace(_nobody(), device=device)
    life, sizes = StreamedLife.begun(watched, RULES), list[int]()
    for hour in range(240):
        at = START + hour * HOUR_US
        life.take([DeviceEvent(at, EventKind.HEARTBEAT, at)], at)
        sizes.append(len(life.facts))
    assert max(sizes) <= 2 * 48 + 1
    life = StreamedLife.from_bytes(life.to_bytes(), watched, RULES)
    late = life.base.horizon_us
    assert life.facts[-1].at_us - late >= KEPT_US
    life.take([DeviceEvent(late - HOUR_US, EventKind.STRAP_CUT, START + 240 * HOUR_US)], 0)
    assert life.too_late == 1
    just = DeviceEvent(late + HOUR_US, EventKind.STRAP_CUT, START + 240 * HOUR_US)
    assert any(one.kind is FindingKind.STRAP for one in life.take([just], 0))


def _nobody() -> Any:
    from tipstaff.monitoring.brought_on import Watched

    return Watched("a", START, (), DeviceWatch("tag", ()))


def test_bytes_of_other_watches_are_refused() -> None:
    life = StreamedLife.begun(_nobody(), RULES)
    content = life.to_bytes()
    for damaged in (content[:-3] + b"\0\0\0", content[:-1], content + b"1", content[:5]):
        with pytest.raises(StateError):
            StreamedLife.from_bytes(damaged, _nobody(), RULES)
    zone = replace(_nobody(), device=DeviceWatch("other", ()))
    assert StreamedLife.from_bytes(content, zone, RULES).watched == zone
