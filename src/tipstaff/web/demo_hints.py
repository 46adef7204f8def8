"""What the sign-in pages of a demonstration say: whom one can be, and how to sign in as them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from tipstaff.domain.roles import ROLE_WORDS, Role
from tipstaff.records import accounts
from tipstaff.services import demonstration


@dataclass(frozen=True, slots=True)
class Hints:
    """The accounts by name with what they are, and the password and code that all of them take."""

    accounts: tuple[tuple[str, str], ...]
    password: str
    code: str


def hints() -> Hints | None:
    """The hints; None for an instance that is no demonstration."""
    if not demonstration.is_demonstration():
        return None
    known = {role.value: words for role, words in ROLE_WORDS.items()}
    lines = [
        (one.username, known.get(one.post.role, one.post.role))
        for one in accounts.every(100)
        if one.active and one.post is not None and one.post.role != Role.LOCAL.value
    ]
    code = demonstration.code_of(timezone.now())
    return Hints(tuple(lines), demonstration.PASSWORD, code)
