"""Holds, what was disclosed to a force, and erasures under way."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.crimes import Crime
from tipstaff.records.models.wearing import Wearer


class Hold(models.Model):
    """A legal hold on all that is kept of a wearer, from `start` to `end` (None: until released).

    A fact: it is released by a row of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="holds")
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    authority = models.TextField()
    reason = models.TextField()
    placed_by = models.UUIDField()
    placed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class HoldRelease(models.Model):
    """A hold was lifted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="release")
    authority = models.TextField()
    reason = models.TextField()
    released_by = models.UUIDField()
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class ErasedStretch(models.Model):
    """Data of one category were erased for a time, while the person is still on record.

    `key`: a device's key for a trail, empty for answers. Says that there is nothing because it was
    erased, and goes with the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT, related_name="erased_stretches")
    category = models.CharField(max_length=20)
    key = models.CharField(max_length=40, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Disclosure(models.Model):
    """What runs said of a crime was disclosed to a force, and is held under a clock of its own.

    The answers themselves lie in a folder of this id, apart from everything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    crime = models.ForeignKey(Crime, on_delete=models.PROTECT, related_name="disclosures")
    force = models.TextField()
    authority = models.TextField()
    disclosed_at = models.DateTimeField()
    disclosed_by = models.UUIDField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class ErasureIntent(models.Model):
    """An erasure that was decided and is not finished: what goes, and which stores are done.

    `work` is JSON of random references, keys of rows and of devices, and periods; `done` counts
    by store what went. Gone once the erasure is finished.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    began_at = models.DateTimeField()
    request_ref = models.UUIDField()
    actor_ref = models.UUIDField(null=True)
    role = models.CharField(max_length=40, blank=True)
    use_case = models.CharField(max_length=60)
    purpose = models.CharField(max_length=40)
    authority = models.TextField(blank=True)
    policy = models.TextField()
    work = models.TextField()
    done = models.JSONField(default=dict)

    class Meta:
        """Those that a crash left are finished oldest first."""

        indexes: ClassVar = [models.Index(fields=["began_at"], name="erasure_by_beginning")]

    def __str__(self) -> str:
        return str(self.id)
