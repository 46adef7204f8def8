"""Who can see what of a wearer, by role: taken from the access table, so never behind it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tipstaff.domain.access_rows import Reach
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.roles import Role


class Sight(StrEnum):
    """What may be seen of a wearer."""

    PLACES = "places"
    RECORD = "record"
    ALERTS = "alerts"
    CRIMES = "crimes"
    SUMMARY = "summary"
    COPY = "copy"
    LOOKS = "looks"


#: The use cases by which each is seen.
BY: Final[Mapping[Sight, tuple[str, ...]]] = {
    Sight.PLACES: ("trail", "near", "meetings"),
    Sight.RECORD: ("show_case",),
    Sight.ALERTS: ("list_alerts", "show_alert"),
    Sight.CRIMES: ("match",),
    Sight.SUMMARY: ("partner_summary",),
    Sight.COPY: ("export_wearer", "transfer_out"),
    Sight.LOOKS: ("looked_at",),
}


def sights() -> tuple[tuple[Role, tuple[Sight, ...]], ...]:
    """Each role that may see anything of some wearers, and what; the wearer's own left out."""
    every = ((role, _of(role)) for role in Role if role is not Role.WEARER)
    return tuple((role, seen) for role, seen in every if seen)


def _of(role: Role) -> tuple[Sight, ...]:
    return tuple(sight for sight, names in BY.items() if any(_may(role, name) for name in names))


def _may(role: Role, use_case: str) -> bool:
    return ROWS[use_case].reach_of(role) not in {None, Reach.NOBODY}
