"""Live monitoring of many lives: facts as they come in, the clock, and what is told by then.

Facts are handed over in the order in which they came in. Before those that came in at an instant
are taken, the clock has run up to it. A backlog is taken in as few steps as the clock allows: what
is said of what was known is said by the end of each.

A fact from before the last one of its life makes its life go back to a snapshot and on from there,
so the order of arrival shows in nothing that is said of what was so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Final, Protocol

from tipstaff.domain.findings import Finding, FindingKind, Told
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.monitoring.brought_on import (
    Brought,
    LiveFact,
    Rulebook,
    Snapshot,
    Stretch,
    Watched,
    brought_on,
)
from tipstaff.monitoring.device_step import step_known
from tipstaff.monitoring.device_watches import DeviceFact
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.home_unit import HomeUnitEvent
from tipstaff.monitoring.kept_lives import (
    HOUR_US,
    KeptLife,
    before,
    new_life,
    note_evidence,
    remembered,
    rolled,
    since,
)
from tipstaff.monitoring.live_fleets import LiveFleets
from tipstaff.monitoring.never_vanish import gone, unknowns
from tipstaff.monitoring.place_columns import NEVER

#: After so long without evidence an episode's end is not known: then the clock is needed again.
_SILENT_US: Final = 24 * HOUR_US


@dataclass(frozen=True, slots=True, repr=False)
class Arrived:
    """A fact that came in at its `ingested_us`; `doubted`: its device's clock is wrong.

    Of a doubted fact nothing is taken to be so, only that it came.
    """

    fact: LiveFact
    doubted: bool = False


class Past(Protocol):
    """Where a life goes back to when what is at hand does not reach back far enough."""

    def back_to(self, life: KeptLife, at_us: int) -> tuple[Snapshot, Sequence[LiveFact]]:
        """A snapshot from before an instant, and all facts of the life since then."""


@dataclass(slots=True)
class Watchroom:
    """Lives that are watched, by their keys.

    `hours` are snapshots to be kept, as they are made; `void` is from which instant on earlier ones
    of a life no longer count. `stirred` are lives of which something else may be told than before.
    """

    rules: Rulebook
    past: Past
    fleets: LiveFleets = field(init=False)
    lives: dict[str, KeptLife] = field(default_factory=dict)
    hours: list[tuple[str, Snapshot]] = field(default_factory=list)
    void: dict[str, int] = field(default_factory=dict)
    stirred: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Nobody is watched yet."""
        self.fleets = LiveFleets(self.rules.places)

    def watch(self, watched: Watched) -> None:
        """Watch a life of which nothing is known."""
        self.restore(new_life(watched, self.rules))

    def watch_anew(
        self, watched: Watched, before: KeptLife | None, facts: Sequence[LiveFact], now_us: int
    ) -> None:
        """Watch a life judged anew by all facts of it, as orders say now.

        What was told of what was known stays, but for whereabouts, which follow from orders too.
        """
        life = new_life(watched, self.rules)
        self.restore(life)
        if before is None:
            self._known(life, facts, now_us)
        else:
            life.known, life.known_due_us = before.known, before.known_due_us
            life.learnt = [f for f in before.learnt if f.kind is not FindingKind.WHEREABOUTS]
        self.void[watched.life] = watched.since_us
        self.hours = [one for one in self.hours if one[0] != watched.life]
        self.stirred.add(watched.life)
        life.waiting = [fact for fact in facts if fact.at_us > now_us]
        self._solid({watched.life: [fact for fact in facts if fact.at_us <= now_us]})

    def go_on_with(self, watched: Watched) -> None:
        """Watch a life as before, with its periods made ready further ahead."""
        life = self.lives[watched.life]
        life.watched, life.solid_due_us, life.due_us = watched, 0, 0
        self.fleets.put(watched.life, watched.watches)

    def restore(self, life: KeptLife) -> None:
        """Watch a life from where it stood."""
        self.lives[life.watched.life] = life
        self.fleets.put(life.watched.life, life.watched.watches)

    def leave(self, life: str) -> None:
        """Watch a life no longer."""
        del self.lives[life]
        self.fleets.drop(life)
        self.stirred.discard(life)

    def take(self, arrived: Mapping[str, Sequence[Arrived]], now_us: int) -> None:
        """Take what came in up to `now_us`, then let the clock run to it.

        What is handed over of a life is in the order of coming in.
        """
        left = {key: own for key, own in arrived.items() if own}
        while left:
            self._clock_to({key: own[0].fact.ingested_us - 1 for key, own in left.items()})
            batch = {key: _until(own, self.lives[key].due_us) for key, own in left.items()}
            self._take(batch)
            left = {key: rest for key, own in left.items() if (rest := own[len(batch[key]) :])}
        self.tick(now_us)

    def tick(self, now_us: int) -> None:
        """Let the clock run, for every life that needs it."""
        self._clock_to(dict.fromkeys(self.lives, now_us))

    def next_due_us(self) -> int:
        """When the clock is next needed."""
        return min((life.due_us for life in self.lives.values()), default=NEVER)

    def _clock_to(self, untils: Mapping[str, int]) -> None:
        """Let the clock run for those lives that need it, each up to its own instant."""
        due = {key: at_us for key, at_us in untils.items() if self.lives[key].due_us <= at_us}
        if not due:
            return
        ripe = {key: facts for key, at_us in due.items() if (facts := self._ripe(key, at_us))}
        with_unknowns = self._unknowns(ripe)
        self._solid(ripe)
        for key, at_us in due.items():
            self._known(self.lives[key], (), at_us)
            self._is_silent(self.lives[key], at_us)
        self._clocked(due)
        self._keep_unknowns(with_unknowns, due)

    def _ripe(self, key: str, at_us: int) -> list[LiveFact]:
        """Facts that were from the future and are no longer."""
        life = self.lives[key]
        ripe = [fact for fact in life.waiting if fact.at_us <= at_us]
        life.waiting = [fact for fact in life.waiting if fact.at_us > at_us]
        return ripe

    def _take(self, batch: Mapping[str, Sequence[Arrived]]) -> None:
        ends = {key: own[-1].fact.ingested_us for key, own in batch.items()}
        with_unknowns = self._unknowns(batch)
        fresh: dict[str, Sequence[LiveFact]] = {}
        for key, own in batch.items():
            life = self.lives[key]
            self._known(life, [one.fact for one in own], ends[key])
            sound = [one.fact for one in own if not one.doubted]
            life.waiting += [fact for fact in sound if fact.at_us > ends[key]]
            fresh[key] = [fact for fact in sound if fact.at_us <= ends[key]]
        self._solid(fresh)
        self._clocked(ends)
        self._keep_unknowns(with_unknowns, ends)

    def _known(self, life: KeptLife, came: Iterable[LiveFact], now_us: int) -> None:
        """Bring the rules about what was known on, by facts as they came in."""
        horizon_us = life.known.horizon_us
        facts: list[DeviceFact] = [
            fact if fact.ingested_us > horizon_us else replace(fact, ingested_us=horizon_us + 1)
            for fact in came
            if not isinstance(fact, HomeUnitEvent)
        ]
        until_us = max(now_us, horizon_us, *(fact.ingested_us for fact in facts), 0)
        stepped = step_known(life.known, facts, life.watched.device, self.rules.devices, until_us)
        life.known = stepped.state
        life.known_due_us = NEVER if stepped.next_due_us is None else stepped.next_due_us
        self._learn(life, stepped.findings)

    def _learn(self, life: KeptLife, findings: Sequence[Finding]) -> None:
        life.learnt += findings
        if findings:
            self.stirred.add(life.watched.life)

    def _solid(self, fresh: Mapping[str, Sequence[LiveFact]]) -> None:
        """Take facts that are so, each life from where it has to go back to, hour by hour."""
        walks = [walk for key, facts in fresh.items() if (walk := self._walk(key, facts))]
        while walks:
            found = self._brought([walk.stretch() for walk in walks])
            for walk, (stretch, brought) in zip(walks, found, strict=True):
                self._walked(walk.life, stretch, brought)
                walk.done += len(stretch.facts)
            walks = [walk for walk in walks if not walk.is_over]

    def _walk(self, key: str, facts: Sequence[LiveFact]) -> _Walk | None:
        life = self.lives[key]
        news = remembered(life, facts)
        if not news:
            return None
        note_evidence(life.evidence, (fact.at_us for fact in news if isinstance(fact, Fix)))
        if news[0].at_us > life.solid.horizon_us:
            return _Walk(life, news)
        return _Walk(life, self._gone_back(life, news[0].at_us))

    def _gone_back(self, life: KeptLife, at_us: int) -> Sequence[LiveFact]:
        """Put a life back to before an instant; all facts since then."""
        start = before(life, at_us)
        if start is None:
            start, facts = self.past.back_to(life, at_us)
            remembered(life, facts)
            life.ring = []
        key, horizon_us = life.watched.life, start.horizon_us
        life.told = [one for one in life.told if to_micros(one.at) <= horizon_us]
        life.ring = [one for one in life.ring if one.horizon_us < horizon_us] + [start]
        life.solid = start
        self.stirred.add(key)
        self.void[key] = min(at_us, self.void.get(key, at_us))
        self.hours = [one for one in self.hours if one[0] != key or one[1].horizon_us < at_us]
        return since(life, horizon_us)

    def _walked(self, life: KeptLife, stretch: Stretch, brought: Brought) -> None:
        """Note where facts led; the snapshot from before an hour's end is kept."""
        if brought.snapshot.horizon_us // HOUR_US > stretch.start.horizon_us // HOUR_US:
            if not life.ring or life.ring[-1].horizon_us < stretch.start.horizon_us:
                life.ring.append(stretch.start)
            self.hours.append((life.watched.life, stretch.start))
            rolled(life)
        life.solid, life.solid_due_us = brought.snapshot, brought.due_us
        life.told += brought.told
        if brought.told:
            self.stirred.add(life.watched.life)

    def _clocked(self, untils: Mapping[str, int]) -> None:
        """Work out what the clock adds to what facts led to, by each life's instant."""
        needed = []
        for key, at_us in untils.items():
            life = self.lives[key]
            if life.solid_due_us <= at_us:
                needed.append(Stretch(life.watched, life.solid, (), at_us))
            else:
                self._added(life, (), life.solid_due_us, at_us)
        for stretch, brought in self._brought(needed):
            life = self.lives[stretch.watched.life]
            self._added(life, brought.told, brought.due_us, stretch.until_us)

    def _added(self, life: KeptLife, told: tuple[Told, ...], due_us: int, at_us: int) -> None:
        if told != life.clocked:
            life.clocked = told
            self.stirred.add(life.watched.life)
        ripe = min((fact.at_us for fact in life.waiting), default=NEVER)
        silent = _silent_us(life)
        waits = (due_us, life.known_due_us, ripe, silent if silent > at_us else NEVER)
        life.due_us = min(waits)

    def _is_silent(self, life: KeptLife, at_us: int) -> None:
        """A day without evidence has passed: what goes on ends as not known."""
        if _silent_us(life) <= at_us and life.told:
            self.stirred.add(life.watched.life)

    def _unknowns(self, keys: Collection[str]) -> dict[str, list[Finding]]:
        lives = ((key, self.lives[key]) for key in keys)
        return {key: unknowns([*life.told, *life.clocked]) for key, life in lives}

    def _keep_unknowns(
        self, before_it: Mapping[str, Sequence[Finding]], untils: Mapping[str, int]
    ) -> None:
        """That it was not known stays told."""
        for key, was in before_it.items():
            life = self.lives[key]
            if was:
                now = unknowns([*life.told, *life.clocked])
                self._learn(life, gone(was, now, from_micros(untils[key])))

    def _brought(self, stretches: Sequence[Stretch]) -> list[tuple[Stretch, Brought]]:
        found = brought_on(self.fleets, stretches, self.rules)
        return list(zip(stretches, found, strict=True))


@dataclass(slots=True, repr=False)
class _Walk:
    """Facts that a life is still to be brought on by, in order."""

    life: KeptLife
    facts: Sequence[LiveFact]
    done: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the life was brought on by all of them."""
        return self.done == len(self.facts)

    def stretch(self) -> Stretch:
        """The facts of the next hour."""
        over_us, end = (self.facts[self.done].at_us // HOUR_US + 1) * HOUR_US, len(self.facts)
        if self.facts[-1].at_us >= over_us:
            end = bisect_left(self.facts, over_us, self.done, key=attrgetter("at_us"))
        own = self.facts[self.done : end]
        return Stretch(self.life.watched, self.life.solid, own, own[-1].at_us)


def _silent_us(life: KeptLife) -> int:
    return life.evidence[-1] + _SILENT_US if life.evidence else NEVER


def _until(own: Sequence[Arrived], due_us: int) -> Sequence[Arrived]:
    """What came in up to the instant at which the clock is needed; the first in any case."""
    last_us = max(due_us, own[0].fact.ingested_us)
    return [one for one in own if one.fact.ingested_us <= last_us]
