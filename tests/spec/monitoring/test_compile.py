"""From orders to watches, as tables: what versions say, and what is watched when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from lives_in_words import place
from made_cases import order
from timetables_in_words import during, timetable, utc

from tipstaff.domain.conditions import Attendance, Condition, Curfew, Trail, Venue, ZoneCondition
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.versions import Stated
from tipstaff.domain.zones import Circle, Harm, Place, Zone, ZoneKind
from tipstaff.monitoring.compile import CompileCode, Compiled, compile_watches
from tipstaff.monitoring.held import AbsenceGranted, Demands, Located, OrderVersion
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.watches import AttendanceWatch, CurfewWatch, PlaceToBe, Watch, ZoneWatch

DURING = during("2026-06-01 00:00 > 2026-06-04 00:00")
EVENINGS = timetable([f"{day} 19:00-07:00 home" for day in ("Mon", "Tue", "Wed")])
ADDRESSES = {"home": Place(53.0, -1.5), "mother": Place(53.1, -1.5)}


def zone(radius_m: float = 100.0, harm: Harm = Harm.MEDIUM) -> ZoneCondition:
    return ZoneCondition("z", Zone(ZoneKind.EXCLUSION, Circle(place(0, 0), radius_m), harm))


def active(*conditions: Condition, **other: Any) -> Order:
    made = replace(order("O"), conditions=conditions, status=OrderStatus.ACTIVE)
    told = {
        "starts_at": utc("2026-06-01 12:00"),
        "served_at": utc("2026-05-30 12:00"),
        "ends_at": None,
    }
    return replace(made, **(told | other))


def version(
    number: int, value: Order, *, since: str, until: str | None = None, recorded: str | None = None
) -> OrderVersion:
    ends = None if until is None else utc(until)
    return Stated(number, utc(since), ends, utc(recorded or since)), value


def compiled(
    *versions: OrderVersion, known: str = "2026-07-01 00:00", absences: Any = ()
) -> Compiled:
    demands = Demands([versions], absences, ADDRESSES)
    return compile_watches(demands, DURING, utc(known), PARAMETERS_V1)


def told(found: Compiled) -> list[str]:
    """`O/z 06-01 12:00 > 06-04 00:00`, a line a period."""
    lines = []
    for watch in found.watches:
        for period in watch.periods:
            start, end = (from_micros(at).strftime("%m-%d %H:%M") for at in period[:2])
            lines.append(f"{watch.condition} {start} > {end}")
    return lines


FIRST = "2026-05-01 00:00"


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        pytest.param(
            [version(1, active(zone()), since=FIRST)],
            ["O/z 06-01 12:00 > 06-04 00:00"],
            id="from its start on",
        ),
        pytest.param(
            [version(1, active(zone(), served_at=utc("2026-06-02 09:00")), since=FIRST)],
            ["O/z 06-02 09:00 > 06-04 00:00"],
            id="from its being served, if that is later",
        ),
        pytest.param(
            [version(1, active(zone(), served_at=None), since=FIRST)], [], id="never served"
        ),
        pytest.param(
            [version(1, active(zone(), ends_at=utc("2026-06-03 00:00")), since=FIRST)],
            ["O/z 06-01 12:00 > 06-03 00:00"],
            id="to its end",
        ),
        pytest.param(
            [
                version(1, active(zone()), since=FIRST),
                version(
                    2,
                    active(zone(), status=OrderStatus.SUSPENDED),
                    since="2026-06-02 00:00",
                    until="2026-06-03 00:00",
                ),
            ],
            ["O/z 06-01 12:00 > 06-02 00:00", "O/z 06-03 00:00 > 06-04 00:00"],
            id="suspended for a day",
        ),
        pytest.param(
            [
                version(1, active(zone()), since=FIRST),
                version(2, active(zone(), issued_by="another court"), since="2026-06-02 00:00"),
            ],
            ["O/z 06-01 12:00 > 06-04 00:00"],
            id="a change of something else is no change of the zone",
        ),
        pytest.param(
            [
                version(1, active(zone()), since=FIRST),
                version(2, active(zone(200.0)), since="2026-06-02 00:00"),
            ],
            ["O/z 06-01 12:00 > 06-02 00:00", "O/z 06-02 00:00 > 06-04 00:00"],
            id="a changed zone is another watch from the change on (T11)",
        ),
        pytest.param(
            [
                version(1, active(zone()), since=FIRST),
                version(2, active(), since="2026-06-02 00:00", recorded="2026-06-30 00:00"),
            ],
            ["O/z 06-01 12:00 > 06-02 00:00"],
            id="a zone taken out, told of later",
        ),
        pytest.param(
            [version(1, active(Trail("t")), since=FIRST)], [], id="a trail demands no place"
        ),
        pytest.param(
            [version(1, active(Curfew("c", EVENINGS)), since=FIRST)],
            [
                "O/c 06-01 18:00 > 06-02 06:00",
                "O/c 06-02 18:00 > 06-03 06:00",
                "O/c 06-03 18:00 > 06-04 00:00",
            ],
            id="the hours of a curfew are London's",
        ),
    ],
)
def test_what_is_watched_and_when(versions: list[OrderVersion], wanted: list[str]) -> None:
    assert told(compiled(*versions)) == wanted


def test_what_was_not_yet_recorded_is_not_known() -> None:
    first = version(1, active(zone()), since=FIRST)
    removed = version(2, active(), since="2026-06-02 00:00", recorded="2026-06-03 00:00")
    assert told(compiled(first, removed, known="2026-06-02 12:00")) == [
        "O/z 06-01 12:00 > 06-04 00:00"
    ]


def test_a_correction_of_the_past_has_both_ends() -> None:
    first = version(1, active(zone()), since=FIRST)
    wrong = version(
        2,
        active(zone(50.0)),
        since="2026-06-02 00:00",
        until="2026-06-02 12:00",
        recorded="2026-06-20 00:00",
    )
    assert told(compiled(first, wrong)) == [
        "O/z 06-01 12:00 > 06-02 00:00",
        "O/z 06-02 12:00 > 06-04 00:00",
        "O/z 06-02 00:00 > 06-02 12:00",
    ]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("O/c", ["O/c 06-01 18:00 > 06-01 20:00", "O/c 06-01 22:00 > 06-02 06:00"]),
        ("", ["O/c 06-01 18:00 > 06-01 20:00", "O/c 06-01 22:00 > 06-02 06:00"]),
        ("O/z", ["O/c 06-01 18:00 > 06-02 06:00"]),
    ],
)
def test_an_absence_is_cut_out_of_what_it_is_granted_for(condition: str, wanted: list[str]) -> None:
    granted = AbsenceGranted(during("2026-06-01 20:00 > 2026-06-01 22:00"), condition)
    found = compiled(version(1, active(Curfew("c", EVENINGS)), since=FIRST), absences=[granted])
    assert told(found)[: len(wanted)] == wanted


def graces(found: Compiled) -> list[int]:
    """Minutes of grace of each period of curfews."""
    watches = [watch for watch in found.watches if isinstance(watch, CurfewWatch)]
    return [(p.judge_us - p.start_us) // 60_000_000 for watch in watches for p in watch.periods]


def test_a_curfew_changed_while_it_runs_goes_on_without_a_grace() -> None:
    """The second version adds an address on other days: tonight's is the same."""
    other = timetable(
        [*(f"{day} 19:00-07:00 home" for day in ("Mon", "Tue")), "Wed 19:00-07:00 mother"]
    )
    found = compiled(
        version(1, active(Curfew("c", EVENINGS)), since=FIRST),
        version(2, active(Curfew("c", other)), since="2026-06-01 21:00"),
    )
    assert told(found)[:2] == ["O/c 06-01 18:00 > 06-01 21:00", "O/c 06-01 21:00 > 06-02 06:00"]
    assert graces(found) == [5, 0, 5, 5]


