"""Live monitoring tells what the references tell, whatever the order in which facts arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from drawn_lives import MINUTE, START
from drawn_rooms import END, RULES, Drawn, drawn, in_order, known, world
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding, FindingKind, Step, Told
from tipstaff.formats.life_bytes import life_from_bytes, life_to_bytes
from tipstaff.monitoring.brought_on import LiveFact, Snapshot, first_snapshot
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.kept_lives import KeptLife, digest_of
from tipstaff.monitoring.watchroom import Arrived, Watchroom

SOME = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


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
