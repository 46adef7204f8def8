"""Case records: wearers and orders, as versions with two clocks; and the lists made from them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tipstaff.records.models.wearing import Wearer


class Subject(models.Model):
    """What versions are about: a wearer's record, or another of theirs by kind and reference.

    `own`: what a wearer asked for on their own page, so that the list of it finds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="subjects")
    reference = models.TextField(blank=True)
    own = models.BooleanField(db_default=False)

    class Meta:
        """A wearer has one record of their own (its reference is empty), and others by name."""

        indexes: ClassVar = [
            models.Index(fields=["wearer"], condition=Q(own=True), name="subject_own")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wearer", "kind", "reference"], name="subject_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Version(models.Model):
    """What was said of a subject at one recording; never edited (see `domain.versions`).

    `content` is kept byte for byte as `formats.case_json` wrote it, `digest` its SHA-256. The
    database refuses a number that is not the next one's, or a recording before the last one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    reason = models.TextField(blank=True)
    content = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        """Numbers count from 1 in the order of recording; a version speaks of some time."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "number"], name="version_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="version_speaks_of_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OrderStretch(models.Model):
    """A stretch of an order's current timeline, with what lists show: made anew with each version.

    The rows of one order never overlap. `limited_access` is that of the wearer's record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="stretches")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="stretches")
    number = models.IntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    reference = models.TextField()
    basis = models.CharField(max_length=40)
    force = models.TextField()
    officer = models.TextField()
    organisation = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=20)
    next_review = models.DateField(null=True)
    review_due = models.DateField(null=True)
    restores = models.TextField(blank=True, default="")
    limited_access = models.BooleanField()

    class Meta:
        """Lists go by reference, of all orders, of one force, of one status, or of both."""

        indexes: ClassVar = [
            models.Index(fields=["reference", "subject"], name="stretch_by_reference"),
            models.Index(fields=["force", "reference", "subject"], name="stretch_by_force"),
            models.Index(
                fields=["force", "status", "reference", "subject"], name="stretch_by_status"
            ),
            models.Index(fields=["status", "reference", "subject"], name="stretch_by_state"),
            models.Index(fields=["force", "next_review"], name="stretch_by_review"),
            models.Index(fields=["review_due", "reference"], name="stretch_by_due"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReleaseStretch(models.Model):
    """A stretch of a release's current timeline, with what lists show: made anew with each version.

    `fitted_at` is the first fitting of all that is on record. A release that was cancelled has no
    rows for the time from then on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="releases")
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="releases")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    reference = models.TextField()
    order = models.TextField()
    place_name = models.TextField()
    officer = models.TextField()
    organisation = models.TextField()
    released_at = models.DateTimeField()
    fit_by = models.DateTimeField()
    fitted_at = models.DateTimeField(null=True)
    limited_access = models.BooleanField()

    class Meta:
        """Lists go by deadline; alarms look at the unfitted alone."""

        indexes: ClassVar = [
            models.Index(fields=["fit_by", "subject"], name="release_by_deadline"),
            models.Index(
                fields=["fit_by", "subject"],
                condition=Q(fitted_at__isnull=True),
                name="release_unfitted",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class WearerIdentifier(models.Model):
    """A number by which a wearer can be found, from their current record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=40)

    class Meta:
        """Two wearers may carry one number by a slip: that is for people to sort out."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wearer", "kind", "value"], name="identifier_once")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="identifier_by_value")]

    def __str__(self) -> str:
        return str(self.id)
