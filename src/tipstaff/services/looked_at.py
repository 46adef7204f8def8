"""Who looked at me: a report for one wearer, from the audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.looked_at import Line, lines
from tipstaff.domain.looks import Look
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import case_versions, looks, wearers
from tipstaff.services.access import Access, admit
from tipstaff.services.limited_access import cleared
from tipstaff.services.recording import reading

#: Until accounts belong to organisations, all are of the one that runs this instance.
OUR_ORGANISATION: Final = "the organisation that runs the tags"


def looked_at(
    *, actor: str, purpose: Purpose, authority: str, wearer: str
) -> tuple[Line, ...] | None:
    """The looks at a wearer that may be told them; None where there is none of that reference.

    A record of limited access is none for whoever is not cleared. No staff are named. The look that
    makes the report is not in it.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.DISCLOSURE,
        use_case="looked_at",
    )
    found = wearers.subject_refs([wearer])
    with reading(access, extent={}, subjects=frozenset(found)) as looked:
        subject = _visible(access, wearer, found)
        if subject is None:
            return None
        told = told_of(subject, leave_out=access.request_ref)
        looked.rows = len(told)
    return told


def told_of(subject: UUID, *, leave_out: UUID) -> tuple[Line, ...]:
    """The looks at a person that may be told them, those of the request `leave_out` not among them.

    For use cases that have admitted and recorded the look already.
    """
    seen = [look for look in looks.of_subject(subject) if look.request_ref != leave_out]
    return lines(seen, over=is_over, organisation=organisation_of)


def is_over(look: Look) -> bool:  # noqa: ARG001 (the outcome of a case will be looked up by it)
    """Whether the investigation that a look belonged to is known to be over: none is, yet."""
    return False


def organisation_of(look: Look) -> str:  # noqa: ARG001 (accounts will say it)
    """The organisation of a look's actor."""
    return OUR_ORGANISATION


def _visible(access: Access, wearer: str, found: set[UUID]) -> UUID | None:
    case = case_versions.find(wearer, now=datetime.now(UTC))
    if case is not None and case.limited and not cleared(access):
        return None
    return next(iter(found), None)
