"""Tokens of the API: make, end, list. The token itself is in no record, audit or log.

A token is the account's own: nobody makes one for another but the owner of the installation, at
its machine. An administrator may end anybody's; those who examine see all.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from tipstaff import settings
from tipstaff.domain.api_tokens import (
    LONGEST_LABEL,
    LONGEST_LIFE_DAYS,
    SCOPES,
    TOKENS,
    ApiToken,
)
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.domain.shown_secrets import ID_BYTES, SECRET_BYTES, digest_of
from tipstaff.records import accounts, api_tokens
from tipstaff.services.access import Access, admit_to, refuse
from tipstaff.services.case_recording import clock
from tipstaff.services.instance import open_instance
from tipstaff.services.recording import Looked, changing, reading

_ENDERS: Final = frozenset({Role.LOCAL, Role.ADMINISTRATOR})
_EXAMINERS: Final = _ENDERS | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}


class TokenProblem(StrEnum):
    """Why a token is not made or ended."""

    ACCOUNT_NOT_KNOWN = "ACCOUNT_NOT_KNOWN"
    NOT_FOR_ROLE = "NOT_FOR_ROLE"
    SCOPES = "SCOPES"
    LABEL = "LABEL"
    LIFE = "LIFE"
    TOKEN_NOT_KNOWN = "TOKEN_NOT_KNOWN"  # noqa: S105 (a word)


_TOLD: Final = {
    TokenProblem.ACCOUNT_NOT_KNOWN: ("account", "name an account that is open"),
    TokenProblem.NOT_FOR_ROLE: (
        "account", "make it for an account that signs in: a local one and a wearer's have none",
    ),
    TokenProblem.SCOPES: ("scopes", f"name at least one of: {', '.join(SCOPES)}"),
    TokenProblem.LABEL: (
        "label", f"write what it is for: 1 to {LONGEST_LABEL} characters on one line",
    ),
    TokenProblem.LIFE: ("days", f"let it live from 1 to {LONGEST_LIFE_DAYS} days"),
    TokenProblem.TOKEN_NOT_KNOWN: (
        "token", "take the id of one of your tokens: none of that id is among them",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WantedToken:
    """A token that is asked for. `account`: whose; None: the actor's own."""

    label: str
    scopes: frozenset[str]
    life_days: int = 30
    account: str | None = None


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token that was just made. `presented` is the token itself: shown once, kept nowhere."""

    token: ApiToken
    presented: str = field(repr=False)


def add_token(
    *, actor: str, purpose: Purpose, authority: str, wanted: WantedToken
) -> MadeToken | Problem:
    """Make a token for one's own account."""
    access = admit_to(actor, purpose, authority, "add_token")
    username = wanted.account or actor
    if username != actor and access.actor.role is not Role.LOCAL:
        raise refuse(access, "not_permitted")
    with changing(access, extent={}) as looked:
        facts = accounts.standing(username, clock())
        if facts is None or not facts.active:
            return _refused(TokenProblem.ACCOUNT_NOT_KNOWN, looked)
        if facts.role in {None, Role.LOCAL, Role.WEARER}:
            return _refused(TokenProblem.NOT_FOR_ROLE, looked)
        code = _refusal(wanted)
        if code is not None:
            return _refused(code, looked)
        return _make(access, wanted, (facts.ref, username, str(facts.role)), looked)


def end_token(*, actor: str, purpose: Purpose, authority: str, token_id: str) -> Problem | None:
    """Let a token work no longer, from this instant on and for good; None where that is done."""
    access = admit_to(actor, purpose, authority, "end_token")
    with changing(access, extent={}) as looked:
        found = api_tokens.find(token_id)
        own = found is not None and found.account == access.actor_ref
        if found is None or not (own or access.actor.role in _ENDERS):
            return _refused(TokenProblem.TOKEN_NOT_KNOWN, looked)
        looked.extent |= {"ended_token": token_id, "account": str(found.account)}
        looked.rows = int(api_tokens.end(token_id, clock()))
    return None


def list_tokens(
    *, actor: str, purpose: Purpose, authority: str, every: bool = False, limit: int = 100
) -> tuple[ApiToken, ...]:
    """One's own tokens, the newest first, without what their secrets left behind.

    `every`: those of all accounts, for administrators and those who examine.
    """
    access = admit_to(actor, purpose, authority, "list_tokens")
    if every and access.actor.role not in _EXAMINERS:
        raise refuse(access, "not_permitted")
    with reading(access, extent={"every": every, "limit": limit}) as looked:
        whose: UUID | None = None if every else access.actor_ref
        found = tuple(replace(one, digest="") for one in api_tokens.every(whose, limit=limit))
        looked.rows = len(found)
    return found


def pepper() -> bytes:
    """What this instance makes digests of tokens with."""
    return TOKENS.pepper_of(settings.secret_key_of(open_instance()))


def _make(
    access: Access, wanted: WantedToken, whose: tuple[UUID, str, str], looked: Looked
) -> MadeToken:
    presented = TOKENS.text(secrets.token_bytes(ID_BYTES), secrets.token_bytes(SECRET_BYTES))
    token_id, secret = TOKENS.parts_of(presented)
    account, username, role = whose
    now = clock()
    token = ApiToken(
        token_id=token_id,
        account=account,
        username=username,
        role=role,
        label=wanted.label.strip(),
        scopes=wanted.scopes,
        made_at=now,
        expires_at=now + timedelta(days=wanted.life_days),
        digest=digest_of(token_id, secret, pepper()),
    )
    api_tokens.add(token, by=access.actor_ref)
    looked.extent |= {
        "made_token": token_id, "scopes": sorted(wanted.scopes), "account": str(account),
    }  # fmt: skip
    looked.rows = 1
    return MadeToken(replace(token, digest=""), presented)


def _refusal(wanted: WantedToken) -> TokenProblem | None:
    if not wanted.scopes or not wanted.scopes <= set(SCOPES):
        return TokenProblem.SCOPES
    label = wanted.label.strip()
    if not (label and label.isprintable() and len(label) <= LONGEST_LABEL):
        return TokenProblem.LABEL
    return None if 1 <= wanted.life_days <= LONGEST_LIFE_DAYS else TokenProblem.LIFE


def _refused(code: TokenProblem, looked: Looked) -> Problem:
    looked.extent |= {"problems": 1, "code": code.value}
    where, action = _TOLD[code]
    return Problem(code, where, action)
