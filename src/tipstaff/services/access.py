"""Who may do what: the one policy, deny by default. A refusal is recorded before it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NoReturn
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.purposes import Operation, Phase, Purpose, authority_problem
from tipstaff.records import audit, users
from tipstaff.records.chain import Entry
from tipstaff.services.instance import LOCAL_ROLE, open_instance
from tipstaff.services.sealing import seal

#: What each role may do. A role that is not here may do nothing.
PERMITTED: Final[Mapping[str, frozenset[Operation]]] = {
    LOCAL_ROLE: frozenset(
        {
            Operation.COLLECTION,
            Operation.ALTERATION,
            Operation.CONSULTATION,
            Operation.DISCLOSURE,
            Operation.COMBINATION,
            Operation.ERASURE,
            Operation.EXPORT,
        }
    )
}

#: What to do about each refusal.
REFUSALS: Final[Mapping[str, str]] = {
    "unknown_actor": "Run 'tipstaff init --user NAME', or set TIPSTAFF_ACTOR to a known user.",
    "inactive_actor": "This account is closed; ask an administrator.",
    "not_permitted": "This role may not do this; ask an administrator.",
    "authority_missing": "This purpose needs an authority: add --authority with its reference.",
    "wrong_purpose": "This serves other purposes only; its --help names them.",
    "authority_too_long": "Give the authority's reference in at most 500 characters.",
    "authority_has_control_characters": "Give the authority on one line of plain text.",
    "nobody_searchable": "No case record says who may be searched: tipstaff import orders brings "
    "them. An instance that has none, and needs none, matches all devices with --searchable all "
    "and --authority.",
    "case_records_decide": "Case records say who may be searched here: leave out --searchable all.",
    "all_needs_authority": "To search all devices needs --authority: who allowed it, or why nobody "
    "has to (simulated people).",
}


class RefusedError(Exception):
    """The use case may not be carried out; `code` is one of REFUSALS."""

    def __init__(self, code: str) -> None:
        super().__init__(f"refused: {code}")
        self.code = code
        self.action = REFUSALS[code]


@dataclass(frozen=True, slots=True)
class Access:
    """An admitted use case: who, in which role, why, under which authority."""

    request_ref: UUID
    actor_ref: UUID
    role: str
    operation: Operation
    use_case: str
    purpose: Purpose
    authority: str


def admit(
    *, actor: str, purpose: Purpose, authority: str, operation: Operation, use_case: str
) -> Access:
    """Admit the actor to a use case, or record the refusal and raise `RefusedError`."""
    open_instance()
    account = users.find(actor)
    code = _refusal(account, purpose, authority, operation)
    if code is None and account is not None:
        return Access(
            uuid4(), account.ref, account.role, operation, use_case, purpose, authority.strip()
        )
    refused = code or "unknown_actor"
    _record_refusal(account, purpose, operation, use_case, refused)
    raise RefusedError(refused)


def refuse(access: Access, code: str) -> NoReturn:
    """Refuse a use case that was admitted: record it and raise `RefusedError`."""
    _write_refusal(
        access.actor_ref, access.role, access.purpose, access.operation, access.use_case, code
    )
    raise RefusedError(code)


def _refusal(
    account: users.Account | None, purpose: Purpose, authority: str, operation: Operation
) -> str | None:
    if account is None:
        return "unknown_actor"
    if not account.active:
        return "inactive_actor"
    if operation not in PERMITTED.get(account.role, frozenset()):
        return "not_permitted"
    return authority_problem(purpose, authority)


def _record_refusal(
    account: users.Account | None,
    purpose: Purpose,
    operation: Operation,
    use_case: str,
    code: str,
) -> None:
    ref, role = (None, "") if account is None else (account.ref, account.role)
    _write_refusal(ref, role, purpose, operation, use_case, code)


def _write_refusal(
    actor_ref: UUID | None,
    role: str,
    purpose: Purpose,
    operation: Operation,
    use_case: str,
    code: str,
) -> None:
    entry = Entry(
        entry_id=uuid4(),
        at=datetime.now(UTC),
        request_ref=uuid4(),
        actor_ref=actor_ref,
        role=role,
        operation=Operation.REFUSAL,
        phase=Phase.SERVED,
        use_case=use_case,
        purpose=purpose,
        authority="",
        extent={"refused": operation.value, "code": code},
        rows=0,
    )
    with transaction.atomic(durable=True):
        audit.append(entry)
    seal()
