"""Ask a wearer's device for a position now, or send it a message: recorded, passed by a person.

The program has no way to a supplier's own interface. What is asked is on record with its purpose
and authority; who asked is told whom to ring, and records what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from tipstaff.domain.device_requests import (
    Request,
    RequestCode,
    RequestKind,
    RequestStep,
    check_message,
)
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import (
    activations,
    alert_pages,
    device_requests,
    supplier_facts,
    wearers,
)
from tipstaff.records.activations import WornPeriod
from tipstaff.records.device_requests import RequestLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import NOBODY, as_seen, sees
from tipstaff.services.recording import Looked, changing, reading


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a request: on record under `ref`, to be passed to the supplier by a person.

    `contact` is whom to ring at the supplier, as far as that is on record.
    """

    ref: UUID | None = None
    supplier: str = ""
    device_id: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    problems: tuple[Problem, ...] = ()


def ask_position(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, alert: int | None = None
) -> Asked:
    """Ask the device that a wearer wears where it is now; `alert`: about which, by its number."""
    access = admit_to(actor, purpose, authority, "ask_position")
    return _ask(access, wearer, RequestKind.POSITION, alert)


def message_device(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    words: str,
    alert: int | None = None,
) -> Asked:
    """Ask that the device a wearer wears tells them something."""
    access = admit_to(actor, purpose, authority, "message_device")
    return _ask(access, wearer, RequestKind.MESSAGE, alert, words)


def locate_for_arrest(*, actor: str, purpose: Purpose, authority: str, wearer: str) -> Asked:
    """Ask where a wearer is now, to arrest them, under an authority: a warrant, a recall.

    An approval opens it for a wearer out of reach.
    """
    access = admit_to(actor, purpose, authority, "locate_for_arrest", name=wearer)
    return _ask(access, wearer, RequestKind.LOCATE_FOR_ARREST, None)


def record_request_step(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    request: UUID,
    step: RequestStep,
    words: str = "",
) -> tuple[Problem, ...]:
    """Record what became of a request: passed to the supplier, refused by them, done, failed."""
    access = admit_to(actor, purpose, authority, "record_request_step")
    with changing(access, extent={"request": str(request), "step": step.value}) as looked:
        found = device_requests.about(request)
        looked.subjects = set() if found is None else {found[1]}
        if not sees(access, NOBODY if found is None else found[0]):
            action = "name a request that 'tipstaff alerts requests' shows"
            looked.extent["problems"] = [RequestCode.NOT_KNOWN.value]
            return (Problem(RequestCode.NOT_KNOWN, "request", action),)
        now = clock()
        device_requests.add_step(request, step, words.strip(), at=now, by=access.actor_ref)
        looked.rows = 1
    return ()


def list_requests(
    *, actor: str, purpose: Purpose, authority: str, wearer: str
) -> tuple[RequestLine, ...]:
    """What was asked about a wearer's devices and what became of it, newest first."""
    access = admit_to(actor, purpose, authority, "list_requests")
    whom = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={}, subjects=whom) as looked:
        found = device_requests.of_wearer(as_seen(access, wearer))
        looked.rows = len(found)
    return found


def _ask(
    access: Access, wearer: str, kind: RequestKind, alert: int | None, words: str = ""
) -> Asked:
    with changing(access, extent={"asked": kind.value}) as looked:
        looked.subjects = wearers.subject_refs([wearer])
        whom = as_seen(access, wearer)
        worn = _worn(whom)
        about = None if alert is None else alert_pages.find(whom, alert)
        problems = list(check_message(words)) if kind is RequestKind.MESSAGE else []
        if worn is None:
            action = "name a wearer who wears a device now, and whom you may see"
            problems.append(Problem(RequestCode.NO_DEVICE, "wearer", action))
        elif alert is not None and about is None:
            action = "name an alert that 'tipstaff alerts list' shows"
            problems.append(Problem(RequestCode.NOT_KNOWN, "alert", action))
        if problems or worn is None:
            looked.extent["problems"] = sorted({str(p.code) for p in problems})
            return Asked(problems=tuple(problems))
        return _record(
            access,
            looked,
            Request(kind, worn.supplier, worn.device_id, words.strip()),
            whom,
            None if about is None else about.ref,
        )


def _record(
    access: Access, looked: Looked, request: Request, wearer: str, alert: UUID | None
) -> Asked:
    ref = device_requests.ask(
        request,
        wearer=wearers.ensure([wearer])[wearer],
        alert=alert,
        purpose=access.purpose,
        authority=access.authority,
        at=clock(),
        by=access.actor_ref,
    )
    looked.rows = 1
    looked.extent["request"] = str(ref)
    known = supplier_facts.details_of(request.supplier)
    contact = "" if known is None else known.contact
    return Asked(ref, request.supplier, request.device_id, contact)


def _worn(wearer: str) -> WornPeriod | None:
    """The device that a wearer wears now; of several the one put on last."""
    now = clock()
    worn = activations.worn_in(Period(now, now + timedelta(microseconds=1)), wearer=wearer)
    return worn[-1] if worn else None
