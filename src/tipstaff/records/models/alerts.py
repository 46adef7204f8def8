"""Episodes, alerts, what people did about them, what periods came to, and what is still known.

Numbers are counted within a wearer, as the domain has them. What was decided, and what was told of
an episode at each revision, only grows.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tipstaff.records.models.wearing import Wearer


class Episode(models.Model):
    """A visit under a number, as it stands. See `monitoring.episodes.Episode`.

    `held_by` is the feed whose outage keeps it from opening an alert, `look_at` when to look
    whether it still does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="episodes")
    number = models.IntegerField()
    condition = models.TextField()
    kind = models.CharField(max_length=20)
    began = models.DateTimeField()
    told_at = models.DateTimeField()
    level = models.SmallIntegerField()
    whys = models.JSONField()
    ended = models.DateTimeField(null=True)
    end = models.CharField(max_length=20)
    filled = models.BooleanField()
    revision = models.IntegerField()
    state = models.CharField(max_length=20)
    into = models.IntegerField()
    split_from = models.IntegerField()
    held_by = models.TextField(blank=True, default="")
    look_at = models.DateTimeField(null=True)

    class Meta:
        """By number within a wearer; those of one condition; those that are held."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wearer", "number"], name="episode_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["look_at"], name="episode_to_look_at",
                         condition=Q(look_at__isnull=False)),
            models.Index(fields=["held_by"], name="episode_held", condition=~Q(held_by="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.id)


class EpisodeRevision(models.Model):
    """What was told of an episode at one revision, and when that came to be known. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    revision = models.IntegerField()
    change = models.CharField(max_length=20)
    known_at = models.DateTimeField()
    began = models.DateTimeField()
    level = models.SmallIntegerField()
    whys = models.JSONField()
    ended = models.DateTimeField(null=True)
    end = models.CharField(max_length=20)
    filled = models.BooleanField()

    class Meta:
        """One row a revision."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wearer", "number", "revision"], name="episode_revision_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Alert(models.Model):
    """An alert, as it stands. See `domain.alerts.Alert`; its decisions are rows of their own.

    Beside the value, for lists: the condition, the `severity` by the level now, whether it
    `needs_a_person`, whose hands it is in (`holder`, an account), when the clock alone may make a
    notice due (`next_notice_at`), when and how it was closed first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="alerts")
    number = models.IntegerField()
    kind = models.CharField(max_length=20)
    harm = models.SmallIntegerField(null=True)
    queue = models.CharField(max_length=20)
    late = models.BooleanField()
    opened_at = models.DateTimeField()
    episode = models.IntegerField()
    opened_revision = models.IntegerField()
    opened_level = models.SmallIntegerField()
    opened_goes_on = models.BooleanField()
    told_revision = models.IntegerField()
    told_level = models.SmallIntegerField()
    told_evidence = models.CharField(max_length=20)
    told_goes_on = models.BooleanField()
    state = models.CharField(max_length=20)
    changed = models.IntegerField()
    seen = models.IntegerField()
    follows = models.IntegerField()
    followed_by = models.IntegerField()
    condition = models.TextField()
    severity = models.SmallIntegerField()
    needs_a_person = models.BooleanField()
    holder = models.UUIDField(null=True)
    next_notice_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """The queue: what needs a person, the most severe first; what the clock may make due."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wearer", "number"], name="alert_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["wearer", "episode"], name="alert_by_episode"),
            models.Index(fields=["queue", "-severity", "opened_at", "id"], name="alert_queue",
                         condition=Q(needs_a_person=True)),
            models.Index(fields=["next_notice_at"], name="alert_by_notice",
                         condition=Q(next_notice_at__isnull=False)),
            models.Index(fields=["closed_at"], name="alert_by_closing",
                         condition=Q(closed_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.id)


class AlertDecision(models.Model):
    """What somebody did to an alert, with their words. Never edited.

    `to` is the account to which it was handed over, `reached` what came of an attempt to reach the
    wearer, `shared_with` the recipients of notices with whom it was shared.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="decisions")
    number = models.IntegerField()
    at = models.DateTimeField()
    by = models.TextField(blank=True)
    act = models.CharField(max_length=20)
    revision = models.IntegerField()
    level = models.SmallIntegerField()
    words = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    to = models.TextField(blank=True)
    reached = models.CharField(max_length=20, blank=True)
    shared_with = models.JSONField(default=list)

    class Meta:
        """Numbered from 1 within an alert."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "number"], name="decision_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class AlertPause(models.Model):
    """For a while, and for a reason, nobody is told of some kinds of alert.

    Only its end before its time is ever added. `wearer` is null where it is about all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(
        Wearer, null=True, on_delete=models.PROTECT, related_name="alert_pauses"
    )
    kinds = models.JSONField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        """Those that may still hold."""

        indexes: ClassVar = [models.Index(fields=["end"], name="pause_by_end")]

    def __str__(self) -> str:
        return str(self.id)


