"""Accounts with their posts and training, as values. A post speaks until the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery

from tipstaff.domain.access_facts import ActorFacts
from tipstaff.domain.roles import Course, Role
from tipstaff.domain.wall_time import first_reached
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Force, Post, Training, User


@dataclass(frozen=True, slots=True)
class PostFact:
    """What an account is to be, or was from `recorded_at` on. `role` is a word of `Role`."""

    role: str
    display_name: str
    active_from: datetime
    active_to: datetime | None = None
    force: str | None = None
    team: UUID | None = None
    organisation: str = ""
    wearer: str | None = None
    number: int = 0
    recorded_at: datetime | None = None
    recorded_by: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a list, by its last post (None: it has none, and may do nothing)."""

    ref: UUID
    username: str
    active: bool
    post: PostFact | None


@dataclass(frozen=True, slots=True)
class TrainingFact:
    """A course completed; `valid_until` is the first day on which it holds no more."""

    ref: UUID
    course: str
    completed_on: date
    valid_until: date | None
    recorded_at: datetime
    recorded_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None
    end_reason: str


def standing(username: str, now: datetime) -> ActorFacts | None:
    """The account of that name as the policy sees it; None where there is none."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return None
    return _actor(user, _last_post(user), now)


def ref_of(username: str) -> UUID | None:
    """The reference of the account of that name."""
    return User.objects.filter(username=username).values_list("id", flat=True).first()


def of_force(users: Iterable[UUID], force: str) -> frozenset[UUID]:
    """Those of some accounts whose post is now of that force."""
    latest = Post.objects.filter(user=OuterRef("user")).order_by("-number").values("number")[:1]
    found: set[UUID] = set()
    for chunk in chunked(sorted(set(users))):
        rows = Post.objects.filter(user__in=chunk, number=Subquery(latest))
        found.update(rows.filter(force__identifier=force).values_list("user_id", flat=True))
    return frozenset(found)


def add(username: str) -> UUID | None:
    """Make an account that cannot sign in until it is given a password; None: the name is taken."""
    if User.objects.filter(username=username).exists():
        return None
    return User.objects.create_local(username, "").id


def appoint(user: UUID, post: PostFact, *, at: datetime, by: UUID, reason: str) -> int:
    """Record the next post of an account, in the caller's transaction; its number.

    The account's own column of the role follows it, so that Django's tables say the same.
    """
    User.objects.select_for_update().get(id=user)
    last: int | None = Post.objects.filter(user=user).aggregate(last=Max("number"))["last"]
    force = None if post.force is None else Force.objects.get(identifier=post.force)
    row = Post.objects.create(
        user_id=user,
        number=(last or 0) + 1,
        role=post.role,
        display_name=post.display_name,
        force=force,
        team_id=post.team,
        organisation=post.organisation,
        wearer=post.wearer or "",
        active_from=post.active_from,
        active_to=post.active_to,
        recorded_at=at,
        recorded_by=by,
        reason=reason,
    )
    User.objects.filter(id=user).update(role=post.role)
    return row.number


def posts_of(user: UUID) -> tuple[PostFact, ...]:
    """Every post of an account, in the order of recording."""
    rows = Post.objects.filter(user=user).select_related("force", "team")
    return tuple(_post(row) for row in rows.order_by("number"))


def posts_of_all(users: Iterable[UUID]) -> dict[UUID, tuple[PostFact, ...]]:
    """Every post of some accounts, in the order of recording."""
    found: dict[UUID, tuple[PostFact, ...]] = {}
    for chunk in chunked(sorted(set(users))):
        rows = Post.objects.filter(user__in=chunk).select_related("force", "team")
        for row in rows.order_by("number"):
            found[row.user_id] = (*found.get(row.user_id, ()), _post(row))
    return found


def every(limit: int, after: str = "") -> list[AccountLine]:
    """Accounts by name, with their last posts; `after` is the last name of the page before."""
    users = list(User.objects.filter(username__gt=after).order_by("username")[:limit])
    rows = Post.objects.filter(user__in=users).select_related("force", "team")
    posts = {row.user_id: _post(row) for row in rows.order_by("number")}
    return [AccountLine(u.id, u.username, u.is_active, posts.get(u.id)) for u in users]


def train(
    user: UUID,
    course: Course,
    completed_on: date,
    valid_until: date | None,
    *,
    at: datetime,
    by: UUID,
) -> UUID:
    """Record training."""
    row = Training.objects.create(
        user_id=user,
        course=course,
        completed_on=completed_on,
        valid_until=valid_until,
        recorded_at=at,
        recorded_by=by,
    )
    return row.id


def end_training(user: UUID, course: Course, *, at: datetime, by: UUID, reason: str) -> int:
    """Say that a person's training in a course no longer holds; how many records ended."""
    rows = Training.objects.filter(user=user, course=course, ended_at__isnull=True)
    return rows.update(ended_at=at, ended_by=by, end_reason=reason)


def trainings_of(user: UUID) -> tuple[TrainingFact, ...]:
    """Every training of an account, in the order of recording."""
    rows = Training.objects.filter(user=user).order_by("recorded_at", "id")
    return tuple(
        TrainingFact(
            ref=row.id,
            course=row.course,
            completed_on=row.completed_on,
            valid_until=row.valid_until,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            end_reason=row.end_reason,
        )
        for row in rows
    )


def _last_post(user: User) -> Post | None:
    rows = Post.objects.filter(user=user).select_related("force", "team")
    return rows.order_by("-number").first()


def _actor(user: User, post: Post | None, now: datetime) -> ActorFacts:
    if post is None:
        return ActorFacts(user.id, None, user.is_active)
    bounded = post.active_from <= now and (post.active_to is None or now < post.active_to)
    team = post.team if post.team is not None and post.team.ended_at is None else None
    rows = Training.objects.filter(user=user, ended_at__isnull=True)
    return ActorFacts(
        ref=user.id,
        role=Role(post.role) if post.role in set(Role) else None,
        active=user.is_active and bounded,
        force=None if post.force is None else post.force.identifier,
        team=None if team is None else team.id,
        organisation=post.organisation,
        wearer=post.wearer or None,
        courses=_courses(rows.values_list("course", "valid_until")),
    )


def _courses(rows: Iterable[tuple[str, date | None]]) -> dict[Course, datetime | None]:
    """Until when each course holds; of several records the one that holds longest."""
    found: dict[Course, datetime | None] = {}
    for name, day in rows:
        if name not in set(Course):
            continue
        course = Course(name)
        until = None if day is None else first_reached(datetime.combine(day, time.min))
        held = found.get(course, until)
        found[course] = None if None in {held, until} else max(held, until)  # type: ignore[type-var]
    return found


def _post(row: Any) -> PostFact:
    return PostFact(
        role=row.role,
        display_name=row.display_name,
        active_from=row.active_from,
        active_to=row.active_to,
        force=None if row.force is None else row.force.identifier,
        team=row.team_id,
        organisation=row.organisation,
        wearer=row.wearer or None,
        number=row.number,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        reason=row.reason,
    )
