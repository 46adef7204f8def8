"""The log of who did what, why and under which authority; its keys and its samples."""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from tipstaff.domain.purposes import Phase

#: The use case by which somebody looks at their home page: found again by an index.
HOME_LOOK: Final = "count_waiting"


class AuditEntry(models.Model):
    """One entry, never changed or removed. People are random references here, never names.

    `sequence`, `previous_hash` and `hash` are empty until the sealer chains the entry, once; the
    databases refuse every other change themselves (migration 0002). `request_ref` is the same in
    the `requested` and the `served` entry of one look. `extent` holds period, place and whatever
    else says how far the look went, in whole numbers and words. Words that may tell of a person
    stand in `ciphertext` (see `records.entry_cipher`); entries from before it have them in clear.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, null=True)
    hash = models.CharField(max_length=64, null=True)
    at = models.DateTimeField()
    request_ref = models.UUIDField()
    actor_ref = models.UUIDField(null=True)
    role = models.CharField(max_length=40, blank=True)
    operation = models.CharField(max_length=20)
    phase = models.CharField(max_length=10)
    use_case = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)
    authority = models.TextField(blank=True)
    ciphertext = models.TextField(blank=True, default="")
    subject_refs = models.JSONField(default=list)
    extent = models.JSONField(default=dict)
    rows = models.BigIntegerField(null=True)

    class Meta:
        """The sealer looks for what is not chained yet; listings go by time."""

        indexes: ClassVar = [
            models.Index(
                fields=["at", "id"], condition=Q(sequence__isnull=True), name="audit_not_sealed"
            ),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["request_ref"], name="audit_by_request"),
            models.Index(
                fields=["actor_ref", "at"],
                condition=Q(use_case=HOME_LOOK, phase=Phase.SERVED.value),
                name="audit_home_looks",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SubjectKey(models.Model):
    """The key of what the audit says of one subject; `key` is empty once it was destroyed.

    The database refuses to make a destroyed one again, and to remove the row (migration 0009).
    """

    subject_ref = models.UUIDField(primary_key=True)
    key = models.BinaryField(null=True)

    def __str__(self) -> str:
        return str(self.subject_ref)


class DipSample(models.Model):
    """A month's random sample of looks of one unit, with all by which it can be drawn again.

    `entry_sequence` and `entry_hash` are those of the chained entry that the draw is seeded by.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.CharField(max_length=7)
    unit = models.CharField(max_length=100, blank=True)
    looks = models.BigIntegerField()
    rule = models.CharField(max_length=40)
    entry_sequence = models.BigIntegerField()
    entry_hash = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = models.UUIDField()

    class Meta:
        """A month of a unit is drawn once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "unit"], name="dip_sample_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class DipItem(models.Model):
    """A look that was drawn; `place` is its place in the draw, counted from 1."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(DipSample, on_delete=models.PROTECT, related_name="items")
    place = models.IntegerField()
    request_ref = models.UUIDField()

    class Meta:
        """A look is drawn once in a sample."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sample", "request_ref"], name="dip_item_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class DipExamination(models.Model):
    """What an examiner said of a drawn look; the note is in the audit entry of `request_ref`."""

    item = models.OneToOneField(
        DipItem, primary_key=True, on_delete=models.PROTECT, related_name="examination"
    )
    outcome = models.CharField(max_length=20)
    examined_by = models.UUIDField()
    examined_at = models.DateTimeField()
    request_ref = models.UUIDField()

    def __str__(self) -> str:
        return str(self.item_id)
