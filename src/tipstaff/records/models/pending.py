"""What standing answers rest on, so that late data are seen to change them; and what changed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.crimes import Crime, CrimeVersion
from tipstaff.records.models.runs import Run
from tipstaff.records.models.wearing import Wearer


class Background(models.Model):
    """What is usual, as known at a cut-off: a version that never follows "now".

    It is made of the `rows` fixes that had been ingested by `cut_off` (null: there was none), lie
    in the period, and may be read of its members by activations known at `known_at`. `heard_until`
    is the latest ingestion that was looked at for late fixes, `checked_at` when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first_run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="backgrounds")
    reserved = models.BooleanField()
    everybody = models.BooleanField()
    cut_off = models.DateTimeField(null=True)
    known_at = models.DateTimeField()
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()
    rows = models.BigIntegerField()
    heard_until = models.DateTimeField(null=True)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class BackgroundMember(models.Model):
    """A wearer whose fixes are in a background, with a digest of the periods read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    background = models.ForeignKey(Background, on_delete=models.PROTECT, related_name="members")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        """Once each."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["background", "wearer"], name="member_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class RestingEvidence(models.Model):
    """A wearer's evidence of some UTC days, as the standing answers of a background rest on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    background = models.ForeignKey(Background, on_delete=models.PROTECT, related_name="evidence")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="+")
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    worn = models.CharField(max_length=64)
    fixes = models.CharField(max_length=64)

    class Meta:
        """One belief at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["background", "wearer", "first_day", "last_day"], name="evidence_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class StandingAnswers(models.Model):
    """Which run's answers stand for a crime, on which background; apart for reserved answers.

    `digest` is of all that they rest on but for the evidence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crime = models.ForeignKey(Crime, on_delete=models.PROTECT, related_name="+")
    reserved = models.BooleanField()
    crime_version = models.ForeignKey(CrimeVersion, on_delete=models.PROTECT, related_name="+")
    background = models.ForeignKey(Background, on_delete=models.PROTECT, related_name="standing")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        """One run's answers stand at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crime", "reserved"], name="answers_stand_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Renewal(models.Model):
    """A crime's answers in a run took the place of those in an earlier one; `pairs` made again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="renewals")
    earlier = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    crime_version = models.ForeignKey(CrimeVersion, on_delete=models.PROTECT, related_name="+")
    pairs = models.IntegerField()

    class Meta:
        """Once in a run."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "crime_version"], name="renewed_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class AnswerChange(models.Model):
    """What a run says otherwise of a wearer than the one before it: `matching.changes.Changed`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="changes")
    crime_version = models.ForeignKey(CrimeVersion, on_delete=models.PROTECT, related_name="+")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    outcome_before = models.CharField(max_length=20, blank=True)
    outcome_after = models.CharField(max_length=20, blank=True)
    band_before = models.CharField(max_length=60, blank=True)
    band_after = models.CharField(max_length=60, blank=True)
    log10_before = models.FloatField(null=True)
    log10_after = models.FloatField(null=True)

    class Meta:
        """One change of one answer."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "crime_version", "wearer"], name="answer_changed_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind"], name="answer_change_by_kind")]

    def __str__(self) -> str:
        return str(self.id)
