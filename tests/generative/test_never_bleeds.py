"""A device on one person and then on another: no position goes to the wrong one, in any order.

A slow and obvious oracle keeps, for each device and minute, who wore it as it was last told. What
is asked of the program (trails, places, matching, what erasure would take) has to agree with it,
whatever order fittings, late corrections and positions arrived in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_devices import WHO, name

from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed
from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import Period, to_micros

#: Clocks go back in Great Britain at 01:00 UTC of this day, in the middle of what is drawn.
START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
STEPS = 10
DEVICES = ("d1", "d2")
PEOPLE = ("W1", "W2", "W3")
PLACE = {"latitude": 53.0, "longitude": -1.5, "radius_m": 1000.0}
FOR_GOOD = datetime.max.replace(tzinfo=UTC)
EVER = Period(START - timedelta(days=1), START + timedelta(days=1))


def at(step: float) -> datetime:
    return START + timedelta(minutes=10 * step)


#: Of each device: a fix a microsecond before each step, at it, and in the middle after it.
INSTANTS = tuple(
    sorted(
        at(step) + nudge
        for step in range(STEPS + 1)
        for nudge in (timedelta(microseconds=-1), timedelta(0), timedelta(minutes=5))
    )
)


@dataclass
class Oracle:
    """Activations as last told: reference → (device, wearer, from, to)."""

    worn: dict[str, tuple[str, str, datetime, datetime]] = field(default_factory=dict)

    def wearer_of(self, device: str, instant: datetime) -> str | None:
        found = [
            who
            for held, who, start, end in self.worn.values()
            if held == device and start <= instant < end
        ]
        assert len(found) <= 1
        return found[0] if found else None

    def fixes_of(self, wearer: str) -> set[tuple[str, datetime]]:
        return {
            (device, instant)
            for device in DEVICES
            for instant in INSTANTS
            if self.wearer_of(device, instant) == wearer
        }


step = st.integers(0, STEPS)
#: What comes in between: late corrections, mistakes, swaps, positions before or after it all.
between = st.one_of(
    st.tuples(st.just("fit"), st.sampled_from(DEVICES), st.sampled_from(PEOPLE), step),
    st.tuples(st.just("remove"), st.sampled_from(DEVICES), step),
    st.tuples(st.just("correct"), st.integers(0, 9), step),
    st.tuples(st.just("annul"), st.integers(0, 9)),
    st.tuples(st.just("swap"), st.permutations(DEVICES), step),
    st.tuples(st.just("positions"), st.sampled_from(DEVICES)),
)


@st.composite
def told(draw: Any) -> list[tuple[Any, ...]]:
    """Devices handed from one to the next, often at one instant, with other news in between."""
    listed: list[tuple[Any, ...]] = []
    for device in draw(st.permutations(DEVICES))[: draw(st.integers(1, 2))]:
        start = draw(st.integers(0, 3))
        for person in draw(st.permutations(PEOPLE))[: draw(st.integers(2, 3))]:
            end = start + draw(st.integers(1, 3))
            listed += [("fit", device, person, start), ("remove", device, min(end, STEPS))]
            start = end + draw(st.sampled_from([0, 0, 1]))
    for what in draw(st.lists(between, max_size=5)):
        listed.insert(draw(st.integers(0, len(listed))), what)
    return listed


class Instance:
    """The program under test, with the oracle beside it."""

    def __init__(self, data: Any) -> None:
        from tipstaff.positions.archive import Archive

        self.archive = Archive(data / "archive")
        self.oracle = Oracle()
        self.sent: set[str] = set()
        self.now = datetime(2026, 4, 1, tzinfo=UTC)

    def tell(self, what: tuple[Any, ...]) -> None:
        getattr(self, what[0])(*what[1:])

    def fit(self, device: str, wearer: str, start: int) -> None:
        from tipstaff.services.fittings import fit_device

        made = Fitting("", wearer, "acme", device, fitted=Fitted(at(start), "F"))
        done = fit_device(**WHO, fitting=made)
        if done.reference:
            self.oracle.worn[done.reference] = (device, wearer, at(start), FOR_GOOD)

    def remove(self, device: str, end: int, reference: str = "") -> None:
        from tipstaff.services.fittings import remove_device

        removed = Removed(at(end), "F", RemovalReason.OTHER)
        done = remove_device(**WHO, device=name(device), removed=removed, reference=reference)
        if done.reference:
            self.ended(done.reference, end)

    def ended(self, reference: str, end: int) -> None:
        device, wearer, start, _ = self.oracle.worn[reference]
        self.oracle.worn[reference] = (device, wearer, start, at(end))

    def correct(self, which: int, end: int) -> None:
        if self.oracle.worn:
            reference = self.one_of_them(which)
            self.remove(self.oracle.worn[reference][0], end, reference)

    def one_of_them(self, which: int) -> str:
        worn = self.oracle.worn
        return sorted(worn, key=lambda reference: worn[reference])[which % len(worn)]

    def annul(self, which: int) -> None:
        from tipstaff.services.fittings import annul_fitting

        if self.oracle.worn:
            reference = self.one_of_them(which)
            device = self.oracle.worn.pop(reference)[0]
            done = annul_fitting(**WHO, device=name(device), reference=reference, reason="mistaken")
            assert done.reference == reference

    def swap(self, both: tuple[str, str], instant: int) -> None:
        from tipstaff.records import activations
        from tipstaff.services.fittings import swap_device

        old, new = both
        done = swap_device(
            **WHO, old=name(old), new=name(new), fitted=Fitted(at(instant), "F"),
            removed=Removed(at(instant), "F", RemovalReason.SWAPPED),
        )  # fmt: skip
        if done.reference:
            whom = self.oracle.wearer_of(old, at(instant))
            was = next(
                r for r, (d, w, s, e) in self.oracle.worn.items()
                if d == old and s <= at(instant) < e
            )  # fmt: skip
            self.ended(was, instant)
            assert whom is not None
            self.oracle.worn[done.reference] = (new, whom, at(instant), FOR_GOOD)
        assert activations.any_recorded() or not done.reference

    def positions(self, device: str) -> None:
        from tipstaff.records.devices import register

        if device in self.sent:
            return
        self.sent.add(device)
        columns: dict[str, list[int]] = {
            "device_key": [register("acme", [device])[device]] * len(INSTANTS),
            "fix_time": [to_micros(instant) for instant in INSTANTS],
            "lat_e7": [530_000_000] * len(INSTANTS),
            "lon_e7": [-15_000_000] * len(INSTANTS),
            "mechanism": [1] * len(INSTANTS),
        }
        arrays = [
            pa.array(columns.get(f.name, [None] * len(INSTANTS)), pa.int64()).cast(f.type)
            for f in CONTENT_SCHEMA
        ]
        self.archive.append([pa.table(arrays, schema=CONTENT_SCHEMA)], f"s-{device}", self.now)

    def check(self) -> None:
        from tipstaff.records import activations
        from tipstaff.records.devices import every_device

        names = {key: device.device_id for key, device in every_device()}
        here = {d for d in DEVICES if d in self.sent}
        due = {w: {f for f in self.oracle.fixes_of(w) if f[0] in here} for w in PEOPLE}
        for wearer in PEOPLE:
            assert _trail(wearer, names) == due[wearer]
            assert _scope(self.archive, wearer, names) == due[wearer]
        assert _near(names) == {(w, *fix) for w in PEOPLE for fix in due[w]} | {
            (None, d, i) for d in here for i in INSTANTS if self.oracle.wearer_of(d, i) is None
        }
        assert _matched(self.archive, names) == {(w, *fix) for w in PEOPLE for fix in due[w]}
        for device in DEVICES:
            for instant in INSTANTS:
                worn = activations.worn_at("acme", device, instant)
                assert (worn and worn.wearer) == self.oracle.wearer_of(device, instant)


def _fixes(table: pa.Table, names: dict[int, str]) -> set[tuple[str, datetime]]:
    keys, times = table["device_key"].to_pylist(), table["fix_time"].to_pylist()
    found = {(names[key], instant) for key, instant in zip(keys, times, strict=True)}
    assert len(found) == table.num_rows
    return found


def _trail(wearer: str, names: dict[int, str]) -> set[tuple[str, datetime]]:
    from tipstaff.domain.name_kinds import NameKind
    from tipstaff.services.trails import FixesFound, trail

    found = trail(**WHO, name=wearer, period=EVER, kind=NameKind.WEARER)
    assert isinstance(found, FixesFound)
    return _fixes(found.table, names)


def _scope(archive: Any, wearer: str, names: dict[int, str]) -> set[tuple[str, datetime]]:
    """What belongs to the wearer, and what erasing them would take."""
    from tipstaff.positions.queries import Span, trail
    from tipstaff.records import activations

    worn = activations.of_wearer(wearer)
    return _fixes(trail(archive, [Span(w.device_key, Period(w.start, w.end)) for w in worn]), names)


def _near(names: dict[int, str]) -> set[tuple[str | None, str, datetime]]:
    from tipstaff.services.trails import near

    found = near(**WHO, **PLACE, period=EVER)
    out: set[tuple[str | None, str, datetime]] = set()
    keys, times = found.table["device_key"].to_pylist(), found.table["fix_time"].to_pylist()
    for key, instant in zip(keys, times, strict=True):
        whose = [w.wearer for w in found.worn if w.device_key == key and w.start <= instant < w.end]
        assert len(whose) <= 1
        out.add((whose[0] if whose else None, names[key], instant))
    return out


def _matched(archive: Any, names: dict[int, str]) -> set[tuple[str, str, datetime]]:
    """The trails that a match makes: `services.matching` up to the engine's first two steps."""
    import duckdb

    from tipstaff.matching.inputs import WornPeriod, worn
    from tipstaff.matching.plan import STEPS as PLAN
    from tipstaff.positions.queries import Held
    from tipstaff.records import activations

    if not activations.any_recorded():
        return set()
    people = worn(
        WornPeriod(w.device_key, w.wearer, to_micros(w.start), to_micros(w.end))
        for w in activations.worn_in(EVER)
    )
    held = Held.of(archive, EVER, {key: key for key in names})
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    engine.register("fixes", held.contents().read_all())
    engine.register("activations", people.table)
    for made in PLAN:
        engine.execute(f"CREATE VIEW {made.name} AS {made.sql}")
    rows = engine.sql("SELECT wearer_no, device_key, t_us FROM ordered_fixes").fetchall()
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = {
        (people.wearers[number], names[key], epoch + timedelta(microseconds=t_us))
        for number, key, t_us in rows
    }
    assert len(found) == len(rows)
    return found


