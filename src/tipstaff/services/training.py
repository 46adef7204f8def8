"""Training: who completed which course, and until when it holds. Some use cases demand it."""

from __future__ import annotations

from datetime import date

from tipstaff.domain.access_checks import AccessCode, check_text
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Course
from tipstaff.domain.wall_time import wall_time
from tipstaff.records import accounts
from tipstaff.services.access import admit
from tipstaff.services.account_outcomes import (
    Outcome,
    account_problems,
    clock,
    recorded,
    refused,
)
from tipstaff.services.recording import changing


def record_training(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    username: str,
    course: Course,
    completed_on: date,
    valid_until: date | None = None,
) -> Outcome:
    """Record that somebody completed a course; `valid_until`: the first day it holds no more."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.ALTERATION,
        use_case="record_training",
    )
    with changing(access, extent={"course": course}) as looked:
        now = clock()
        user = accounts.ref_of(username)
        problems = [
            *account_problems(user, "username"),
            *_day_problems(completed_on, valid_until, wall_time(now).date()),
        ]
        if problems or user is None:
            return refused(looked, problems)
        by = access.actor_ref
        done = accounts.train(user, course, completed_on, valid_until, at=now, by=by)
        looked.extent["account"] = str(user)
        return recorded(looked, done)


def withdraw_training(
    *, actor: str, purpose: Purpose, authority: str, username: str, course: Course, reason: str
) -> Outcome:
    """Record that somebody's training no longer holds, from now on."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.ALTERATION,
        use_case="withdraw_training",
    )
    with changing(access, extent={"course": course}) as looked:
        user = accounts.ref_of(username)
        problems = [*account_problems(user, "username"), *check_text("reason", reason, needed=True)]
        if problems or user is None:
            return refused(looked, problems)
        by = access.actor_ref
        if not accounts.end_training(user, course, at=clock(), by=by, reason=reason):
            action = "there is no such training in force"
            return refused(looked, [Problem(AccessCode.NOT_HELD, "course", action)])
        looked.extent["account"] = str(user)
        return recorded(looked)


def _day_problems(completed_on: date, valid_until: date | None, today: date) -> list[Problem]:
    found: list[Problem] = []
    if completed_on > today:
        action = "give the day on which it was completed, which is not to come"
        found.append(Problem(AccessCode.DAY, "completed_on", action))
    if valid_until is not None and valid_until <= completed_on:
        action = "give the first day on which it holds no more, after its completion"
        found.append(Problem(AccessCode.DAY, "valid_until", action))
    return found
