"""Live monitoring in replay: a day's fixes through every rule of positions, five conditions each.

Beside it the same fixes through the reference, and through shapely's tree of zones and PostGIS,
which say only which point lies in which polygon; and how long fixes wait that come one by one.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.figures import Figure, Result
from benchmarks.monitor_latency import WEARERS as NATION
from benchmarks.monitor_latency import Feed, Waits, bytes_held, waits
from benchmarks.monitor_postgis import MISSING, by_postgis, with_postgis
from benchmarks.wearers import BLOCK, DAY, DAY_US, Lives, fixes_of, lives_of
from tipstaff.domain.zones import AddressBuffer, Circle, Harm, Place
from tipstaff.monitoring.engine import FactColumns, advance, told_by_wearer
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fix_columns import columns_of
from tipstaff.monitoring.fleet_states import FleetState, new_fleet_state, to_bytes
from tipstaff.monitoring.fleets import Fleet, fleet_of
from tipstaff.monitoring.outlines import Outline, outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.presence_jobs import unit_columns
from tipstaff.monitoring.reference import new_state, step
from tipstaff.monitoring.watches import (
    AttendanceWatch,
    CurfewWatch,
    Demanded,
    PlaceToBe,
    Watch,
    ZoneWatch,
)

I64 = NDArray[np.int64]
WEARERS: Final = 2_048
BY_REFERENCE: Final = 2
NAMED: Final = {"full": 1.0, "tiny": 0.005}
START: Final = DAY * DAY_US
HOUR: Final = 3_600_000_000
END: Final = START + 25 * HOUR
#: Of how many fixes one comes late, in stretches of half an hour that arrive some hours later.
LATE_SHARE: Final = 0.02
LATE_STRETCH: Final = 30


@dataclass(frozen=True, slots=True)
class Lived:
    """Fixes of wearers in columns, sorted, and where each wearer's begin."""

    at_us: I64
    lat_e7: I64
    lon_e7: I64
    mechanism: I64
    radius_cm: I64
    starts: I64

    def rows(self, keep: NDArray[np.bool_]) -> Lived:
        """Those rows alone."""
        starts = np.concatenate([[0], np.cumsum(keep)])[self.starts]
        return Lived(
            self.at_us[keep], self.lat_e7[keep], self.lon_e7[keep], self.mechanism[keep],
            self.radius_cm[keep], starts,
        )  # fmt: skip

    def facts(self, fleet: Fleet) -> FactColumns:
        """As the engine takes them, without events of home units."""
        fixes = columns_of(
            self.at_us, self.lat_e7, self.lon_e7, self.mechanism, self.radius_cm, PARAMETERS_V1
        )
        return FactColumns(
            fixes, self.starts, unit_columns([], fleet.addresses), np.zeros_like(self.starts)
        )


def _place(at: NDArray[np.float64]) -> Place:
    return Place(float(at[0]), float(at[1]))


def _watches(lives: Lives, i: int) -> list[Watch]:
    """A curfew at home, a victim's street near, a town centre, a county to stay in, a class."""
    home, work, out = (_place(of[i]) for of in (lives.home, lives.work, lives.out))
    street = Place(home.latitude + 0.006, home.longitude)
    night = tuple(
        Demanded(a, b, 1, a + 300_000_000)
        for a, b in ((START, START + 6 * HOUR), (START + 18 * HOUR, START + 24 * HOUR))
    )
    hours = ((START, START + 24 * HOUR),)
    address = outline_of(AddressBuffer("home", home, 40.0))
    venue = outline_of(Circle(work, 50.0))
    attended = (Demanded(START + 9 * HOUR, START + 10 * HOUR, 1, START + 9 * HOUR),)
    return [
        CurfewWatch("curfew", (PlaceToBe("home", address),), night),
        ZoneWatch(
            "street",
            keep_in=False,
            harm=Harm.HIGH,
            outline=outline_of(Circle(street, 300.0)),
            periods=hours,
        ),
        ZoneWatch(
            "centre",
            keep_in=False,
            harm=Harm.LOW,
            outline=outline_of(Circle(out, 200.0)),
            periods=hours,
        ),
        ZoneWatch(
            "county",
            keep_in=True,
            harm=Harm.MEDIUM,
            outline=outline_of(Circle(home, 12_000.0)),
            periods=hours,
        ),
        AttendanceWatch("class", (PlaceToBe("class", venue),), attended),
    ]


