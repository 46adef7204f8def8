"""Take in what suppliers publish on a broker: each message as that supplier's, by its topic.

Opening it is admitted and audited, with the suppliers whose messages are taken; no entry is written
for each message (as over HTTP).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.domain.periods import to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.received import Batch, Stored
from tipstaff.domain.supplier_details import is_active
from tipstaff.formats.feeds.listed import Feed
from tipstaff.formats.feeds.messages import Message
from tipstaff.positions.inbox import Inbox
from tipstaff.records import supplier_facts
from tipstaff.records.connections import mended
from tipstaff.services.access import admit_to
from tipstaff.services.feed_gate import Gate, lawful
from tipstaff.services.feed_intake import sift
from tipstaff.services.recording import changing
from tipstaff.services.remembered import remembered

#: Counted in place of messages of a supplier that is not on record, or may not send now.
NOT_ACTIVE: Final = "SUPPLIER_NOT_ACTIVE"


@dataclass(slots=True)
class BrokerIntake:
    """The intake of what a broker delivers, for the suppliers it was opened for."""

    inbox: Inbox
    suppliers: frozenset[str]
    gate: Gate = lawful

    def take_in(
        self, supplier: str, feed: Feed, message: Message, now: datetime
    ) -> Future[Stored] | None:
        """Read a message and have it stored; the future is done once it is on the disk.

        None where there is nothing in it to store. Raises what `Inbox.append` raises (nothing was
        taken then), and ValueError for a supplier it was not opened for.
        """
        if supplier not in self.suppliers:
            raise ValueError("the intake was not opened for that supplier")
        with mended():
            if not _may_send(supplier, now):
                dropped = ((NOT_ACTIVE, 1),)
                batch = Batch(supplier, feed.address, to_micros(now), [], [], [], dropped)
            else:
                batch = sift(supplier, feed.address, feed.decode(message, now), now, self.gate)
        return self.inbox.append(batch) if len(batch) or batch.dropped else None


def open_broker_intake(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    broker: str,
    suppliers: Sequence[str],
    inbox: Inbox,
) -> BrokerIntake:
    """Begin to take in what these suppliers publish on a broker, by its name in the settings."""
    access = admit_to(actor, purpose, authority, "open_broker_intake")
    with changing(access, extent={"broker": broker, "suppliers": sorted(set(suppliers))}):
        return BrokerIntake(inbox, frozenset(suppliers))


def _may_send(supplier: str, now: datetime) -> bool:
    details = remembered(
        "supplier", "", {supplier}, lambda new: {one: supplier_facts.details_of(one) for one in new}
    )[supplier]
    return details is not None and is_active(details, now)
