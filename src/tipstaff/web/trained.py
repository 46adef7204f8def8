"""Training that a use case demands and whoever is signed in lacks: a page says which it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.roles import Role
from tipstaff.records import accounts
from tipstaff.web.callers import role_of
from tipstaff.web.state_words import spoken


def training_lacked(request: HttpRequest, use_case: str) -> str:
    """The training in words; empty where none is lacking. The use case itself is not asked."""
    course = ROWS[use_case].training
    if course is None or role_of(request) is Role.LOCAL:
        return ""
    now = timezone.now()
    held = accounts.standing(request.user.get_username(), now)
    return "" if held is not None and held.trained(course, now) else spoken(course)
