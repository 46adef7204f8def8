"""What the policy decides, case by case: who, what, on whom, and the code. None means allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tipstaff.domain.access_facts import (
    ActorFacts,
    Area,
    Asked,
    GrantFacts,
    PermitFacts,
    TargetFacts,
)
from tipstaff.domain.access_policy import REFUSALS, decide
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Course, Role

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
MANAGING, MATCHING = Purpose.OFFENDER_MANAGEMENT, Purpose.CRIME_MATCHING
R, LICENCE, IMMIGRATION = Role, LegalBasis.LICENCE, LegalBasis.IMMIGRATION_BAIL


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def actor(role: Role | None, **other: Any) -> ActorFacts:
    return ActorFacts(UUID(int=1), role, **({"force": "Durham"} | other))


def target(*forces: str, basis: LegalBasis = LICENCE, **other: Any) -> TargetFacts:
    return TargetFacts("W1", frozenset((force, basis) for force in forces), **other)


def show(purpose: Purpose = MANAGING) -> Asked:
    return Asked("show_case", purpose, "W1")


def trail(start: datetime, end: datetime = NOW, **other: Any) -> Asked:
    return Asked("trail", other.get("purpose", MANAGING), "W1", Period(start, end))


def near(hours: float, radius_m: float = 100.0) -> Asked:
    period = Period(ago(5), ago(5) + timedelta(hours=hours))
    return Asked("near", MATCHING, None, period, Area(54.0, -1.5, radius_m))


def permit(asked: Asked, **other: Any) -> PermitFacts:
    values: dict[str, Any] = {
        "ref": uuid4(), "use_case": asked.use_case, "purpose": asked.purpose,
        "period": asked.period or Period(ago(1), NOW), "name": asked.name, "area": asked.area,
        "starts_at": ago(1), "ends_at": NOW + timedelta(hours=1),
    }  # fmt: skip
    return PermitFacts(**(values | other))


def grant(wearer: str | None = None, **other: Any) -> GrantFacts:
    return GrantFacts(**({"starts_at": ago(1), "ends_at": None, "wearer": wearer} | other))


def decided(
    who: ActorFacts | None, asked: Asked, whom: TargetFacts | None = None, *held: Any
) -> str | None:
    permits = [one for one in held if isinstance(one, PermitFacts)]
    grants = [one for one in held if isinstance(one, GrantFacts)]
    return decide(who, asked, whom, permits=permits, grants=grants, now=NOW).code


OURS, THEIRS, MINE = target("Durham"), target("Essex"), target("Essex", assigned=True)
LIMITED = target("Durham", limited=True)
READ = Asked("read_run", MATCHING)
COURSE = Course.CRIME_MATCHING_REVIEW


@pytest.mark.parametrize(
    ("who", "asked", "whom", "code"),
    [
        (None, show(), OURS, "unknown_actor"),
        (actor(R.LOCAL, active=False), show(), OURS, "inactive_actor"),
        (actor(None), show(), OURS, "not_permitted"),
        (actor(R.LOCAL), Asked("no_such_use_case", MANAGING), None, "not_permitted"),
        (actor(R.TAG_SUPPLIER), show(), OURS, "not_permitted"),
        (actor(R.OFFENDER_MANAGER), show(MATCHING), MINE, "purpose_not_permitted"),
        (actor(R.LOCAL), show(Purpose.DEMONSTRATION), THEIRS, None),
        # own cases, force, all
        (actor(R.OFFENDER_MANAGER), show(), OURS, "not_seen"),
        (actor(R.OFFENDER_MANAGER), show(), MINE, None),
        (actor(R.IOM_COORDINATOR), show(), OURS, None),
        (actor(R.IOM_COORDINATOR), show(), THEIRS, "not_seen"),
        (actor(R.IOM_COORDINATOR), show(), MINE, None),
        (actor(R.IOM_COORDINATOR), show(), target("Essex", "Durham"), None),
        (actor(R.IOM_COORDINATOR), show(), target("Durham", basis=IMMIGRATION), "not_seen"),
        (actor(R.IOM_COORDINATOR, force=None), show(), OURS, "not_seen"),
        (actor(R.HUB_CASEWORKER), show(), THEIRS, None),
        (actor(R.HUB_CASEWORKER), show(), target(), None),
        (actor(R.VICTIM_LIAISON), show(Purpose.VICTIM_SAFETY), MINE, None),
        (actor(R.PARTNER_AGENCY), trail(ago(1)), MINE, "not_permitted"),
        # limited access, whatever the role
        (actor(R.LOCAL), show(), LIMITED, "not_seen"),
        (actor(R.HUB_MANAGER), show(), LIMITED, "not_seen"),
        (actor(R.OFFENDER_MANAGER), show(), target(assigned=True, limited=True), "not_seen"),
        # the wearer's own
        (actor(R.WEARER, wearer="W1"), Asked("looked_at", Purpose.SUBJECT_ACCESS), OURS, None),
        (actor(R.WEARER, wearer="W2"), Asked("looked_at", Purpose.SUBJECT_ACCESS), OURS,
         "not_seen"),
        # training
        (actor(R.HUB_CASEWORKER), READ, None, "untrained"),
        (actor(R.HUB_CASEWORKER, courses={COURSE: None}), READ, None, None),
        (actor(R.HUB_CASEWORKER, courses={COURSE: NOW}), READ, None, "untrained"),
        (actor(R.HUB_CASEWORKER, courses={COURSE: NOW + timedelta(1)}), READ, None, None),
        (actor(R.HUB_CASEWORKER, courses={Course.INFORMATION_HANDLING: None}), READ, None,
         "untrained"),
        # a trail for a crime's sake is the hub's
        (actor(R.HUB_CASEWORKER), trail(ago(1), purpose=MATCHING), THEIRS, None),
        (actor(R.OFFENDER_MANAGER), trail(ago(1), purpose=MATCHING), MINE,
         "purpose_not_permitted"),
        # the routine window
        (actor(R.PROBATION_PRACTITIONER), trail(ago(14)), MINE, None),
        (actor(R.PROBATION_PRACTITIONER), trail(ago(14.01), ago(13)), MINE, "needs_approval"),
        (actor(R.MONITORING_OPERATOR), trail(ago(3)), MINE, "needs_approval"),
        (actor(R.INVESTIGATING_OFFICER), trail(ago(0.1)), OURS, "needs_approval"),
        (actor(R.LOCAL), trail(ago(1000)), OURS, None),
        # search by place
        (actor(R.CRIME_ANALYST), near(1), None, "needs_approval"),
        (actor(R.CRIME_ANALYST), near(49), None, "place_search_too_long"),
        (actor(R.LOCAL), near(1000), None, None),
    ],
)  # fmt: skip
def test_decisions(
    who: ActorFacts | None, asked: Asked, whom: TargetFacts | None, code: str | None
) -> None:
    assert decided(who, asked, whom) == code


ORDER = Asked("record_order", MANAGING, "W1")  # a use case that no approval widens
ANN, LONG = actor(R.PROBATION_PRACTITIONER), trail(ago(20))
COORDINATOR, ANALYST = actor(R.IOM_COORDINATOR), actor(R.CRIME_ANALYST)


@pytest.mark.parametrize(
    ("who", "asked", "whom", "held", "code"),
    [
        (ANN, LONG, MINE, permit(LONG), None),
        (ANN, LONG, MINE, permit(LONG, ends_at=NOW), "needs_approval"),
        (ANN, LONG, MINE, permit(LONG, starts_at=NOW + timedelta(1)), "needs_approval"),
        (ANN, LONG, MINE, permit(LONG, name="W2"), "needs_approval"),
        (ANN, LONG, MINE, permit(LONG, purpose=Purpose.VICTIM_SAFETY), "needs_approval"),
        (ANN, LONG, MINE, permit(LONG, use_case="show_case"), "needs_approval"),
        (ANN, LONG, MINE, permit(LONG, period=Period(ago(19), NOW)), "needs_approval"),
        (ANN, LONG, MINE, permit(LONG, period=Period(ago(30), NOW)), None),
        (ANN, LONG, THEIRS, permit(LONG), None),
        (COORDINATOR, show(), THEIRS, permit(show()), None),
        (COORDINATOR, show(), THEIRS, permit(trail(ago(1))), "not_seen"),
        (COORDINATOR, show(), LIMITED, permit(show()), "not_seen"),
        (COORDINATOR, ORDER, THEIRS, permit(ORDER), "not_seen"),
        (actor(R.PARTNER_AGENCY), LONG, MINE, permit(LONG), "not_permitted"),
        (ANALYST, near(1), None, permit(near(48)), None),
        (ANALYST, near(1, 100.0), None, permit(near(48, 99.0)), "needs_approval"),
        (ANALYST, near(49), None, permit(near(49)), "place_search_too_long"),
        (actor(R.HUB_MANAGER), show(), LIMITED, grant(), None),
        (actor(R.HUB_MANAGER), show(), LIMITED, grant("W1"), None),
        (actor(R.HUB_MANAGER), show(), LIMITED, grant("W2"), "not_seen"),
        (actor(R.HUB_MANAGER), show(), LIMITED, grant(ends_at=NOW), "not_seen"),
        (actor(R.HUB_MANAGER), show(), LIMITED, grant(starts_at=NOW + timedelta(1)), "not_seen"),
        (COORDINATOR, show(), target("Essex", limited=True), grant(), "not_seen"),
    ],
)
def test_what_was_approved_or_granted(
    who: ActorFacts, asked: Asked, whom: TargetFacts | None, held: Any, code: str | None
) -> None:
    assert decided(who, asked, whom, held) == code


def test_every_code_says_what_to_do() -> None:
    assert all(action.endswith((".", "'.")) for action in REFUSALS.values())
