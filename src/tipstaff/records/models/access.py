"""Who may do what: posts, teams, training, assignments, grants; and forces as they are described.

Rows are facts and never edited. What can end says so in `ended_at`, `ended_by` and `end_reason`,
which are written once (see `records.access_guards`): who was allowed what, and when, stays known.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.crimes import Force
from tipstaff.records.models.users import User
from tipstaff.records.models.wearing import Wearer


class Recorded(models.Model):
    """Columns of every fact: when it was recorded, by whom (an account's reference), and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    reason = models.TextField(blank=True)

    class Meta:
        """Columns of several tables."""

        abstract = True


class Ending(Recorded):
    """Columns of what can end before its time."""

    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        """Columns of several tables."""

        abstract = True


class ForceVersion(Recorded):
    """What was said of a force at one recording: its name, code, and go-live day by scheme."""

    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    name = models.TextField()
    code = models.CharField(max_length=20)
    live = models.JSONField(default=dict)

    class Meta:
        """Numbers count from 1; the last one speaks."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["force", "number"], name="force_version_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Team(Ending):
    """People who share cases, in a force or in another organisation."""

    name = models.TextField(unique=True)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, null=True, related_name="teams")
    organisation = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.id)


class Post(Recorded):
    """What an account is from its recording on, until the next post of the same account.

    `active_from` and `active_to` bound it: before and after, the account may do nothing. `wearer`:
    the reference of the person whose own account it is, as it was typed.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    number = models.IntegerField()
    role = models.CharField(max_length=40)
    display_name = models.TextField()
    force = models.ForeignKey(Force, on_delete=models.PROTECT, null=True, related_name="posts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="posts")
    organisation = models.TextField(blank=True)
    wearer = models.TextField(blank=True)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)

    class Meta:
        """Numbers count from 1; the last one speaks."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "number"], name="post_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Training(Ending):
    """A completed course; `valid_until` is the first day on which it holds no more."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trainings")
    course = models.CharField(max_length=60)
    completed_on = models.DateField()
    valid_until = models.DateField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class Assignment(Ending):
    """A case in the hands of a person or of a team."""

    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="assignments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="assignments")
    relation = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        """One person, or one team."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, team__isnull=False)
                | Q(user__isnull=False, team__isnull=True),
                name="assignment_to_one",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="assignment_forwards",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Grant(Ending):
    """Access by name to records of limited access: one wearer's, or all where `wearer` is empty.

    The wearer is named as they were typed: whether there is one is not told by granting it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    wearer = models.TextField(blank=True)
    authority = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class LimitedWearer(models.Model):
    """Wearers whose record says limited access, now or at a time to come: made from versions."""

    wearer = models.OneToOneField(
        Wearer, on_delete=models.PROTECT, primary_key=True, related_name="limit"
    )

    def __str__(self) -> str:
        return str(self.pk)
