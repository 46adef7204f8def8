"""The outbox: notices to be sent, each attempt at sending one, and the addresses they go to."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.access import Ending
from tipstaff.records.models.crimes import Force
from tipstaff.records.models.wearing import Wearer


class Notice(models.Model):
    """One notice about an alert of a wearer, known by its key, with where its sending stands.

    Or about the answers of a `run`, for the `force` whose crimes they are about, and then about no
    wearer; a run is named by its random id. Of a daily digest `run` is the name of its day.

    `alert` counts within the wearer. `due_at`: when it is tried next; `lease` and `leased_until`:
    who is sending it now. `reason` says why it is dead. `failures` counts since it last was queued,
    which is at `tried_from`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, null=True, related_name="notices")
    run = models.UUIDField(null=True)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, null=True, related_name="notices")
    alert = models.IntegerField()
    episode = models.IntegerField()
    revision = models.IntegerField()
    step = models.CharField(max_length=60)
    recipient = models.CharField(max_length=40)
    means = models.CharField(max_length=20)
    late = models.BooleanField()
    severity = models.SmallIntegerField()
    kind = models.CharField(max_length=40)
    queued_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True)
    tried_from = models.DateTimeField()
    failures = models.IntegerField(default=0)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        """A key is there once for a wearer or a run, so no notice is sent twice."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["wearer", "episode", "revision", "step", "recipient"],
                name="notice_once",
            ),
            models.UniqueConstraint(
                fields=["run", "force", "step", "recipient", "means"],
                condition=Q(run__isnull=False),
                name="answers_notice_once",
            ),
            models.CheckConstraint(
                condition=Q(wearer__isnull=False, run__isnull=True, force__isnull=True)
                | Q(wearer__isnull=True, run__isnull=False, force__isnull=False),
                name="notice_of_wearer_or_run",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="notice_by_due"),
            models.Index(fields=["state", "settled_at"], name="notice_by_settling"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoticeContact(Ending):
    """An address of a recipient, of one force or, without one, of all; `ends_at` is exclusive."""

    force = models.ForeignKey(
        Force, on_delete=models.PROTECT, null=True, related_name="notice_contacts"
    )
    recipient = models.CharField(max_length=40)
    means = models.CharField(max_length=20)
    address = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        """It ends after it began."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="notice_contact_forwards",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class NoticeAttempt(models.Model):
    """How one attempt, or a receipt after it, ended: the proof of delivery. Never edited.

    `reference` is the provider's name for the message, `words` what is safe of what it said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="attempts")
    contact = models.ForeignKey(
        NoticeContact, on_delete=models.PROTECT, null=True, related_name="attempts"
    )
    at = models.DateTimeField()
    code = models.CharField(max_length=20)
    reference = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        """Read in order, for one notice."""

        indexes: ClassVar = [models.Index(fields=["notice", "at"], name="attempt_of_notice")]

    def __str__(self) -> str:
        return str(self.id)