def made_day(wearers: int) -> tuple[Lived, list[list[Watch]]]:
    """Fixes of a day, and what is watched of each of so many wearers."""
    parts, watched, counts = [], [], []
    for block in range((wearers + BLOCK - 1) // BLOCK):
        count = min(BLOCK, wearers - block * BLOCK)
        lives = lives_of(block, count)
        table = fixes_of(lives, block)
        watched += [_watches(lives, i) for i in range(count)]
        counts.append(np.bincount(table["device_key"].to_numpy() - block * BLOCK, minlength=count))
        names = ("fix_time", "lat_e7", "lon_e7", "mechanism", "precision_cm")
        parts.append([table[name].cast("int64").to_numpy() for name in names])
    at_us, lat, lon, mechanism, radius = (np.concatenate(o) for o in zip(*parts, strict=True))
    starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return Lived(at_us, lat, lon, mechanism, radius, starts), watched


def _replay(lived: Lived, fleet: Fleet) -> tuple[float, float, int]:
    """Seconds to make the columns ready, seconds of the engine, and findings told."""
    begun = time.process_time()
    facts = lived.facts(fleet)
    ready = time.process_time()
    told, _ = advance(fleet, new_fleet_state(fleet, START - HOUR), facts, END)
    done = time.process_time()
    return ready - begun, done - ready, len(told.zones.job) + len(told.presences)


def _hours(lived: Lived, fleet: Fleet, late: NDArray[np.bool_]) -> tuple[list[FleetState], float]:
    """A checkpoint an hour, by the fixes that were not late, and the seconds it took."""
    state, spent = new_fleet_state(fleet, START), 0.0
    kept = [state]
    for hour in range(25):
        since, until = state.horizon_us, START + (hour + 1) * HOUR
        own = lived.rows(~late & (lived.at_us > since) & (lived.at_us <= until))
        begun = time.process_time()
        _, state = advance(fleet, state, own.facts(fleet), until)
        spent += time.process_time() - begun
        kept.append(state)
    return kept, spent


def _late_rows(lived: Lived, generator: np.random.Generator) -> NDArray[np.bool_]:
    """Stretches of half an hour of some wearers, so many that the share of all fixes is late."""
    late = np.zeros(len(lived.at_us), dtype=np.bool_)
    for low in generator.choice(len(late), int(len(late) * LATE_SHARE / LATE_STRETCH) + 1):
        late[low : low + LATE_STRETCH] = True
    return late


def _with_late(lived: Lived, fleet: Fleet, watched: list[list[Watch]]) -> float:
    """Seconds for a day by the hour, and for each wearer with late fixes from the hour before them.

    All of a wearer's late fixes have come by the end of the day: the re-run is to there.
    """
    late = _late_rows(lived, np.random.default_rng(4))
    kept, spent = _hours(lived, fleet, late)
    wearer = np.repeat(np.arange(fleet.wearers), np.diff(lived.starts))
    first = np.full(fleet.wearers, 25, dtype=np.int64)
    np.minimum.at(first, wearer[late], (lived.at_us[late] - START) // HOUR)
    for hour in np.unique(first[first < 25]):
        own = np.flatnonzero(first == hour)
        some = fleet_of([watched[i] for i in own], PARAMETERS_V1)
        state = _picked(kept[hour], fleet, own)
        mine = np.isin(wearer, own) & (lived.at_us > state.horizon_us)
        rows = lived.rows(mine)
        begun = time.process_time()
        some_lived = Lived(
            rows.at_us, rows.lat_e7, rows.lon_e7, rows.mechanism, rows.radius_cm,
            np.append(rows.starts[:-1][own], rows.starts[-1]),
        )  # fmt: skip
        advance(some, state, some_lived.facts(some), END)
        spent += time.process_time() - begun
    return spent


def _picked(state: FleetState, fleet: Fleet, wearers: I64) -> FleetState:
    zones = np.isin(fleet.zone_places.wearer, wearers)
    presences = np.isin(fleet.presence_places.wearer, wearers)
    return FleetState(
        state.horizon_us,
        type(state.zones)(state.zones.kept[zones], state.zones.odds[zones]),
        type(state.presences)(*(array[presences] for array in state.presences)),
    )


def _pairs(watched: list[list[Watch]]) -> list[tuple[int, shapely.Polygon]]:
    """Every zone and home with the number of its wearer."""
    return [(i, _polygon(_outline(watch))) for i, own in enumerate(watched) for watch in own]


def _tree(lived: Lived, pairs: list[tuple[int, shapely.Polygon]]) -> tuple[float, int]:
    """Seconds of shapely's tree of all zones, and how often a fix lies in one of its wearer's."""
    owner = np.array([i for i, _ in pairs])
    wearer = _wearers(lived)
    begun = time.process_time()
    tree = shapely.STRtree([polygon for _, polygon in pairs])
    points = shapely.points(lived.lon_e7 / 1e7, lived.lat_e7 / 1e7)
    fix, zone = tree.query(points, predicate="within")
    hits = int(np.count_nonzero(owner[zone] == wearer[fix]))
    return time.process_time() - begun, hits


def _wearers(lived: Lived) -> I64:
    """Whose each fix is."""
    return np.repeat(np.arange(len(lived.starts) - 1), np.diff(lived.starts))


def _postgis(
    lived: Lived, pairs: list[tuple[int, shapely.Polygon]], hits: int
) -> tuple[float | None, str]:
    """Seconds of PostGIS over the same, or None; and what is to be said of it."""
    install = with_postgis()
    if install is None:
        return None, MISSING
    fixes = (_wearers(lived), lived.lat_e7 / 1e7, lived.lon_e7 / 1e7)
    seconds, found = by_postgis(install, fixes, pairs)
    assert found == hits, "PostGIS and shapely's tree do not agree"
    return seconds, "PostGIS: the processor's time of the query, tables loaded and indexed."


def _waits(lived: Lived, watched: list[list[Watch]], fleet: Fleet, share: float) -> Waits:
    """How long a fix waits at a quarter past six in the evening, when curfews have begun."""
    at = START + 18 * HOUR + HOUR // 4
    before = lived.rows(lived.at_us <= at).facts(fleet)
    _, state = advance(fleet, new_fleet_state(fleet, START - HOUR), before, at)
    keep = np.flatnonzero((lived.at_us > at) & (lived.at_us <= at + HOUR // 20))
    columns = (lived.at_us, lived.lat_e7, lived.lon_e7, lived.mechanism, lived.radius_cm)
    feed = Feed(_wearers(lived)[keep], *(column[keep] for column in columns))
    waits(watched, fleet, state, feed, fleet.wearers)  # compiles
    offered = NATION if share >= 0.1 else max(fleet.wearers, round(share * NATION))
    return waits(watched, fleet, state, feed, offered)


def _outline(watch: Watch) -> Outline:
    outline = watch.outline if isinstance(watch, ZoneWatch) else watch.places[0].outline
    assert outline is not None, "every place of the bench has an outline"
    return outline


def _polygon(outline: Outline) -> shapely.Polygon:
    return shapely.Polygon(np.column_stack([outline.longitude, outline.latitude]))


def _by_reference(lived: Lived, watched: list[list[Watch]]) -> tuple[int, float, list[object]]:
    """Fixes, seconds and what is told, of the first wearers by the reference."""
    wearers = min(BY_REFERENCE, len(watched))
    fixes = [fixes_of_wearer(lived, i) for i in range(wearers)]
    begun = time.process_time()
    told: list[object] = [
        step(new_state(w, PARAMETERS_V1, START - HOUR), own, w, PARAMETERS_V1, END).told
        for own, w in zip(fixes, watched, strict=False)
    ]
    return sum(map(len, fixes)), time.process_time() - begun, told


def fixes_of_wearer(lived: Lived, i: int) -> list[Fix]:
    """Those of one wearer as facts."""
    rows = slice(int(lived.starts[i]), int(lived.starts[i + 1]))
    columns = (lived.at_us, lived.lat_e7, lived.lon_e7, lived.mechanism, lived.radius_cm)
    return [Fix(*row) for row in zip(*(c[rows].tolist() for c in columns), strict=True)]


def run(scale: str) -> Result:
    """A day of wearers on one core, beside the reference and shapely's tree of zones."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    lived, watched = made_day(max(BY_REFERENCE, round(WEARERS * share)))
    fleet = fleet_of(watched, PARAMETERS_V1)
    few = lived.rows(np.arange(len(lived.at_us)) < lived.starts[1])
    advance(fleet, new_fleet_state(fleet, START - HOUR), few.facts(fleet), END)  # compiles
    ready_s, engine_s, told = min(_replay(lived, fleet) for _ in range(3))
    late_s = _with_late(lived, fleet, watched)
    some, reference_s, wanted = _by_reference(lived, watched)
    found, state = advance(fleet, new_fleet_state(fleet, START - HOUR), lived.facts(fleet), END)
    assert told_by_wearer(fleet, found)[: len(wanted)] == wanted
    pairs = _pairs(watched)
    tree_s, hits = _tree(lived, pairs)
    postgis_s, postgis_note = _postgis(lived, pairs, hits)
    waited = _waits(lived, watched, fleet, share)
    count, per_second = len(lived.at_us), len(lived.at_us) / (ready_s + engine_s)
    peer = None if postgis_s is None else count / postgis_s
    return Result(
        name="monitor",
        scale=scale,
        figures=[
            Figure("fixes a second, all rules", per_second, "1/s", count / tree_s,
                   "shapely's tree, in or not"),
            Figure("the same beside PostGIS", per_second, "1/s", peer, "PostGIS, in or not"),
            Figure("the same by the reference", some / reference_s, "1/s"),
            Figure("fixes a second, 2% late", count / late_s, "1/s"),
            Figure("columns made ready", ready_s, "s"),
            Figure("rules", engine_s, "s"),
            Figure("state kept", len(to_bytes(fleet, state)) / fleet.wearers, "bytes a wearer"),
            Figure("memory, state and watches", bytes_held(state, fleet) / fleet.wearers,
                   "bytes a wearer"),
            Figure("a fix to its findings, median", waited.p50_ms, "ms"),
            Figure("a fix to its findings, 99%", waited.p99_ms, "ms"),
            Figure("busy meanwhile", waited.busy, "of a core"),
        ],
        counts={
            "fixes": count, "wearers": fleet.wearers, "told": told, "points inside": hits,
            "fixes a second offered": round(waited.fixes_a_second),
            "wearers meanwhile": waited.wearers,
        },
        notes=[
            "One core, seconds of its time; fixes sorted in memory, orders compiled. What the "
            "reference tells of its wearers the columns tell too, which is checked.",
            postgis_note,
            "A fix to its findings: from facts in memory, as they come, on one core. Reading them "
            "and the commit are not in it; the worker's benchmark measures those.",
            f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}.",
        ],
    )  # fmt: skip
