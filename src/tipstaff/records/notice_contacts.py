"""Contacts: the addresses of those who are told of alerts, of a force or of all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.access_policy import NOT_A_FORCES
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.records.models import Force, NoticeContact, OrderStretch


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a recipient is reached by one means; `force` None: for wearers of every force."""

    recipient: Recipient
    means: Means
    address: str = field(repr=False)
    force: str | None
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact on record, and whether it was ended before its time."""

    ref: UUID
    contact: Contact
    recorded_at: datetime
    recorded_by: UUID
    ended_at: datetime | None


def add(contact: Contact, *, reason: str, at: datetime, by: UUID) -> UUID:
    """Record a contact. Its force must be on record."""
    named = contact.force
    row = NoticeContact.objects.create(
        force=None if named is None else Force.objects.get(identifier=named),
        recipient=contact.recipient,
        means=contact.means,
        address=contact.address,
        starts_at=contact.starts_at,
        ends_at=contact.ends_at,
        recorded_at=at,
        recorded_by=by,
        reason=reason,
    )
    return row.id


def end(contact: UUID, *, at: datetime, by: UUID, reason: str) -> bool:
    """End a contact; whether it had not been ended."""
    rows = NoticeContact.objects.filter(id=contact, ended_at__isnull=True)
    return rows.update(ended_at=at, ended_by=by, end_reason=reason) == 1


def find(contact: UUID, now: datetime) -> Contact | None:
    """A contact that is in force."""
    row = _in_force(now).select_related("force").filter(id=contact).first()
    return None if row is None else _contact(row)


def every() -> list[ContactLine]:
    """Contacts in the order of recording, ended ones too."""
    rows = NoticeContact.objects.select_related("force").order_by("recorded_at", "id")
    return [
        ContactLine(row.id, _contact(row), row.recorded_at, row.recorded_by, row.ended_at)
        for row in rows
    ]


def addresses(
    wearer: UUID, recipient: Recipient, means: Means, now: datetime
) -> list[tuple[UUID, str]]:
    """Contacts, by id and address, of a recipient for a wearer (a row): of their forces and all.

    An order on which a police force reaches nobody makes the wearer no force's here either.
    """
    return _addresses(_forces_of(wearer, now), recipient, means, now)


def reached(
    wearer: UUID, recipients: Collection[Recipient], now: datetime
) -> frozenset[tuple[Recipient, Means]]:
    """Who of some recipients is reached about a wearer (a row), and by what. One statement."""
    rows = _of(_forces_of(wearer, now), now).filter(recipient__in=recipients)
    found = rows.order_by().values_list("recipient", "means").distinct()
    return frozenset((Recipient(recipient), Means(means)) for recipient, means in found)


def addresses_of_force(
    force: str, recipient: Recipient, means: Means, now: datetime
) -> list[tuple[UUID, str]]:
    """Contacts, by id and address, of a recipient for a force (its identifier): its own and all."""
    return _addresses([force], recipient, means, now)


def _addresses(
    forces: Any, recipient: Recipient, means: Means, now: datetime
) -> list[tuple[UUID, str]]:
    rows = _of(forces, now).filter(recipient=recipient, means=means)
    return list(rows.order_by("recorded_at", "id").values_list("id", "address"))


def _forces_of(wearer: UUID, now: datetime) -> Any:
    theirs = OrderStretch.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now), wearer=wearer, valid_from__lte=now
    )
    return theirs.exclude(basis__in=NOT_A_FORCES).values("force")


def _of(forces: Any, now: datetime) -> Any:
    return _in_force(now).filter(Q(force__isnull=True) | Q(force__identifier__in=forces))


def _in_force(now: datetime) -> Any:
    return NoticeContact.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now, ended_at__isnull=True
    )


def _contact(row: Any) -> Contact:
    return Contact(
        recipient=Recipient(row.recipient),
        means=Means(row.means),
        address=row.address,
        force=None if row.force is None else row.force.identifier,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )
