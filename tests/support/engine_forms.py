"""The two forms of the engine: what each tells of the same lives, and that it is the same."""

from __future__ import annotations

from collections.abc import Sequence

from tipstaff.domain.findings import Told
from tipstaff.monitoring.engine import advance, fact_columns, next_dues, told_by_wearer
from tipstaff.monitoring.facts import Fact
from tipstaff.monitoring.fleet_states import from_bytes, new_fleet_state, to_bytes
from tipstaff.monitoring.fleets import fleet_of
from tipstaff.monitoring.parameters import PARAMETERS_V1, EngineParameters
from tipstaff.monitoring.place_columns import NEVER
from tipstaff.monitoring.reference import new_state, step
from tipstaff.monitoring.watches import Watch

#: Before all that any test tells of: 2020.
SINCE = 1_577_836_800_000_000
Life = tuple[Sequence[Fact], Sequence[Watch]]
#: What is told of each wearer, and when each next needs the clock (None: ever).
Answer = tuple[list[list[Told]], list[int | None]]


def by_reference(
    lives: Sequence[Life], horizons: Sequence[int], rules: EngineParameters = PARAMETERS_V1
) -> Answer:
    """The reference, one wearer after the other, the horizon moved in steps."""
    told: list[list[Told]] = []
    dues: list[int | None] = []
    for facts, watches in lives:
        state, own, due = new_state(watches, rules, SINCE), list[Told](), None
        for now_us in horizons:
            fresh = [fact for fact in facts if state.horizon_us < fact.at_us]
            stepped = step(state, fresh, watches, rules, now_us)
            state, due = stepped.state, stepped.next_due_us
            own += stepped.told
        told.append(own)
        dues.append(due)
    return told, dues


def by_columns(
    lives: Sequence[Life], horizons: Sequence[int], rules: EngineParameters = PARAMETERS_V1
) -> Answer:
    """The columns, all wearers at once; every state goes through its bytes."""
    fleet = fleet_of([watches for _, watches in lives], rules)
    state = new_fleet_state(fleet, SINCE)
    told: list[list[Told]] = [[] for _ in lives]
    for now_us in horizons:
        since = state.horizon_us
        fresh = [[f for f in facts if since < f.at_us <= now_us] for facts, _ in lives]
        columns = fact_columns(fresh, fleet, rules)
        found, state = advance(fleet, state, columns, now_us)
        state = from_bytes(fleet, to_bytes(fleet, state))
        for own, new in zip(told, told_by_wearer(fleet, found), strict=True):
            own.extend(new)
    return told, [None if due == NEVER else int(due) for due in next_dues(fleet, state)]


def told_of(
    facts: Sequence[Fact],
    watches: Sequence[Watch],
    until_us: int,
    rules: EngineParameters = PARAMETERS_V1,
) -> list[Told]:
    """What the reference tells of one wearer, which the columns tell too."""
    wanted = by_reference([(facts, watches)], [until_us], rules)
    assert by_columns([(facts, watches)], [until_us], rules) == wanted
    return wanted[0][0]
