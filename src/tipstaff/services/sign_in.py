"""What an administrator does about people's signing in: first passwords, resets, lock-outs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.records import api_tokens, attempts, credentials, sessions, users
from tipstaff.services.access import admit_to
from tipstaff.services.recording import changing


class SignInProblem(StrEnum):
    """Why nothing was done."""

    ACCOUNT_NOT_KNOWN = "account_not_known"
    ACCOUNT_CLOSED = "account_closed"
    PASSWORD_TOO_WEAK = "password_too_weak"  # noqa: S105 (a code)


@dataclass(frozen=True, slots=True)
class SetPassword:
    """What became of a first password. `sessions` were ended by it."""

    problems: tuple[Problem, ...]
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Reset:
    """What an account lost: second factors and recovery codes, its tie to a provider, sessions."""

    problems: tuple[Problem, ...]
    factors: int = 0
    ties: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Unlocked:
    """From how many places an account was locked out, or on the way to it."""

    problems: tuple[Problem, ...]
    places: int = 0


_NOT_KNOWN: Final = Problem(
    SignInProblem.ACCOUNT_NOT_KNOWN, "name", "There is no account of that name; check its spelling."
)
_CLOSED: Final = Problem(
    SignInProblem.ACCOUNT_CLOSED, "name", "This account is closed; open it first."
)


def set_first_password(
    *, actor: str, purpose: Purpose, authority: str, name: str, password: str
) -> SetPassword:
    """Give an account a password for one sign-in; its owner must then choose another.

    Ends the account's sessions, its tokens of the API and its lock-out. Second factors stay as
    they are.
    """
    access = admit_to(actor, purpose, authority, "set_first_password")
    account = users.find(name)
    if account is None or not account.active:
        return SetPassword((_NOT_KNOWN if account is None else _CLOSED,))
    faults = credentials.password_faults(account.ref, password)
    if faults:
        problem = Problem(SignInProblem.PASSWORD_TOO_WEAK, "password", " ".join(faults))
        return SetPassword((problem,))
    hashed = credentials.hashed(password)
    with changing(access, extent={"account": str(account.ref)}) as looked:
        credentials.set_password(account.ref, hashed, datetime.now(UTC), temporary=True)
        ended = sessions.end_all(account.ref)
        api_tokens.end_all(account.ref, datetime.now(UTC))
        attempts.forget(name)
        looked.rows = 1
    return SetPassword((), ended)


def reset_sign_in(*, actor: str, purpose: Purpose, authority: str, name: str) -> Reset:
    """Take an account's second factors, recovery codes, tie to a provider and sessions away.

    Its tokens of the API end too. For somebody who lost them. Whoever knows the password can then
    set up second factors of their own: make sure who asks, and give a first password as well.
    """
    access = admit_to(actor, purpose, authority, "reset_sign_in")
    account = users.find(name)
    if account is None:
        return Reset((_NOT_KNOWN,))
    with changing(access, extent={"account": str(account.ref)}) as looked:
        factors = credentials.drop_second_factors(account.ref)
        ties = credentials.drop_ties(account.ref)
        ended = sessions.end_all(account.ref)
        api_tokens.end_all(account.ref, datetime.now(UTC))
        looked.extent |= {"factors": factors, "ties": ties, "sessions": ended}
        looked.rows = factors + ties + ended
    return Reset((), factors, ties, ended)


def unlock_sign_in(*, actor: str, purpose: Purpose, authority: str, name: str) -> Unlocked:
    """End the lock-out of an account, wherever it was locked out."""
    access = admit_to(actor, purpose, authority, "unlock_sign_in")
    account = users.find(name)
    if account is None:
        return Unlocked((_NOT_KNOWN,))
    with changing(access, extent={"account": str(account.ref)}) as looked:
        looked.rows = attempts.forget(name)
    return Unlocked((), looked.rows)
