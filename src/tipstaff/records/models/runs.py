"""Matching runs and their answers, stored as numbers and codes; sentences are made on reading."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from tipstaff.records.models.crimes import CrimeVersion
from tipstaff.records.models.wearing import Wearer


class Run(models.Model):
    """One matching run. `manifest` is kept byte for byte as it was written.

    A reserved run holds the answers about wearers of limited access that a search found beside its
    `open_run`; an open run has none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    manifest = models.TextField()
    parameters = models.JSONField()
    model_version = models.CharField(max_length=100)
    software_version = models.CharField(max_length=100)
    data_digest = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    open_run = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="reserved_runs"
    )

    class Meta:
        """Newest runs are listed first."""

        indexes: ClassVar = [models.Index(fields=["finished_at"], name="run_by_finish")]

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """What a run said of one crime version and one wearer: columns as `matching.outcomes` names.

    `numbers` holds what else the sentence is made from (deciding fixes, speeds), all coded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT)
    crime_version = models.ForeignKey(CrimeVersion, on_delete=models.PROTECT)
    wearer = models.ForeignKey(Wearer, on_delete=models.PROTECT)
    device_ids = models.TextField(blank=True)
    log10_lr = models.FloatField(null=True)
    log10_lr_low = models.FloatField(null=True)
    log10_lr_high = models.FloatField(null=True)
    strength = models.CharField(max_length=60, blank=True)
    presence_probability = models.FloatField(null=True)
    searched_wearers = models.IntegerField()
    nearest_m = models.FloatField(null=True)
    nearest_at = models.DateTimeField(null=True)
    dwell_s = models.IntegerField(null=True)
    fixes_near = models.IntegerField(null=True)
    coverage = models.FloatField(null=True)
    decided_by = models.SmallIntegerField()
    legacy_match = models.BooleanField()
    legacy_labels = models.TextField(blank=True)
    numbers = models.JSONField(default=dict)

    class Meta:
        """Columns shared by both tables of answers."""

        abstract = True


class Candidate(Answer):
    """A wearer who could have been at the scene, with how strongly the trail supports it.

    `raw_log10` is the strength that ranks are by, uncapped; null where a run did not keep it.
    """

    rank = models.IntegerField()
    expected_chance_matches = models.FloatField(null=True)
    raw_log10 = models.FloatField(null=True)

    class Meta:
        """One answer for one wearer."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "crime_version", "wearer"], name="candidate_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Exclusion(Answer):
    """A wearer who is excluded, or whom the data neither support nor exclude: see `outcome`."""

    outcome = models.CharField(max_length=20)

    class Meta:
        """One answer for one wearer."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "crime_version", "wearer"], name="exclusion_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
