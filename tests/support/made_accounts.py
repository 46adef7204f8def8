"""Accounts for tests, made through the use cases by the local user; and what they are given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from tipstaff.domain.access_facts import ActorFacts
from tipstaff.domain.access_rows import Reach
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import OF_A_FORCE, OF_AN_ORGANISATION, Course, Relation, Role

LOCAL: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.SYSTEM_ADMINISTRATION, "authority": "",
}  # fmt: skip


def account(name: str, role: Role, **other: Any) -> str:
    """An account of that role: of Derbyshire's or of an agency where the role asks for one."""
    from tipstaff.services.accounts import Duty, add_account

    values: dict[str, Any] = {"display_name": "Made Up"}
    if role in OF_A_FORCE:
        values["force"] = "Derbyshire"
    if role in OF_AN_ORGANISATION:
        values["organisation"] = "acme"
    if role is Role.WEARER:
        values["wearer"] = "W1"
    made = add_account(**LOCAL, username=name, duty=Duty(role, **(values | other)))
    assert made.problems == ()
    return name


def second_local(name: str = "second") -> str:
    """Another owner of the installation, as `tipstaff init --user` makes one."""
    from tipstaff.services.instance import init_instance

    init_instance(user=name)
    return name


def clear(name: str, wearer: str | None = None, **other: Any) -> UUID:
    """A grant by somebody else for one wearer's record of limited access, or for all."""
    from tipstaff.services.grants import grant_access

    who = {**LOCAL, "actor": second_local(), "authority": "decision 1"}
    made = grant_access(**who, username=name, wearer=wearer, reason="reviews", **other)
    assert made.problems == ()
    assert made.ref is not None
    return made.ref


def hand(wearer: str, relation: Relation = Relation.CASEWORKER, **other: Any) -> None:
    """A case given to a person or a team."""
    from tipstaff.services.assignments import Handing, assign_case

    assert assign_case(**LOCAL, handing=Handing(wearer, relation, **other)).problems == ()


def train(name: str) -> None:
    """Training in reviewing crime matches, in force."""
    from tipstaff.services.training import record_training

    course = Course.CRIME_MATCHING_REVIEW
    made = record_training(**LOCAL, username=name, course=course, completed_on=date(2026, 1, 1))
    assert made.problems == ()


def permit(actor: str, use_case: str, period: Period, purpose: Purpose, **other: Any) -> UUID:
    """An approval that somebody asked for and the local user gave."""
    from tipstaff.services.permits import Wanted, ask_permit, decide_permit

    who = {"actor": actor, "purpose": purpose, "authority": ""}
    wanted = Wanted(use_case, period, **other)
    asked = ask_permit(**who, wanted=wanted, reason="needed", lasts=timedelta(days=1))
    assert asked.problems == ()
    assert asked.ref is not None
    assert decide_permit(**LOCAL, permit=asked.ref, approve=True).problems == ()
    return asked.ref


def everybody(*, limited: bool = True) -> Any:
    """A list's reach that leaves nobody out; not `limited`: nobody but those of limited access."""
    from tipstaff.records.reach import ListReach

    return ListReach(ActorFacts(uuid4(), Role.LOCAL), Reach.UNIT, every_limited=limited)
