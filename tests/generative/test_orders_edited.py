"""A change of an order touches nothing from before the change, whatever lives are lived (T11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from drawn_lives import MINUTE, PLACES, SHAPES, START, facts
from engine_forms import by_reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_cases import order
from timetables_in_words import timetable

from tipstaff.domain.conditions import Condition, Curfew, ZoneCondition
from tipstaff.domain.findings import Told
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period, from_micros, to_micros
from tipstaff.domain.versions import Stated
from tipstaff.domain.zones import Harm, Place, Zone, ZoneKind
from tipstaff.monitoring.compile import compile_watches
from tipstaff.monitoring.facts import Fact
from tipstaff.monitoring.held import Demands, OrderVersion
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.watches import Watch

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
SINCE = datetime(2025, 12, 1, tzinfo=UTC)
DURING = Period(from_micros(START - 60 * MINUTE), from_micros(START + 10_000 * MINUTE))
END = to_micros(DURING.end)
LATER = datetime(2026, 6, 1, tzinfo=UTC)
ADDRESSES = {name: Place(*at) for name, at in PLACES.items()}
#: The lives begin at midnight of a Thursday.
HOURS = ("Thu 00:30-02:30 home", "Thu 01:00-04:00 mother|home", "Thu 00:00-05:00 clinic")


def timetables() -> st.SearchStrategy[Any]:
    return st.sampled_from(HOURS).map(lambda row: timetable([row], dates="2026-01-01"))


zones = st.builds(
    Zone,
    st.sampled_from(list(ZoneKind)),
    SHAPES,
    st.sampled_from(list(Harm)),
    st.none() | st.just(timetable(["Thu 01:00-03:00"], dates="2026-01-01")),
)


@st.composite
def orders(draw: Any) -> Order:
    """An order with a zone and a curfew, or one of them."""
    both: list[Condition] = [
        ZoneCondition("z", draw(zones)),
        Curfew("c", draw(timetables())),
    ]
    kept = draw(st.sampled_from([both, both[:1], both[1:]]))
    return replace(order(), starts_at=SINCE, served_at=SINCE, ends_at=None, conditions=tuple(kept))


def watches_of(versions: list[OrderVersion], known_at: datetime = LATER) -> tuple[Watch, ...]:
    demands = Demands([versions], (), ADDRESSES)
    return compile_watches(demands, DURING, known_at, PARAMETERS_V1).watches


def periods_of(watches: tuple[Watch, ...]) -> list[tuple[str, Any]]:
    return [(watch.condition, watch.periods) for watch in watches]


def told_before(life: list[Fact], watches: tuple[Watch, ...], before: datetime) -> list[Told]:
    found = by_reference([(life, watches)], [END])[0][0]
    return sorted((one for one in found if one.at < before), key=repr)


@SLOW
@given(facts(), orders(), orders(), st.integers(1, 400))
def test_a_change_touches_nothing_before_it(
    life: list[Fact], first: Order, changed: Order, minute: int
) -> None:
    at = from_micros(START + minute * MINUTE)
    one = (Stated(1, SINCE, None, SINCE), first)
    other = (Stated(2, at, None, at), changed)
    edited, unedited = watches_of([one, other]), watches_of([one])
    assert told_before(life, edited, at) == told_before(life, unedited, at)
    assert periods_of(watches_of([one, other], known_at=from_micros(START))) == periods_of(unedited)


@SLOW
@given(orders(), st.integers(1, 400))
def test_a_change_of_nothing_that_is_watched_changes_nothing(first: Order, minute: int) -> None:
    at = from_micros(START + minute * MINUTE)
    other = replace(first, issued_by="another court")
    versions = [(Stated(1, SINCE, None, SINCE), first), (Stated(2, at, None, at), other)]
    assert periods_of(watches_of(versions)) == periods_of(watches_of(versions[:1]))
