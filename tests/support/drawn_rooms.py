"""Lives with what comes in of them, drawn by Hypothesis, and what the references tell of each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from drawn_lives import MINUTE, START, watch_lists
from drawn_lives import facts as drawn_facts
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding, Told
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Watched
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import (
    DEVICE_RULES,
    KNOWLEDGE_RULES,
    device_findings,
    knowledge_findings,
)
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.home_unit import HomeUnitEvent
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.reference import new_state, step
from tipstaff.monitoring.watches import Watch

RULES = Rulebook(PARAMETERS_V1, DEVICES_V2)
END = START + 12 * 60 * MINUTE


@st.composite
def device_events(draw: Any) -> list[DeviceEvent]:
    """What a device says of itself, now and then."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    return [
        DeviceEvent(START + chance.randrange(0, 600) * MINUTE, chance.choice(list(EventKind)))
        for _ in range(draw(st.integers(0, 6)))
    ]


@dataclass
class Drawn:
    """A life, and what comes in of it, in the order of coming in."""

    watched: Watched
    came: list[LiveFact] = field(default_factory=list)


@st.composite
def drawn(draw: Any, life: str) -> Drawn:
    """A life whose facts come in at once, late, or out of order."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    late = draw(st.sampled_from([[0], [0, 0, 0, 10], [0, 0, 5, 90, 400]]))
    told: list[LiveFact] = [*draw(drawn_facts()), *draw(device_events())]
    inside = [one for one in told if START <= one.at_us < END]
    came = [replace(one, ingested_us=one.at_us + chance.choice(late) * MINUTE) for one in inside]
    came = [one for one in came if one.ingested_us <= END]
    chance.shuffle(came)
    own = tuple(draw(watch_lists()))
    device = DeviceWatch(f"tag-{life}", ((START, START + 11 * 60 * MINUTE),))
    watched = Watched(life, START, own, device)
    came.sort(key=lambda one: one.ingested_us)
    once = {replace(one, ingested_us=0): one for one in reversed(came)}  # the inbox keeps it once
    return Drawn(watched, [one for one in came if once[replace(one, ingested_us=0)] is one])


def world(one: Drawn) -> list[Told]:
    """What the references tell of what was so."""
    placed: list[Any] = [f for f in one.came if not isinstance(f, DeviceEvent)]
    told = list(
        step(fresh(one.watched.watches), placed, one.watched.watches, PARAMETERS_V1, END).told
    )
    facts = [fact for fact in one.came if not isinstance(fact, HomeUnitEvent)]
    for rule in DEVICE_RULES:
        told += device_findings(facts, one.watched.device, rule, DEVICES_V2, END)
    return told


def fresh(own: Sequence[Watch]) -> Any:
    """A wearer of whom nothing is known."""
    return new_state(own, PARAMETERS_V1, START)


def known(one: Drawn) -> list[Finding]:
    """What the references tell of what was known."""
    own = [fact for fact in one.came if not isinstance(fact, HomeUnitEvent)]
    return [
        found
        for rule in KNOWLEDGE_RULES
        for found in knowledge_findings(own, one.watched.device, rule, DEVICES_V2, END)
    ]


def in_order(told: Sequence[Told]) -> list[str]:
    """What is told, comparable: all of it exactly, probabilities to 1e-9."""
    return sorted(repr(rounded(one)) for one in told)


def rounded(one: Told) -> Told:
    if isinstance(one, Finding) and one.probability is not None:
        return replace(one, probability=round(one.probability, 9))
    return one
