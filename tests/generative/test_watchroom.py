"""Live monitoring tells what the references tell, whatever the order in which facts arrive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from drawn_lives import MINUTE, START, watch_lists
from drawn_lives import facts as drawn_facts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding, FindingKind, Step, Told
from tipstaff.formats.life_bytes import life_from_bytes, life_to_bytes
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Snapshot, Watched, first_snapshot
from tipstaff.monitoring.device_parameters import DEVICES_V1
from tipstaff.monitoring.device_reference import (
    DEVICE_RULES,
    KNOWLEDGE_RULES,
    device_findings,
    knowledge_findings,
)
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.home_unit import HomeUnitEvent
from tipstaff.monitoring.kept_lives import KeptLife, digest_of
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.reference import new_state, step
from tipstaff.monitoring.watches import Watch
from tipstaff.monitoring.watchroom import Arrived, Watchroom

RULES = Rulebook(PARAMETERS_V1, DEVICES_V1)
END = START + 12 * 60 * MINUTE
SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


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
    return Drawn(watched, sorted(came, key=lambda one: one.ingested_us))


@dataclass
class Everything:
    """A past that knows all that ever came."""

    lives: dict[str, Drawn]
    known_us: int = 0

    def back_to(self, life: KeptLife, at_us: int) -> tuple[Snapshot, Sequence[LiveFact]]:
        """From the beginning."""
        came = self.lives[life.watched.life].came
        known = [one for one in came if one.ingested_us <= self.known_us]
        return first_snapshot(life.watched, RULES), [o for o in known if o.at_us <= self.known_us]


def world(one: Drawn) -> list[Told]:
    """What the references tell of what was so."""
    placed: list[Any] = [f for f in one.came if not isinstance(f, DeviceEvent)]
    told = list(
        step(fresh(one.watched.watches), placed, one.watched.watches, PARAMETERS_V1, END).told
    )
    facts = [fact for fact in one.came if not isinstance(fact, HomeUnitEvent)]
    for rule in DEVICE_RULES:
        told += device_findings(facts, one.watched.device, rule, DEVICES_V1, END)
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
        for found in knowledge_findings(own, one.watched.device, rule, DEVICES_V1, END)
    ]


def lived(lives: list[Drawn], cuts: list[int], *, ticks: bool) -> Watchroom:
    """All of it through one room, handed over at the cuts."""
    past = Everything({one.watched.life: one for one in lives})
    room = Watchroom(RULES, past)
    for one in lives:
        room.watch(one.watched)
    since_us = START - 1
    for now_us in [*sorted(cuts), END]:
        past.known_us = now_us
        batch = {
            one.watched.life: [Arrived(f) for f in one.came if since_us < f.ingested_us <= now_us]
            for one in lives
        }
        room.take(batch, now_us)
        if ticks:
            room.tick(now_us)
        since_us = now_us
    return room


def in_order(told: Sequence[Told]) -> list[str]:
    """What is told, comparable: all of it exactly, probabilities to 1e-9."""
    return sorted(repr(rounded(one)) for one in told)


def rounded(one: Told) -> Told:
    if isinstance(one, Finding) and one.probability is not None:
        return replace(one, probability=round(one.probability, 9))
    return one


CUTS = st.lists(st.integers(0, 12 * 60).map(lambda m: START + m * MINUTE), max_size=12)


LIVES = st.one_of(
    st.tuples(drawn("a")), st.tuples(drawn("a"), drawn("b")), st.tuples(*map(drawn, "abc"))
)


@SOME
@given(LIVES, CUTS, st.booleans())
def test_whatever_the_order_of_arrival(
    lives: tuple[Drawn, ...], cuts: list[int], ticks: bool
) -> None:
    room = lived(list(lives), cuts, ticks=ticks)
    for one in lives:
        own = room.lives[one.watched.life]
        assert in_order([*own.told, *own.clocked]) == in_order(world(one))
        not_placed = [f for f in own.learnt if f.kind is not FindingKind.WHEREABOUTS]
        assert in_order(not_placed) == in_order(known(one))


@SOME
@given(drawn("a"), CUTS)
def test_what_was_told_as_not_known_never_vanishes(one: Drawn, cuts: list[int]) -> None:
    """A backlog is judged by its end: of it nothing is told that instant by instant was not."""
    finest = [fact.ingested_us for fact in one.came]
    every = lived([one], finest, ticks=True).lives["a"].everything
    some = lived([one], cuts, ticks=False).lives["a"].everything
    assert begun_unknown(some) <= begun_unknown(every)
    was: set[tuple[str, Any]] = set()
    room = Watchroom(RULES, Everything({"a": one}, END))
    room.watch(one.watched)
    for now_us in range(START, END + 1, 30 * MINUTE):
        batch = [Arrived(f) for f in one.came if now_us - 30 * MINUTE < f.ingested_us <= now_us]
        room.take({"a": batch}, now_us)
        told = begun_unknown(room.lives["a"].everything)
        assert was <= told
        was = told


def begun_unknown(told: Sequence[Told]) -> set[tuple[str, Any]]:
    return {
        (one.condition, one.since)
        for one in told
        if isinstance(one, Finding)
        and one.kind is FindingKind.WHEREABOUTS
        and one.step is Step.BEGAN
    }


@SOME
@given(drawn("a"), st.integers(0, 11 * 60))
def test_a_life_goes_on_from_its_bytes(one: Drawn, minute: int) -> None:
    """After a restart all is told that would have been, though what is at hand is gone."""
    now_us = START + minute * MINUTE
    past = Everything({"a": one}, now_us)
    room = Watchroom(RULES, past)
    room.watch(one.watched)
    room.take({"a": [Arrived(f) for f in one.came if f.ingested_us <= now_us]}, now_us)
    digest = digest_of(one.watched, RULES)
    content = life_to_bytes(room.lives["a"], digest)
    later = Watchroom(RULES, past)
    later.restore(life_from_bytes(content, one.watched, digest, RULES))
    past.known_us = END
    later.take({"a": [Arrived(f) for f in one.came if f.ingested_us > now_us]}, END)
    own = later.lives["a"]
    assert in_order([*own.told, *own.clocked]) == in_order(world(one))
    with pytest.raises(StateError):
        life_from_bytes(content[:-1], one.watched, digest, RULES)
    with pytest.raises(StateError):
        life_from_bytes(content, one.watched, bytes(32), RULES)
