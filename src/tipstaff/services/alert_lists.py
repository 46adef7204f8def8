"""Look at alerts: the queue, one alert with all that was done about it, the banner of outages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.alerts import SHARED_WITH, Alert
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notices import ToCome, called_for, steps_to_come
from tipstaff.domain.outages import FeedOutage
from tipstaff.domain.protocols import Protocols, ProtocolStep, Queue, Recipient, Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.transitions import AlertState
from tipstaff.records import (
    accounts,
    alert_pages,
    device_requests,
    feed_outages,
    notice_contacts,
    pauses,
    wearers,
)
from tipstaff.records.alert_pages import AboutAlert, After, AlertLine, AlertsWanted
from tipstaff.records.device_requests import RequestLine
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import as_seen, list_reach
from tipstaff.services.recording import reading


@dataclass(frozen=True, slots=True)
class QueueWanted:
    """Which alerts to list: those of a queue that need a person; `closed`: the others too.

    `mine`: of the actor's own cases alone; `holder`: in the hands of this account; `people`: of
    these wearers alone; `opened_after`: opened later than that. `one_each`: of each wearer the most
    severe, of those the oldest.
    """

    queue: Queue | None = None
    kinds: frozenset[FindingKind] = frozenset()
    state: AlertState | None = None
    at_least: Severity = Severity.INFORMATION
    holder: str | None = None
    wearer: str | None = field(default=None, repr=False)
    people: frozenset[str] | None = field(default=None, repr=False)
    closed: bool = False
    opened_after: datetime | None = None
    one_each: bool = False
    mine: bool = False
    after: After | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert with all that is about it. `names`: of who did anything, by reference.

    `called_for`: what the protocol has asked for and nobody has done; `to_come`: what it does next.
    `unreached`: those with whom it may be shared and who have no contact.
    """

    wearer: str = field(repr=False)
    alert: Alert
    condition: str
    severity: Severity
    about: AboutAlert
    requests: tuple[RequestLine, ...]
    names: dict[str, str]
    unreached: tuple[Recipient, ...]
    called_for: tuple[ProtocolStep, ...]
    to_come: tuple[ToCome, ...]


def list_alerts(
    *, actor: str, purpose: Purpose, authority: str, wanted: QueueWanted | None = None
) -> tuple[AlertLine, ...]:
    """A page of alerts about whom the actor reaches: the most severe first, then the oldest."""
    access = admit_to(actor, purpose, authority, "list_alerts")
    asked = wanted or QueueWanted()
    one = () if asked.wearer is None else (asked.wearer,)
    named = wearers.subject_refs([*one, *(asked.people or ())])
    extent: dict[str, Any] = {
        "queue": asked.queue, "state": asked.state, "closed": asked.closed, "limit": asked.limit,
        "one_each": asked.one_each,
    }  # fmt: skip
    with reading(access, extent=extent, subjects=frozenset(named)) as looked:
        lines = alert_pages.page(
            AlertsWanted(
                reach=list_reach(access, mine=asked.mine),
                queue=asked.queue,
                kinds=asked.kinds,
                state=asked.state,
                at_least=asked.at_least,
                holder=_holder(asked.holder),
                wearer=asked.wearer,
                people=asked.people,
                closed=asked.closed,
                opened_after=asked.opened_after,
                one_each=asked.one_each,
                after=asked.after,
                limit=asked.limit,
            ),
            now=clock(),
        )
        looked.subjects |= {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return lines


def show_alert(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, number: int
) -> AlertView | None:
    """One alert: its evidence at each revision, what was done, who was told, what was before.

    None where there is none to be seen.
    """
    access = admit_to(actor, purpose, authority, "show_alert")
    whom = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={"number": number}, subjects=whom) as looked:
        found = alert_pages.find(as_seen(access, wearer), number)
        if found is None:
            return None
        looked.rows = 1
        alert = found.kept.value
        requests = device_requests.of_wearer(wearer, alert=found.ref)
        now, protocols = clock(), shipped_protocols()
        about = pauses.covering([found.row], since=alert.opened_at)
        return AlertView(
            wearer=wearer,
            alert=alert,
            condition=found.kept.condition,
            severity=_severity(alert, protocols),
            about=alert_pages.about(found),
            requests=requests,
            names=alert_pages.names_of(_accounts(alert, requests)),
            called_for=called_for(alert, protocols, now),
            to_come=steps_to_come(alert, protocols, now, about),
            unreached=_unreached(found.row),
        )


def list_outages(*, actor: str, purpose: Purpose, authority: str) -> tuple[FeedOutage, ...]:
    """The feeds that are out now, by name: one banner each."""
    access = admit_to(actor, purpose, authority, "list_outages")
    with reading(access, extent={}) as looked:
        found = tuple(feed_outages.going_on())
        looked.rows = len(found)
    return found


def _holder(username: str | None) -> UUID | None:
    """The account of that name; nobody's where there is none."""
    if username is None:
        return None
    return accounts.ref_of(username) or UUID(int=0)


def _severity(alert: Alert, protocols: Protocols) -> Severity:
    return protocols.severity(alert.kind, alert.told.level, alert.harm)


def _unreached(wearer: UUID) -> tuple[Recipient, ...]:
    reached = {to for to, _means in notice_contacts.reached(wearer, SHARED_WITH, clock())}
    return tuple(one for one in SHARED_WITH if one not in reached)


def _accounts(alert: Alert, requests: Iterable[RequestLine]) -> set[str]:
    done = {ref for one in alert.decisions for ref in (one.by, one.to)}
    return done | {str(one.by) for one in requests}