def test_a_zone_goes_on_where_its_earlier_shape_ended() -> None:
    wider = version(2, active(zone(200.0)), since="2026-06-02 00:00")
    old, new = compiled(version(1, active(zone()), since=FIRST), wider).watches
    assert isinstance(old, ZoneWatch)
    assert isinstance(new, ZoneWatch)
    assert old.goes_on == frozenset()
    assert new.goes_on == {to_micros(utc("2026-06-02 00:00"))}


def test_who_has_to_be_elsewhere_after_a_change_has_a_grace_again() -> None:
    other = timetable([f"{day} 19:00-07:00 mother" for day in ("Mon", "Tue", "Wed")])
    found = compiled(
        version(1, active(Curfew("c", EVENINGS)), since=FIRST),
        version(2, active(Curfew("c", other)), since="2026-06-01 21:00"),
    )
    assert graces(found)[:2] == [5, 5]


def test_either_address_of_a_row_is_a_bit_of_its_mask() -> None:
    either = timetable(["Mon 19:00-23:00 home|mother", "Tue 19:00-23:00 mother"])
    (watch,) = compiled(version(1, active(Curfew("c", either)), since=FIRST)).watches
    assert [place.reference for place in watch.places] == ["home", "mother"]  # type: ignore[union-attr]
    assert [period[2] for period in watch.periods] == [0b11, 0b10]


