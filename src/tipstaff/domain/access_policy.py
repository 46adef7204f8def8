"""The one policy of access: pure, deny by default. Values in, a decision out.

Two questions, asked one after the other. May this actor do this at all, so far and for this
purpose (`admitted`)? May they see this wearer by it (`sees`)? A wearer whom they may not see is
answered as one who is not there, so the second refusal has one code for every reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.domain.access_facts import ActorFacts, Asked, GrantFacts, PermitFacts, TargetFacts
from tipstaff.domain.access_rows import Approval, Reach, Row
from tipstaff.domain.access_rules import LONGEST_PLACE_SEARCH, ROUTINE_WINDOW, ROWS
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.roles import Role

#: What to do about each refusal.
REFUSALS: Final = {
    "unknown_actor": "Run 'tipstaff init --user NAME', or set TIPSTAFF_ACTOR to a known user.",
    "inactive_actor": "This account is closed or not open yet; ask an administrator.",
    "not_permitted": "This role may not do this; ask an administrator.",
    "purpose_not_permitted": "This role does not do this for that purpose: give the true one; "
    "docs/reference/permissions.md lists what serves which.",
    "untrained": "Training that this needs is not on record or has run out; ask an administrator.",
    "needs_approval": "This goes beyond what the role does by routine: 'tipstaff access ask'.",
    "place_search_too_long": "A search by place covers at most 48 hours: narrow it.",
    "other_force": "This is another force's: send your own force's alone.",
    "other_supplier": "This is another supplier's: send your own alone.",
    "other_agency": "This is another agency's: ask for your own alone.",
    "not_seen": "Nobody of that reference whom you may see: check it, or 'tipstaff access ask'.",
    "nobody_searchable": "No case record says who may be searched: tipstaff import orders brings "
    "them. An instance that has none, and needs none, matches all devices with --searchable all "
    "and --authority.",
    "case_records_decide": "Case records say who may be searched here: leave out --searchable all.",
    "all_needs_authority": "To search all devices needs --authority: who allowed it, or why nobody "
    "has to (simulated people).",
    "authority_missing": "This needs an authority: add --authority with its reference.",
    "authority_too_long": "Give the authority's reference in at most 500 characters.",
    "authority_has_control_characters": "Give the authority on one line of plain text.",
}

#: An order on such a basis puts nobody into the reach of a police force: it is not the force's †.
NOT_A_FORCES: Final = frozenset({LegalBasis.IMMIGRATION_BAIL})


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided; `code` is one of REFUSALS, None where it is allowed."""

    code: str | None = None

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.code is None


ALLOWED: Final = Decision()


def decide(
    actor: ActorFacts | None,
    asked: Asked,
    target: TargetFacts | None,
    *,
    permits: Iterable[PermitFacts],
    grants: Iterable[GrantFacts],
    now: datetime,
) -> Decision:
    """Whether the actor may do what is asked, and see the target by it; None: it aims at nobody."""
    held = covering(permits, asked, now)
    first = admitted(actor, asked, permits=held, now=now)
    if not first.allowed or target is None or actor is None:
        return first
    return ALLOWED if sees(actor, asked, target, held, grants, now) else Decision("not_seen")


def covering(
    permits: Iterable[PermitFacts], asked: Asked, now: datetime
) -> tuple[PermitFacts, ...]:
    """Those approvals that cover what is asked."""
    return tuple(permit for permit in permits if permit.covers(asked, now))


def admitted(
    actor: ActorFacts | None, asked: Asked, *, permits: tuple[PermitFacts, ...], now: datetime
) -> Decision:
    """Whether the actor may do this at all, so far and for this purpose. `permits` cover it."""
    if actor is None:
        return Decision("unknown_actor")
    if not actor.active:
        return Decision("inactive_actor")
    row = ROWS.get(asked.use_case)
    if row is None or actor.role is None or row.reach_of(actor.role) is None:
        return Decision("not_permitted")
    if actor.role is Role.LOCAL:
        bound = asked.purpose not in row.purposes_of(Role.LOCAL)
        return Decision("purpose_not_permitted") if bound else ALLOWED
    return Decision(_condition(actor, actor.role, row, asked, approved=bool(permits), now=now))


def sees(
    actor: ActorFacts,
    asked: Asked,
    target: TargetFacts,
    permits: tuple[PermitFacts, ...],
    grants: Iterable[GrantFacts],
    now: datetime,
) -> bool:
    """Whether the actor sees this wearer by a use case to which they are admitted.

    `permits` cover what is asked. One that names the wearer widens the reach; none, and nothing
    taken in an emergency, opens a record of limited access: a grant by name alone does.
    """
    row = ROWS.get(asked.use_case)
    reach = None if row is None else row.reach_of(actor.role)
    if row is None or reach is None:
        return False
    named = row.approval is not None and any(p.name == target.reference for p in permits)
    if not (named or in_reach(actor, target, reach)):
        return False
    return not target.limited or any(grant.opens(target.reference, now) for grant in grants)


def in_reach(actor: ActorFacts, target: TargetFacts, reach: Reach) -> bool:
    """Whether the wearer is within that reach of the actor's."""
    match reach:
        case Reach.UNIT:
            return True
        case Reach.FORCE:
            return target.assigned or any(
                force == actor.force and basis not in NOT_A_FORCES for force, basis in target.orders
            )
        case Reach.OWN_CASES:
            return target.assigned
        case Reach.SELF:
            return actor.wearer is not None and actor.wearer == target.reference
        case Reach.NOBODY:
            return False


def _condition(
    actor: ActorFacts, role: Role, row: Row, asked: Asked, *, approved: bool, now: datetime
) -> str | None:
    """Which condition of the row is not met; None: each is."""
    if asked.purpose not in row.purposes_of(role):
        return "purpose_not_permitted"
    if row.training is not None and not actor.trained(row.training, now):
        return "untrained"
    if row.approval is Approval.PLACE and _is_long(asked):
        return "place_search_too_long"
    if not approved and _beyond_routine(role, row, asked, now):
        return "needs_approval"
    return None


def _is_long(asked: Asked) -> bool:
    period = asked.period
    return period is None or period.end - period.start > LONGEST_PLACE_SEARCH


def _beyond_routine(role: Role, row: Row, asked: Asked, now: datetime) -> bool:
    """Whether what is asked goes beyond what the role does without an approval."""
    if row.approval is Approval.PLACE:
        return True
    if row.approval is not Approval.TRAIL:
        return False
    window = ROUTINE_WINDOW.get(role)
    return window is None or asked.period is None or asked.period.start < now - window