class FeedOutage(models.Model):
    """A feed that fell silent after `since`, until `cleared_at`. Says nothing of anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    feed = models.TextField()
    since = models.DateTimeField()
    known_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        """One banner for each."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["feed", "since"], name="outage_once")
        ]
        indexes: ClassVar = [models.Index(fields=["cleared_at"], name="outage_by_clearing")]

    def __str__(self) -> str:
        return str(self.id)


class PeriodCame(models.Model):
    """What a period in which to be somewhere came to. See `domain.findings.PeriodOutcome`.

    Told anew when late data or a correction change it; `withdrawn_at` where it no longer is a
    period of any condition.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="period_outcomes")
    kind = models.CharField(max_length=20)
    condition = models.TextField()
    start = models.DateTimeField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    absent_s = models.FloatField()
    unknown_s = models.FloatField()
    first_there = models.DateTimeField(null=True)
    last_there = models.DateTimeField(null=True)
    known_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One for each period of a condition."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wearer", "kind", "condition", "start"], name="period_came_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["wearer", "at"], name="period_came_by_end")]

    def __str__(self) -> str:
        return str(self.id)


class MonitoringCursor(models.Model):
    """How far a reader of the inbox has come; committed with what it concluded."""

    reader = models.CharField(primary_key=True, max_length=60)
    segment = models.BigIntegerField()
    sequence = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reader


class DeviceRequest(models.Model):
    """What was asked of a supplier about a wearer's device: a position now, a message.

    Never edited; what became of it is rows of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="device_requests")
    alert = models.ForeignKey(
        Alert, null=True, on_delete=models.PROTECT, related_name="device_requests"
    )
    supplier = models.TextField()
    device_id = models.TextField()
    what = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    purpose = models.CharField(max_length=40)
    authority = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()

    class Meta:
        """Of one wearer, newest first."""

        indexes: ClassVar = [
            models.Index(fields=["wearer", "-asked_at"], name="device_request_by_wearer")
        ]

    def __str__(self) -> str:
        return str(self.id)


class DeviceRequestStep(models.Model):
    """What became of a request: passed to the supplier, refused by them, answered. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(DeviceRequest, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.UUIDField()
    step = models.CharField(max_length=20)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.id)


class ShiftHandover(models.Model):
    """One shift hands what is open to the next. Taken once; never edited otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    given_by = models.UUIDField()
    words = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    taken_words = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        indexes: ClassVar = [models.Index(fields=["-given_at"], name="handover_by_time")]

    def __str__(self) -> str:
        return str(self.id)


class HandoverLine(models.Model):
    """An alert that was open when a shift handed over, as it stood then. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(ShiftHandover, on_delete=models.PROTECT, related_name="lines")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="handovers")
    place = models.IntegerField()
    state = models.CharField(max_length=20)
    severity = models.SmallIntegerField()
    told_revision = models.IntegerField()
    changed = models.BooleanField()

    class Meta:
        """In the order of the queue then."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "place"], name="handover_line_once")
        ]

    def __str__(self) -> str:
        return str(self.id)
