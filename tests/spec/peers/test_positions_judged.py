"""Faults seen in widely used tracking servers, by their numbers: those of judging positions.

T1: out before the curfew starts, and no alert at its start, ever. T2: reported accuracy never
enters the zone decision. T3: a late fix is stored but raises nothing. T9: a fast pass between two
fixes is missed. T11: editing a zone rewrites history.
"""

from __future__ import annotations

from engine_forms import SINCE, told_of
from lives_in_words import every, fixes, instant, periods, place, told

from tipstaff.domain.findings import Finding, Level
from tipstaff.domain.zones import Circle, Harm
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.reference import new_state, step
from tipstaff.monitoring.watches import CurfewWatch, Demanded, PlaceToBe, ZoneWatch

NIGHT = instant("23:59")


def zone(
    radius_m: float = 100.0, hours: str = "10:00-12:00", harm: Harm = Harm.MEDIUM
) -> ZoneWatch:
    outline = outline_of(Circle(place(0, 0), radius_m))
    return ZoneWatch("z", keep_in=False, harm=harm, outline=outline, periods=periods(hours))


def curfew() -> CurfewWatch:
    home = PlaceToBe("home", outline_of(Circle(place(0, 0), 40.0)))
    return CurfewWatch(
        "c", (home,), tuple(Demanded(a, b, 1, a + 300_000_000) for a, b in periods("19:00-23:00"))
    )


def test_t1_who_is_out_before_the_curfew_starts_is_found_at_its_start() -> None:
    lines = every(5, "18:00", "19:00", "gps r10 5000,0")
    found = told(told_of(fixes(lines), [curfew()], instant("19:05")))
    assert found == ["19:05 curfew began confirmed out_at_start since 19:00"]


def test_t1_the_clock_is_asked_for_when_the_grace_is_over() -> None:
    watches = [curfew()]
    stepped = step(
        new_state(watches, PARAMETERS_V1, SINCE), [], watches, PARAMETERS_V1, instant("19:00")
    )
    assert stepped.next_due_us == instant("19:05")


def test_t2_the_same_places_with_another_accuracy_are_another_finding() -> None:
    lines = every(1, "10:00", "10:10", "gps r{} 60,0")
    sure = told_of(fixes(line.format(5) for line in lines), [zone()], NIGHT)
    poor = told_of(fixes(line.format(300) for line in lines), [zone()], NIGHT)
    assert max(one.level for one in sure if isinstance(one, Finding)) is Level.CONFIRMED
    assert poor == []


def test_t3_a_late_fix_is_judged_from_before_it() -> None:
    """The state from before it is stepped again, and finds what it would have found in time."""
    watches = [zone()]
    lines = every(1, "10:00", "10:10", "gps r10 0,0")
    before = step(
        new_state(watches, PARAMETERS_V1, SINCE), [], watches, PARAMETERS_V1, instant("09:59")
    )
    nothing = step(before.state, [], watches, PARAMETERS_V1, NIGHT)
    late = step(before.state, fixes(lines), watches, PARAMETERS_V1, NIGHT)
    assert nothing.told == ()
    assert list(late.told) == told_of(fixes(lines), watches, NIGHT)
    assert late.told != ()


def test_t9_a_fast_pass_between_two_fixes_is_suspected() -> None:
    lines = ["10:10 gps r5 -600,0", "10:10:30 gps r5 600,0"]
    assert told(told_of(fixes(lines), [zone()], NIGHT))[0] == (
        "10:10:30 began suspected line_crosses since 10:10"
    )


def test_t11_what_was_found_before_a_zone_was_redrawn_stays_found() -> None:
    lines = every(1, "10:10", "10:40", "gps r10 0,90")
    before = told_of(fixes(lines), [zone(150.0)], instant("10:30"))
    redrawn = [zone(150.0, "10:00-10:30"), zone(20.0, "10:30-12:00")]
    after = told_of(fixes(lines), redrawn, NIGHT)
    assert before
    assert [one for one in after if one.at < before[-1].at or one in before] == before
    assert told(after)[-1].startswith("10:30 ended")
