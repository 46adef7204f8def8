"""Who looked at me: a report for one wearer, from the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tipstaff.domain.looked_at import Line, lines
from tipstaff.domain.looks import Look
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import accounts, looks, wearers
from tipstaff.records.accounts import PostFact
from tipstaff.services.access import admit
from tipstaff.services.limited_access import sees
from tipstaff.services.recording import reading

#: Of whoever has no organisation or force on record.
OUR_ORGANISATION: Final = "the organisation that runs the tags"


def looked_at(
    *, actor: str, purpose: Purpose, authority: str, wearer: str
) -> tuple[Line, ...] | None:
    """The looks at a wearer that may be told them; None where there is none of that reference.

    There is none of somebody whom the actor may not see. No staff are named. The look that
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
        subject = next(iter(found), None)
        if not sees(access, wearer) or subject is None:
            return None
        told = told_of(subject, leave_out=access.request_ref)
        looked.rows = len(told)
    return told


def told_of(subject: UUID, *, leave_out: UUID) -> tuple[Line, ...]:
    """The looks at a person that may be told them, those of the request `leave_out` not among them.

    For use cases that have admitted and recorded the look already.
    """
    seen = [look for look in looks.of_subject(subject) if look.request_ref != leave_out]
    posts = accounts.posts_of_all(look.actor_ref for look in seen if look.actor_ref)
    return lines(seen, over=is_over, organisation=lambda look: organisation_of(look, posts))


def is_over(look: Look) -> bool:  # noqa: ARG001 (the outcome of a case will be looked up by it)
    """Whether the investigation that a look belonged to is known to be over: none is, yet."""
    return False


def organisation_of(look: Look, posts: Mapping[UUID, tuple[PostFact, ...]]) -> str:
    """The organisation or force of a look's actor, by the post that they had then."""
    known = posts.get(look.actor_ref, ()) if look.actor_ref else ()
    then = [post for post in known if post.recorded_at is not None and post.recorded_at <= look.at]
    named = (then[-1].organisation or then[-1].force) if then else ""
    return named or OUR_ORGANISATION
