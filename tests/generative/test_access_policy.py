"""What holds of every decision: denied by default, more grants never less, no way round a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.access_facts import (
    ActorFacts,
    Area,
    Asked,
    GrantFacts,
    PermitFacts,
    TargetFacts,
)
from tipstaff.domain.access_policy import decide
from tipstaff.domain.access_rows import Reach
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Course, Role

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
NAMES = st.sampled_from(["W1", "W2"])
FORCES = st.sampled_from(["Durham", "Essex"])
times = st.integers(-60, 60).map(lambda days: NOW + timedelta(days=days))
periods = st.tuples(times, st.integers(0, 400)).map(
    lambda drawn: Period(drawn[0], drawn[0] + timedelta(hours=drawn[1]))
)
areas = st.builds(Area, st.just(54.0), st.just(-1.5), st.sampled_from([50.0, 100.0]))
actors = st.builds(
    ActorFacts,
    ref=st.just(UUID(int=1)),
    role=st.sampled_from([*Role, None]),
    active=st.sampled_from([True, True, True, False]),
    force=st.none() | FORCES,
    wearer=st.none() | NAMES,
    courses=st.dictionaries(st.sampled_from(Course), st.none() | times),
)
purposes = st.sampled_from(Purpose)
asks = st.builds(
    Asked,
    use_case=st.sampled_from([*ROWS, "trail", "near", "show_case", "never_heard_of"]),
    purpose=purposes,
    name=st.none() | NAMES,
    period=st.none() | periods,
    area=st.none() | areas,
)
targets = st.builds(
    TargetFacts,
    reference=NAMES,
    orders=st.frozensets(st.tuples(FORCES, st.sampled_from(LegalBasis)), max_size=2),
    assigned=st.booleans(),
    limited=st.booleans(),
)
ends = st.none() | times
grants = st.lists(st.builds(GrantFacts, starts_at=times, ends_at=ends, wearer=st.none() | NAMES))


@st.composite
def covering(draw: Any, asked: Asked) -> list[PermitFacts]:
    """Approvals that are about right: most of them cover what is asked."""
    exact = PermitFacts(
        UUID(int=2), asked.use_case, asked.purpose, asked.period or Period(NOW, NOW),
        NOW - timedelta(hours=1), NOW + timedelta(hours=1), asked.name, asked.area,
    )  # fmt: skip
    off = st.fixed_dictionaries({}, optional={"name": st.none() | NAMES, "ends_at": times})
    return draw(st.lists(off.map(lambda changes: replace(exact, **changes)), max_size=2))


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    """Whoever asks whatever; mostly a role and a purpose of the row's, which get further."""
    asked, actor = draw(asks), draw(actors)
    row = ROWS.get(asked.use_case)
    if row is not None and draw(st.integers(0, 3)):
        asked = replace(asked, purpose=draw(st.sampled_from(sorted(row.purposes))))
        actor = replace(actor, role=draw(st.sampled_from(sorted(row.reach))), active=True)
    return {
        "actor": actor, "asked": asked, "target": draw(st.none() | targets),
        "permits": draw(covering(asked)), "grants": draw(grants),
    }  # fmt: skip


def allowed(drawn: dict[str, Any], **other: Any) -> bool:
    values = drawn | other
    return decide(
        values["actor"], values["asked"], values["target"],
        permits=values["permits"], grants=values["grants"], now=NOW,
    ).allowed  # fmt: skip


@given(cases(), grants)
def test_more_grants_never_allow_less(drawn: dict[str, Any], more: list[GrantFacts]) -> None:
    if allowed(drawn):
        assert allowed(drawn, grants=[*drawn["grants"], *more])


@given(cases(), st.data())
def test_more_approvals_never_allow_less(drawn: dict[str, Any], data: Any) -> None:
    more = data.draw(covering(drawn["asked"]))
    if allowed(drawn):
        assert allowed(drawn, permits=[*drawn["permits"], *more])


@given(cases(), targets)
def test_limited_access_is_opened_by_a_grant_in_force_alone(
    drawn: dict[str, Any], whom: TargetFacts
) -> None:
    limited, plain = replace(whom, limited=True), replace(whom, limited=False)
    opened = any(grant.opens(whom.reference, NOW) for grant in drawn["grants"])
    assert not allowed(drawn, target=limited, grants=[])
    assert allowed(drawn, target=limited) == (opened and allowed(drawn, target=plain, grants=[]))


@given(cases())
def test_what_is_in_no_row_is_refused(drawn: dict[str, Any]) -> None:
    row, actor = ROWS.get(drawn["asked"].use_case), drawn["actor"]
    if allowed(drawn):
        assert row is not None
        assert actor.active
        assert row.reach_of(actor.role) is not None
        assert drawn["asked"].purpose in row.purposes_of(actor.role)


@given(cases())
def test_without_an_approval_nobody_leaves_their_reach(drawn: dict[str, Any]) -> None:
    """Of another force and not assigned: only who reaches everybody, or the person, sees them."""
    whom, actor = drawn["target"], drawn["actor"]
    if whom is None or whom.assigned or not allowed(drawn, permits=[]):
        return
    reach = ROWS[drawn["asked"].use_case].reach_of(actor.role)
    own = any(force == actor.force for force, _basis in whom.orders)
    assert reach is Reach.UNIT or own or actor.wearer == whom.reference
