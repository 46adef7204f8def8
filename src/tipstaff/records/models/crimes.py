"""Forces, batches, crimes and their versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Force(models.Model):
    """A police force: data, not code. `identifier` is how crime files name it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.identifier


class Batch(models.Model):
    """One crime file as received: the same bytes from the same force, read alike, are one batch.

    `mode`: strict or lenient; empty in rows from before it was recorded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="batches")
    batch_id = models.TextField()
    series = models.TextField()
    kind = models.CharField(max_length=1)
    digest = models.CharField(max_length=64)
    mode = models.CharField(max_length=20, blank=True, default="")
    status = models.CharField(max_length=20)
    rows = models.IntegerField()
    accepted = models.IntegerField()
    received_at = models.DateTimeField()
    ordinal = models.IntegerField()

    class Meta:
        """`ordinal` counts a force's batches in the order in which they were taken in."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["force", "digest", "mode"], name="batch_read_once"),
            models.UniqueConstraint(fields=["force", "ordinal"], name="batch_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["force", "series"], name="batch_by_series"),
            models.Index(fields=["received_at"], name="batch_by_receipt"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Crime(models.Model):
    """An offence under investigation, by the force's reference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="crimes")
    reference = models.TextField()

    class Meta:
        """A reference is unique within its force."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["force", "reference"], name="crime_once_per_force")
        ]

    def __str__(self) -> str:
        return str(self.id)


class CrimeVersion(models.Model):
    """What one batch said of a crime; never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crime = models.ForeignKey(Crime, on_delete=models.PROTECT, related_name="versions")
    version = models.IntegerField()
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="versions")
    crime_type = models.TextField()
    start = models.DateTimeField()
    end = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    rounding_m = models.FloatField()
    easting = models.FloatField(null=True)
    northing = models.FloatField(null=True)
    text = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        """Versions count from 1; both coordinates or neither; a window may have no length."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crime", "version"], name="crime_version_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="crime_window_forwards"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="crime_both_coordinates",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], name="crime_version_by_batch"),
            models.Index(fields=["start"], name="crime_version_by_start"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CrimeWithdrawal(models.Model):
    """A replacement batch left this version out: a fact of its own, the version is not touched."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crime_version = models.OneToOneField(
        CrimeVersion, on_delete=models.PROTECT, related_name="withdrawal"
    )
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="withdrawals")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
