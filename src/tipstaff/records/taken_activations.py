"""Activations that another operator hands over: taken in where they contradict nothing here."""

from __future__ import annotations

from datetime import datetime

from tipstaff.domain.activations import Activation
from tipstaff.domain.case_records import Worn, WornRecord
from tipstaff.records import activations
from tipstaff.records.models import Activation as Row
from tipstaff.records.whole_records import DifferentRecordError, worn_record


class DeviceTakenError(Exception):
    """A device is on somebody else here at that time; nothing was changed."""


def take_in(worn: WornRecord, *, at: datetime) -> int:
    """Record what is new of `worn`, in the caller's transaction; how many activations.

    Raises DifferentRecordError where what is here is not part of what is told. That an activation
    has ended since is no contradiction. Raises DeviceTakenError.
    """
    told = {(one.supplier, one.activation_id): one for one in worn.activations}
    for one in worn_record(worn.wearer).activations:
        if not _goes_on(one, told.get((one.supplier, one.activation_id))):
            raise DifferentRecordError
    count = 0
    for supplier in sorted({one.supplier for one in worn.activations}):
        incoming = [
            one.activation(worn.wearer) for one in worn.activations if one.supplier == supplier
        ]
        _refuse_others(supplier, incoming, worn.wearer)
        decided = activations.record(supplier, incoming, at)
        if decided.clashes:
            raise DeviceTakenError
        count += len(decided.new)
    return count


def _goes_on(here: Worn, told: Worn | None) -> bool:
    """Whether what is told is what is here, or the same with an end."""
    if told is None:
        return False
    same = (told.device_id, told.start) == (here.device_id, here.start)
    return told == here or (same and here.end is None)


def _refuse_others(supplier: str, incoming: list[Activation], wearer: str) -> None:
    """An activation of that id that is somebody else's here would be taken for corrected."""
    rows = Row.objects.filter(supplier__name=supplier, superseded_at__isnull=True)
    rows = rows.filter(activation_id__in=[one.activation_id for one in incoming])
    if rows.exclude(wearer__reference=wearer).exists():
        raise DeviceTakenError