@pytest.fixture
def emptied(sqlite_instance: Any) -> Any:
    """An instance with wearers and devices and nothing worn, made anew for each example."""
    from made_devices import monitored, registered

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")  # quick: no crash is tried here
    registered(*DEVICES)
    monitored(*PEOPLE)
    return sqlite_instance


def _again(data: Any) -> Instance:
    """The instance as it was before anything was worn."""
    import shutil

    with connection.cursor() as cursor:
        for table in ("records_activation", "records_devicefact"):
            where = " WHERE number > 1" if table.endswith("fact") else ""
            cursor.execute(f"DELETE FROM {table}{where}")
        cursor.execute(
            "DELETE FROM records_version WHERE subject_id IN "
            "(SELECT id FROM records_subject WHERE kind = 'fitting')"
        )
        cursor.execute("DELETE FROM records_subject WHERE kind = 'fitting'")
    shutil.rmtree(data / "archive", ignore_errors=True)
    return Instance(data)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told())
def test_positions_never_go_to_the_wrong_person(emptied: Any, listed: list[Any]) -> None:
    made = _again(emptied.data)
    for what in [*listed, *(("positions", device) for device in DEVICES)]:
        made.tell(what)
    made.check()


@pytest.mark.parametrize("first", ["positions", "fittings"])
def test_a_handover_told_in_any_order(emptied: Any, first: str) -> None:
    """The story that matters most: A, then B at the same instant, and A's removal learnt late."""
    made = Instance(emptied.data)
    positions = [("positions", device) for device in DEVICES]
    for what in positions if first == "positions" else []:
        made.tell(what)
    made.tell(("fit", "d1", "W1", 0))
    made.tell(("fit", "d1", "W2", 6))  # refused: still on the first
    assert len(made.oracle.worn) == 1
    made.tell(("remove", "d1", 6))
    made.tell(("fit", "d1", "W2", 6))
    made.tell(("correct", 0, 4))  # it came off two steps before it was put on the other
    made.tell(("swap", ("d1", "d2"), 8))
    for what in positions:
        made.tell(what)
    assert [made.oracle.wearer_of("d1", at(s)) for s in (0, 3, 4, 5, 6, 7, 8)] == [
        "W1", "W1", None, None, "W2", "W2", None,
    ]  # fmt: skip
    assert made.oracle.wearer_of("d2", at(8)) == "W2"
    made.check()