def test_an_address_that_is_nowhere_is_a_problem() -> None:
    lost = timetable(["Mon 19:00-23:00 home|caravan"])
    found = compiled(version(1, active(Curfew("c", lost)), since=FIRST))
    (watch,) = found.watches
    assert isinstance(watch, CurfewWatch)
    assert [(p.reference, p.outline is None) for p in watch.places] == [
        ("caravan", True),
        ("home", False),
    ]
    assert [(p.code, p.where) for p in found.problems] == [
        (CompileCode.ADDRESS_WITHOUT_PLACE, "O/c")
    ]


def moved(*places: tuple[str, Place | None]) -> Compiled:
    """A curfew at home, which is in each of these places from a time on."""
    versions = [version(1, active(Curfew("c", EVENINGS)), since=FIRST)]
    located = [Located(utc(since), where) for since, where in places]
    demands = Demands([versions], (), {}, {"home": located})
    return compile_watches(demands, DURING, utc("2026-07-01 00:00"), PARAMETERS_V1)


def place_of(watch: Watch) -> PlaceToBe:
    assert isinstance(watch, CurfewWatch)
    return watch.places[0]


def test_an_address_that_moved_is_another_watch_from_then_on_with_a_grace() -> None:
    found = moved((FIRST, Place(53.0, -1.5)), ("2026-06-02 21:00", Place(53.2, -1.5)))
    assert told(found) == [
        "O/c 06-01 18:00 > 06-02 06:00",
        "O/c 06-02 18:00 > 06-02 21:00",
        "O/c 06-02 21:00 > 06-03 06:00",
        "O/c 06-03 18:00 > 06-04 00:00",
    ]
    assert graces(found) == [5, 5, 5, 5]
    before, after = (place_of(watch).outline for watch in found.watches)
    assert before is not None
    assert after is not None
    assert before.latitude.max() < 53.1 < after.latitude.min()
    assert found.problems == ()


def test_an_address_found_late_is_a_problem_and_is_watched_from_then_on() -> None:
    found = moved((FIRST, None), ("2026-06-02 21:00", Place(53.2, -1.5)))
    outlines = [place_of(watch).outline is None for watch in found.watches]
    assert outlines == [True, False]
    assert [problem.where for problem in found.problems] == ["O/c"]


def test_an_attendance_is_at_its_venue() -> None:
    hours = timetable(["Tue 10:00-11:00"])
    venue = Venue("clinic", Place(53.0, -1.5))
    (watch,) = compiled(version(1, active(Attendance("a", venue, hours)), since=FIRST)).watches
    assert isinstance(watch, AttendanceWatch)
    assert told(Compiled((watch,), ())) == ["O/a 06-02 09:00 > 06-02 10:00"]


def test_the_night_on_which_the_clocks_go_back_is_an_hour_longer() -> None:
    nights = timetable(["Sat 19:00-07:00 home"])
    versions = [version(1, active(Curfew("c", nights)), since=FIRST)]
    october = during("2026-10-24 00:00 > 2026-10-26 00:00")
    found = compile_watches(
        Demands([versions], (), ADDRESSES), october, utc("2026-10-27 00:00"), PARAMETERS_V1
    )
    assert told(found) == ["O/c 10-24 18:00 > 10-25 07:00"]


def test_two_orders_may_name_conditions_alike() -> None:
    one = [version(1, active(zone()), since=FIRST)]
    other = [(stated, replace(value, reference="P")) for stated, value in one]
    found = compile_watches(
        Demands([one, other], (), {}),
        DURING,
        datetime.fromisoformat("2026-07-01T00:00Z"),
        PARAMETERS_V1,
    )
    assert [watch.condition for watch in found.watches] == ["O/z", "P/z"]
