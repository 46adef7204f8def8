"""Who may do what: asks the one policy, deny by default. A refusal is recorded before it is told.

`admit` answers whether the actor may carry out the use case at all. Whom they may see by it,
`services.limited_access` answers: every use case that shows or counts wearers asks both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypedDict
from uuid import UUID, uuid4

from tipstaff.domain import access_policy
from tipstaff.domain.access_facts import ActorFacts, Area, Asked, PermitFacts
from tipstaff.domain.access_policy import REFUSALS
from tipstaff.domain.access_rows import Reach
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Phase, Purpose, authority_problem
from tipstaff.domain.roles import Role
from tipstaff.records import accounts, audit, permits
from tipstaff.records.chain import Entry
from tipstaff.services import presented
from tipstaff.services.instance import open_instance
from tipstaff.services.sealing import entries_alone

__all__ = ["REFUSALS", "Access", "RefusedError", "Who", "admit", "admit_to", "refuse"]

_NOBODY: Final = ActorFacts(UUID(int=0), None, active=False)


class RefusedError(Exception):
    """The use case may not be carried out; `code` is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(f"refused: {code}")
        self.code = code
        self.action = REFUSALS[code]


class Who(TypedDict):
    """What every use case takes first."""

    actor: str
    purpose: Purpose
    authority: str


@dataclass(frozen=True, slots=True)
class Access:
    """An admitted use case: who, in which role, why, under which authority.

    `actor` is the account as it stood then, `asked` what was asked; `permits` are the approvals
    that cover it. Without an actor it reaches nobody.
    """

    request_ref: UUID
    actor_ref: UUID
    role: str
    operation: Operation
    use_case: str
    purpose: Purpose
    authority: str
    actor: ActorFacts = _NOBODY
    asked: Asked | None = None
    permits: tuple[PermitFacts, ...] = ()

    @property
    def reach(self) -> Reach:
        """Whom the actor's role reaches by this use case."""
        row = ROWS.get(self.use_case)
        reach = None if row is None else row.reach_of(self.actor.role)
        return Reach.NOBODY if reach is None else reach


def admit(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    operation: Operation,
    use_case: str,
    name: str | None = None,
    period: Period | None = None,
    area: Area | None = None,
) -> Access:
    """Admit the actor to a use case, or record the refusal and raise `RefusedError`.

    `name`, `period` and `area` are whom, which time and which place it asks about, where the table
    says that an approval may be needed for them.
    """
    open_instance()
    now = datetime.now(UTC)
    account = accounts.standing(actor, now)
    asked = Asked(use_case, purpose, name, period, area)
    held = _permits(account, asked, now)
    decision = access_policy.admitted(account, asked, permits=held, now=now)
    code = decision.code or _authority_code(use_case, purpose, authority)
    if code is not None or account is None:
        code = code or "unknown_actor"
        _record_refusal(account, purpose, operation, use_case, code)
        raise RefusedError(code)
    return Access(
        request_ref=uuid4(),
        actor_ref=account.ref,
        role=account.role or "",
        operation=operation,
        use_case=use_case,
        purpose=purpose,
        authority=authority.strip(),
        actor=account,
        asked=asked,
        permits=held,
    )


def admit_to(
    actor: str, purpose: Purpose, authority: str, use_case: str, name: str | None = None
) -> Access:
    """`admit`, for the operation that the use case's row names."""
    return admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=ROWS[use_case].operation,
        use_case=use_case,
        name=name,
    )


def also_to(access: Access, use_case: str) -> Access | None:
    """The same actor, for the same purpose, in another use case; None where they have not that one.

    For a look made of several: the policy is asked of the account as it was read on admission, and
    what that one is recorded as stands for all. What needs an approval is not had in this way.
    """
    asked = Asked(use_case, access.purpose)
    decision = access_policy.admitted(access.actor, asked, permits=(), now=datetime.now(UTC))
    if not decision.allowed or ROWS[use_case].needs_authority:
        return None
    return replace(access, use_case=use_case, asked=asked, permits=())


def refuse(access: Access, code: str) -> RefusedError:
    """Record that an admitted use case is refused after all; raise what this returns."""
    _record_refusal(access.actor, access.purpose, access.operation, access.use_case, code)
    return RefusedError(code)


def require_own_force(access: Access, force: str | None) -> None:
    """Refuse what is another force's: an account with a force acts for that one alone."""
    own = access.actor.force
    if own is not None and force is not None and force != own:
        raise refuse(access, "other_force")


def require_own_supplier(access: Access, supplier: str) -> None:
    """Refuse a tag supplier's account what is another supplier's."""
    if access.actor.role is Role.TAG_SUPPLIER and supplier != access.actor.organisation:
        raise refuse(access, "other_supplier")


def require_own_agency(access: Access, agency: str) -> None:
    """Refuse a partner agency's account what is for another agency than its own."""
    if access.actor.role is Role.PARTNER_AGENCY and agency != access.actor.organisation:
        raise refuse(access, "other_agency")


def _permits(account: ActorFacts | None, asked: Asked, now: datetime) -> tuple[PermitFacts, ...]:
    row = ROWS.get(asked.use_case)
    if account is None or row is None or row.approval is None:
        return ()
    held = permits.in_force(account.ref, asked.use_case, now=now)
    return access_policy.covering(held, asked, now)


def _authority_code(use_case: str, purpose: Purpose, authority: str) -> str | None:
    """What is wrong with the authority, for this use case and purpose."""
    row = ROWS.get(use_case)
    if row is not None and row.needs_authority and not authority.strip():
        return "authority_missing"
    return authority_problem(purpose, authority)


def _record_refusal(
    account: ActorFacts | None,
    purpose: Purpose,
    operation: Operation,
    use_case: str,
    code: str,
) -> None:
    entry = Entry(
        entry_id=uuid4(),
        at=datetime.now(UTC),
        request_ref=uuid4(),
        actor_ref=None if account is None else account.ref,
        role="" if account is None else account.role or "",
        operation=Operation.REFUSAL,
        phase=Phase.SERVED,
        use_case=use_case,
        purpose=purpose,
        authority="",
        extent={"refused": operation.value, "code": code} | presented.told(),
        rows=0,
    )
    with entries_alone():
        audit.append(entry)
