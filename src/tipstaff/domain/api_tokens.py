"""Tokens of the API: what they are made of, and what each may be used for.

A token is an account's own, shown once when it is made: `tat.ID.SECRET` (see
`domain.shown_secrets`). It can do no more than the account may: the use cases decide, as ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tipstaff.domain.shown_secrets import ShownSecrets, is_the_one

LONGEST_LIFE_DAYS: Final = 90
LONGEST_LABEL: Final = 100
TOKENS: Final = ShownSecrets("tat", b"tipstaff api tokens 1", "token")


class Doing(StrEnum):
    """Whether a request looks or acts."""

    READ = "read"
    ACT = "act"


class Group(StrEnum):
    """The groups of operations of the API."""

    ALERTS = "alerts"
    PEOPLE = "people"
    POSITIONS = "positions"
    FLEET = "fleet"
    CRIMES = "crimes"
    MATCHES = "matches"
    CASEWORK = "casework"
    APPROVALS = "approvals"
    ADMINISTRATION = "administration"
    OVERSIGHT = "oversight"


#: `read`, `act`, and each of one group alone, as `alerts:read`.
SCOPES: Final = tuple(
    [doing.value for doing in Doing] + [f"{group}:{doing}" for group in Group for doing in Doing]
)


class TokenCode(StrEnum):
    """Why a token is refused. None of these is told to whoever presents it."""

    NOT_A_TOKEN = "NOT_A_TOKEN"  # noqa: S105 (a word)
    UNKNOWN_TOKEN = "UNKNOWN_TOKEN"  # noqa: S105 (a word)
    SECRET_DIFFERS = "SECRET_DIFFERS"  # noqa: S105 (a word)
    ENDED = "ENDED"
    EXPIRED = "EXPIRED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ROLE_CHANGED = "ROLE_CHANGED"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is on record. It works from `made_at` up to, not including, `expires_at`.

    `role`: what the account was when it was made; with another role it works no longer.
    `last_used_on` is a day and no more.
    """

    token_id: str
    account: UUID
    username: str
    role: str
    label: str
    scopes: frozenset[str]
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    last_used_on: date | None = None
    digest: str = field(default="", repr=False)


def refusal(
    token: ApiToken | None, presented: tuple[str, str], pepper: bytes, now: datetime
) -> TokenCode | None:
    """Why these parts of a presented text are no token that works; None where they are.

    As much is done for an id that is unknown as for one that is known.
    """
    same = is_the_one(None if token is None else token.digest, presented, pepper)
    if not presented[0]:
        return TokenCode.NOT_A_TOKEN
    if token is None:
        return TokenCode.UNKNOWN_TOKEN
    if not same:
        return TokenCode.SECRET_DIFFERS
    if token.ended_at is not None and token.ended_at <= now:
        return TokenCode.ENDED
    return None if token.made_at <= now < token.expires_at else TokenCode.EXPIRED


def covers(scopes: frozenset[str], group: Group, doing: Doing) -> bool:
    """Whether a token with these scopes may be used for that."""
    return bool({doing.value, f"{group}:{doing}"} & scopes)
