"""Whom an admitted actor may see: within the role's reach, and limited access by a grant by name.

Every use case that shows, counts, exports or searches wearers asks here. A wearer who may not be
seen is answered as one who is not there, by the same statements; the attempt is in the audit. The
records are read at the moment of asking: what was revoked a moment ago opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from tipstaff.domain import access_policy
from tipstaff.domain.access_facts import Asked
from tipstaff.records import reach
from tipstaff.records.reach import ListReach
from tipstaff.services.access import Access

#: The reference of nobody: no wearer's is empty.
NOBODY: Final = ""


def cleared(access: Access) -> bool:
    """Whether the actor is a cleared reviewer: holds a grant for all records of limited access.

    For runs that are reserved for them, and for nothing else.
    """
    now = datetime.now(UTC)
    return any(grant.wearer is None for grant in reach.grants_of(access.actor_ref, now=now))


def may_see(access: Access, wearers: Iterable[str]) -> frozenset[str]:
    """Those of some wearers whom the actor may see, by reference.

    Four statements for up to 500 of them, whoever they are, and for none of them too.
    """
    now = datetime.now(UTC)
    grants = reach.grants_of(access.actor_ref, now=now)
    asked = access.asked or Asked(access.use_case, access.purpose)
    facts = reach.facts_of({*wearers} or {NOBODY}, access.actor, now=now)
    return frozenset(
        name
        for name, target in facts.items()
        if name != NOBODY
        and access_policy.sees(access.actor, asked, target, access.permits, grants, now)
    )


def sees(access: Access, wearer: str) -> bool:
    """Whether the actor may see this wearer, if there is one."""
    return wearer in may_see(access, [wearer])


def as_seen(access: Access, wearer: str) -> str:
    """The reference by which to look a wearer up: nobody's where the actor may not see them.

    What follows then treats them as nobody, by the same statements.
    """
    return wearer if sees(access, wearer) else NOBODY


def list_reach(access: Access, *, mine: bool = False) -> ListReach:
    """The same reach for a list of orders; `mine`: the own cases alone."""
    grants = reach.grants_of(access.actor_ref, now=datetime.now(UTC))
    return ListReach(
        actor=access.actor,
        reach=access.reach,
        mine=mine,
        every_limited=any(grant.wearer is None for grant in grants),
        limited=frozenset(grant.wearer for grant in grants if grant.wearer is not None),
    )


def opened_to(access: Access, wearers: Iterable[str]) -> frozenset[str]:
    """Those of some wearers whom a grant of the actor's opens, of limited access or not."""
    now = datetime.now(UTC)
    grants = reach.grants_of(access.actor_ref, now=now)
    return frozenset(w for w in wearers if any(grant.opens(w, now) for grant in grants))


def not_counted(access: Access, wearers: Iterable[str]) -> frozenset[str]:
    """Those of some wearers who are left out of counts: of limited access, and no grant opens them.

    For counts that show nobody, and so have no reach.
    """
    limited = reach.limited_among(wearers)
    return frozenset(limited) - opened_to(access, limited)


def hidden_subjects(access: Access, subject_refs: Iterable[str]) -> frozenset[str]:
    """Those of the audit's references that stand for limited access and that no grant opens."""
    limited = reach.limited_subjects(UUID(ref) for ref in subject_refs)
    opened = opened_to(access, limited.values())
    return frozenset(str(ref) for ref, wearer in limited.items() if wearer not in opened)
