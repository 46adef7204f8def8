"""How a use case is written into the audit: looks before and after, changes together with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.purposes import Phase
from tipstaff.records import audit
from tipstaff.records.chain import Entry
from tipstaff.services import presented
from tipstaff.services.access import Access
from tipstaff.services.private_words import private
from tipstaff.services.sealing import entries_alone, seal


@dataclass(slots=True)
class Looked:
    """What a use case says of itself: whom it concerned, how far it went, how many rows.

    `subjects` are the random references of the wearers, never names. Parts of the extent that
    `private_words.PRIVATE_EXTENT` names are enciphered, and so is the authority.
    """

    subjects: set[UUID] = field(default_factory=set)
    extent: dict[str, Any] = field(default_factory=dict)
    rows: int = 0


def request(
    access: Access,
    *,
    extent: Mapping[str, Any],
    subjects: frozenset[UUID] = frozenset(),
    beside: Callable[[], None] | None = None,
) -> None:
    """Commit that a look is about to be answered: before any data are read for it.

    `beside` writes what must be known from the same instant on.
    """
    with entries_alone():
        if beside is not None:
            beside()
        audit.append(private(_entry(access, Phase.REQUESTED, subjects, extent, None)))


@contextmanager
def reading(
    access: Access, *, extent: Mapping[str, Any], subjects: frozenset[UUID] = frozenset()
) -> Iterator[Looked]:
    """A look: `requested` is committed, the body reads, `served` follows with the counts.

    Where the body fails, `requested` stands alone: the data may have been seen. `subjects` are
    those known beforehand; the body adds whom it found.
    """
    request(access, extent=extent, subjects=subjects)
    looked = Looked(subjects=set(subjects), extent=dict(extent))
    yield looked
    with entries_alone():
        write(access, looked)


@contextmanager
def changing(access: Access, *, extent: Mapping[str, Any]) -> Iterator[Looked]:
    """A change: the body and its entry are one transaction, so neither is there without the other.

    The body does no input, output or rendering: it holds the database's write lock.
    """
    looked = Looked(extent=dict(extent))
    with transaction.atomic(durable=True):
        yield looked
        write(access, looked)
    seal()


def write_alone(access: Access, looked: Looked) -> None:
    """Commit the `served` entry by itself: what it tells of was committed piece by piece."""
    with entries_alone():
        write(access, looked)


def write(access: Access, looked: Looked) -> None:
    """Write the `served` entry in the caller's transaction."""
    subjects = frozenset(looked.subjects)
    audit.append(private(_entry(access, Phase.SERVED, subjects, looked.extent, looked.rows)))


def _entry(
    access: Access,
    phase: Phase,
    subjects: frozenset[UUID],
    extent: Mapping[str, Any],
    rows: int | None,
) -> Entry:
    return Entry(
        entry_id=uuid4(),
        at=datetime.now(UTC),
        request_ref=access.request_ref,
        actor_ref=access.actor_ref,
        role=access.role,
        operation=access.operation,
        phase=phase,
        use_case=access.use_case,
        purpose=access.purpose,
        authority=access.authority,
        subject_refs=tuple(sorted(str(subject) for subject in subjects)),
        extent=dict(extent) | _permits(access) | presented.told(),
        rows=rows,
    )


def _permits(access: Access) -> dict[str, Any]:
    """The approvals under which it is done: an entry that names one says when it was used.

    `break_glass`: none of them was approved by anybody; the search for misuse asks about it.
    """
    used = sorted(str(permit.ref) for permit in access.permits)
    if not used:
        return {}
    glass = all(permit.emergency for permit in access.permits)
    return {"permits": used} | ({"break_glass": True} if glass else {})
