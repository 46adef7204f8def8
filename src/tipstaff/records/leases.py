"""Who may commit for a shard, and how many workers live.

Whoever keeps a shard holds its lock (`positions.checkpoints_postgres`) for as long as their session
lives. A worker that was paused, or cut off, does not know that its lock is gone: so each taking of
a shard gets a number, and every transaction that tells of the shard's wearers holds that number
fast and looks whether it is still the last.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from tipstaff.records.models import ShardLease, WorkerSeen

#: A worker that said nothing for so long is taken to be dead.
DEAD: Final = timedelta(seconds=10)


class LeaseLostError(Exception):
    """Somebody else keeps the shard by now: nothing was committed."""


def take(shard: int) -> int:
    """A new number for a shard whose lock is held; waits for whoever is committing by the old."""
    with transaction.atomic(durable=True):
        ShardLease.objects.get_or_create(shard=shard)
        ShardLease.objects.filter(shard=shard).update(number=F("number") + 1)
        return ShardLease.objects.get(shard=shard).number


def hold(shard: int, number: int) -> None:
    """Within a transaction: nobody takes the shard before it ends; LeaseLostError if one has."""
    rows = ShardLease.objects.select_for_update().filter(shard=shard)
    if rows.values_list("number", flat=True).first() != number:
        raise LeaseLostError


def say_alive(worker: UUID, now: datetime) -> int:
    """Say that a worker lives; how many do."""
    with transaction.atomic(durable=True):
        WorkerSeen.objects.update_or_create(id=worker, defaults={"seen_at": now})
        WorkerSeen.objects.filter(seen_at__lt=now - 6 * DEAD).delete()
    return WorkerSeen.objects.filter(seen_at__gte=now - DEAD).count()


def leave(worker: UUID) -> None:
    """A worker ends of itself."""
    WorkerSeen.objects.filter(id=worker).delete()
