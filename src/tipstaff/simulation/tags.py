"""What one tag reports while one person wears it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.fixes import Mechanism
from tipstaff.simulation import satellites as sat
from tipstaff.simulation.chance import fixed_uniform, stream
from tipstaff.simulation.devices import HOLDS, OLD, SAVES, Device, Wearing
from tipstaff.simulation.faults import Fault, during
from tipstaff.simulation.network import look_up
from tipstaff.simulation.paths import HOME, NO_PLACE, Path
from tipstaff.simulation.people import Person

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Part of the town whose streets are canyons: all within this share of its width of the middle,
#: and some patches elsewhere.
CANYON_CORE: Final = 0.09
CANYON_PATCHES: Final = 0.07
CANYON_PATCH_M: Final = 200.0


@dataclass(slots=True)
class Reports:
    """Fixes as columns, in true time; `at_*` is where the wearer truly was."""

    t_s: F64
    x: F64
    y: F64
    claimed_m: F64
    mechanism: I64
    kind: I64
    at_x: F64
    at_y: F64
    speed_mps: F64
    heading_deg: F64
    satellites: F64
    hdop: F64

    def kept(self, chosen: Mask | I64) -> Reports:
        """Some of them."""
        return Reports(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @staticmethod
    def joined(parts: list[Reports]) -> Reports:
        """All parts in order of time; one fix a second, the earlier part's first."""
        whole = Reports(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(Reports)
            )
        )
        order = np.argsort(whole.t_s, kind="stable")
        fresh = np.diff(whole.t_s[order], prepend=-1.0) > 0
        return whole.kept(order[fresh])


@dataclass(frozen=True, slots=True)
class Moments:
    """The truth at each minute of a tag: where it is, and under what sky."""

    t_s: F64
    at_x: F64
    at_y: F64
    x: F64
    y: F64
    place: I64
    mode: I64
    row: I64
    removed: Mask


def canyons(seed: int, x: F64, y: F64, width_m: float) -> Mask:
    """Which places lie between high buildings."""
    cell_x, cell_y = (np.floor(v / CANYON_PATCH_M).astype(np.int64) for v in (x, y))
    patch = fixed_uniform(seed, "canyon", cell_x, cell_y) < CANYON_PATCHES
    in_town = np.maximum(np.abs(x), np.abs(y)) < width_m / 2
    return (np.hypot(x, y) < CANYON_CORE * width_m) | (patch & in_town)


