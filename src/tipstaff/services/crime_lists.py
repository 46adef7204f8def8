"""Which crime files came, and what became of their crimes: a force sees its own, and no answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.purposes import Purpose
from tipstaff.records import crime_lists
from tipstaff.records.crime_lists import BatchLine, CrimeLine
from tipstaff.services.access import admit_to
from tipstaff.services.recording import reading

#: A batch of a month of a big force has some thousands; a page is no place for more.
MOST_CRIMES: Final = 1000


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch with its crimes."""

    batch: BatchLine
    crimes: tuple[CrimeLine, ...]


def list_batches(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[BatchLine, ...]:
    """Crime files that were received, the last first; to an account of a force its force's alone.

    `after`: when the last line of the page before was received, and its key.
    """
    access = admit_to(actor, purpose, authority, "list_batches")
    with reading(access, extent={"limit": limit}) as looked:
        found = crime_lists.batches(access.actor.force, after=after, limit=limit)
        looked.rows = len(found)
    return tuple(found)


def list_crimes(*, actor: str, purpose: Purpose, authority: str, batch: UUID) -> BatchView | None:
    """A batch's crimes, by reference; None where there is none that the actor may see."""
    access = admit_to(actor, purpose, authority, "list_crimes")
    with reading(access, extent={"batch": str(batch)}) as looked:
        found = crime_lists.batch(batch)
        if found is None or access.actor.force not in {None, found.force}:
            return None
        crimes = crime_lists.crimes(batch, limit=MOST_CRIMES)
        looked.rows = len(crimes)
    return BatchView(found, tuple(crimes))