class Tagger:
    """Makes the reports of every tag of a world."""

    def __init__(self, seed: int, width_m: float, span_s: float) -> None:
        self._seed, self._width_m, self._span_s = seed, width_m, span_s

    def reports(
        self, device: Device, wearing: Wearing, person: Person, path: Path, faults: list[Fault]
    ) -> Reports:
        """All fixes of a wearing, lost ones left out."""
        rng = stream(self._seed, "fixes", device.index, wearing.wearer)
        moments = self._moments(rng, device, wearing, person, path, faults)
        parts = self._by_satellite(rng, device, moments, faults)
        parts.append(self._by_network(device, path, moments, parts[0].t_s))
        if device.home_unit:
            parts.append(self._by_home_unit(device, person, moments))
        return Reports.joined(parts)

    def _moments(
        self,
        rng: np.random.Generator,
        device: Device,
        wearing: Wearing,
        person: Person,
        path: Path,
        faults: list[Fault],
    ) -> Moments:
        end = self._span_s if wearing.end_s is None else wearing.end_s
        minutes = np.arange(np.ceil(wearing.start_s / 60), np.floor(end / 60) - 1) * 60.0
        t = minutes + device.phase_s + rng.choice([-1.0, 0.0, 0.0, 0.0, 1.0], minutes.size)
        t = t[(t >= wearing.start_s) & (t < end)]
        t = t[~during(t, faults, "gap", "flat")]
        x, y, knot = path.at(t)
        removed = during(t, faults, "removed")
        home = person.home
        tag_x, tag_y = np.where(removed, home.x, x), np.where(removed, home.y, y)
        place = np.where(removed, home.number, path.place[knot])
        mode = np.where(removed, HOME, path.mode[knot])
        sky = np.where(removed, home.sky, path.sky[knot])
        row = sat.surroundings(sky, canyons(self._seed, tag_x, tag_y, self._width_m))
        return Moments(t, x, y, tag_x, tag_y, place, mode, row, removed)

    def _by_satellite(
        self, rng: np.random.Generator, device: Device, now: Moments, faults: list[Fault]
    ) -> list[Reports]:
        quality = device.quality * (1.6 if device.model == OLD else 1.0)
        still = now.place != NO_PLACE
        east, north, scale, jump = sat.satellite_errors(rng, now.t_s, now.row, still, quality)
        bias_x, bias_y = sat.place_bias(self._seed, now.x, now.y, now.place, now.row)
        claimed = sat.claimed_radius(rng, now.row, scale, jump, quality)
        got = rng.random(now.t_s.size) < sat.AVAILABLE[now.row] ** (
            3.0 if device.model == OLD else 1.0
        )
        if device.model == SAVES:
            got &= ~((now.row >= 2) & (self._rested_s(now) > 180))
        x, y = (now.x + bias_x + east)[got], (now.y + bias_y + north)[got]
        stuck = during(now.t_s, faults, "held")[got]
        holds = still[got] & (device.model in {HOLDS, SAVES})
        after_jump = np.roll(jump[got], 1) & (rng.random(x.size) < 0.97)
        held = sat.hold(x, y, holds, stuck, after_jump | (rng.random(x.size) < 1 / 60))
        kind = np.select(
            [now.removed, jump, now.row >= 2, now.row == 1],
            [sat.REMOVED, sat.GROSS, sat.INDOOR, sat.CANYON],
            sat.NORMAL,
        )[got]
        kind[held & (kind != sat.REMOVED)] = sat.HELD
        speed, heading = self._motion(rng, now, got, held)
        seen = np.clip(np.rint(rng.normal(9.5 - 1.1 * now.row, 1.6)), 3, 16)[got]
        hdop = np.clip(np.round(8.5 / seen * np.exp(rng.normal(0, 0.25, x.size)), 1), 0.6, 15)
        radius = self._repeated(held, claimed[got])
        return [
            Reports(
                now.t_s[got], x, y, radius, np.full(x.size, int(Mechanism.GPS)), kind,
                now.at_x[got], now.at_y[got], speed, heading, seen, hdop,
            )
        ]  # fmt: skip

    @staticmethod
    def _rested_s(now: Moments) -> F64:
        """Seconds since the tag came to where it is; 0 on the way."""
        changed = np.diff(now.place, prepend=-1) != 0
        since = np.maximum.accumulate(np.where(changed, now.t_s, 0.0))
        return np.where(now.place == NO_PLACE, 0.0, now.t_s - since)

    @staticmethod
    def _repeated(held: Mask, values: F64) -> F64:
        """A held position keeps the radius it was first reported with."""
        index = np.maximum.accumulate(np.where(held, 0, np.arange(held.size)))
        return np.asarray(values[index])

    @staticmethod
    def _motion(rng: np.random.Generator, now: Moments, got: Mask, held: Mask) -> tuple[F64, F64]:
        """Speed and heading as a receiver states them: measured apart from the position."""
        gap = np.maximum(np.gradient(now.t_s) if now.t_s.size > 1 else np.ones(now.t_s.size), 1.0)
        east = np.gradient(now.x) / gap if now.t_s.size > 1 else np.zeros(now.t_s.size)
        north = np.gradient(now.y) / gap if now.t_s.size > 1 else np.zeros(now.t_s.size)
        speed = np.hypot(east, north) * rng.uniform(0.8, 1.25, now.t_s.size)
        speed = np.where(now.place != NO_PLACE, np.abs(rng.normal(0, 0.25, now.t_s.size)), speed)
        heading = np.degrees(np.arctan2(east, north)) + rng.normal(0, 14, now.t_s.size)
        aimless = rng.uniform(0, 360, now.t_s.size)
        heading = np.where(now.place != NO_PLACE, aimless, heading) % 360
        return np.where(held, 0.0, speed[got]), heading[got]

    def _by_network(self, device: Device, path: Path, now: Moments, got_s: F64) -> Reports:
        """The network's answer every few minutes while no satellite fix is got."""
        missing = ~np.isin(now.t_s, got_s)
        run = np.flatnonzero(np.diff(missing.astype(np.int8), prepend=0) == 1)
        begin = np.zeros(now.t_s.size, dtype=np.int64)
        begin[run] = run
        length = np.arange(now.t_s.size) - np.maximum.accumulate(begin)
        due = missing & (length % device.network_every == 1)
        chosen = np.flatnonzero(due)
        x, y, place = now.x[chosen], now.y[chosen], now.place[chosen]
        answer = look_up(self._seed, device.index, path, now.t_s[chosen], (x, y, place))
        kind = np.where(answer.cached, sat.CACHED, sat.NETWORK)
        kind = np.where(now.removed[chosen], sat.REMOVED, kind)
        blank = np.full(chosen.size, np.nan)
        return Reports(
            now.t_s[chosen], answer.x, answer.y, answer.claimed_m, answer.mechanism, kind,
            now.at_x[chosen], now.at_y[chosen], blank, blank, blank, blank,
        )  # fmt: skip

    def _by_home_unit(self, device: Device, person: Person, now: Moments) -> Reports:
        """While the tag is at home its home unit reports, every five minutes, where that stands."""
        fifth = np.arange(now.t_s.size) % 5 == 0
        chosen = np.flatnonzero((now.place == person.home.number) & fifth)
        off_x, off_y = (
            8.0 * fixed_uniform(self._seed, f"home unit {axis}", device.index) - 4.0
            for axis in "xy"
        )
        n = chosen.size
        blank = np.full(n, np.nan)
        kind = np.where(now.removed[chosen], sat.REMOVED, sat.HOME_UNIT)
        return Reports(
            now.t_s[chosen] + 7.0,
            np.full(n, person.home.x) + off_x,
            np.full(n, person.home.y) + off_y,
            blank, np.full(n, int(Mechanism.RF)), kind,
            now.at_x[chosen], now.at_y[chosen], blank, blank, blank, blank,
        )  # fmt: skip
