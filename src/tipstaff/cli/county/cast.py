"""Who plays which part: accounts of every role, and names that are plainly nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import ROLE_WORDS, Role

#: Colours and birds: nobody is called so.
_GIVEN: Final = (
    "Amber", "Ash", "Azure", "Blush", "Bronze", "Cobalt", "Coral", "Cream", "Crimson", "Ebony",
    "Fawn", "Indigo", "Ivory", "Jade", "Lilac", "Mauve", "Ochre", "Pearl", "Russet", "Sable",
    "Saffron", "Scarlet", "Sienna", "Teal", "Umber", "Violet",
)  # fmt: skip
_FAMILY: Final = (
    "Heron", "Kestrel", "Plover", "Curlew", "Dunnock", "Wagtail", "Siskin", "Linnet", "Grebe",
    "Lapwing", "Merlin", "Osprey", "Pipit", "Redstart", "Shrike", "Teal", "Warbler", "Wren",
)  # fmt: skip
#: What an account of a role mostly does it for.
_PURPOSES: Final = {
    Role.CRIME_ANALYST: Purpose.CRIME_MATCHING,
    Role.INVESTIGATING_OFFICER: Purpose.CRIME_MATCHING,
    Role.HUB_CASEWORKER: Purpose.CRIME_MATCHING,
    Role.HUB_MANAGER: Purpose.CRIME_MATCHING,
    Role.ADMINISTRATOR: Purpose.SYSTEM_ADMINISTRATION,
    Role.AUDITOR: Purpose.AUDIT,
    Role.DATA_PROTECTION_OFFICER: Purpose.SUBJECT_ACCESS,
    Role.MONITORING_OPERATOR: Purpose.BREACH_INVESTIGATION,
    Role.VICTIM_LIAISON: Purpose.VICTIM_SAFETY,
}
FORCE: Final = "Derbyshire"
_OF_FORCE: Final = frozenset(
    {Role.OFFENDER_MANAGER, Role.IOM_COORDINATOR, Role.CRIME_ANALYST, Role.INVESTIGATING_OFFICER,
     Role.INTELLIGENCE_OFFICER}
)  # fmt: skip
_ORGANISATIONS: Final = {Role.PARTNER_AGENCY: "housing", Role.TAG_SUPPLIER: "tipstaff"}
#: Everybody who can sign in to the demonstration; a second operator for handing over.
ROLES: Final = tuple(
    role for role in Role if role not in {Role.LOCAL, Role.WEARER, Role.TAG_SUPPLIER}
)
SECOND_OPERATOR: Final = "night_operator"


class NotDoneError(Exception):
    """A use case refused what the demonstration asked of it: the demonstration is wrong."""


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody with an account."""

    name: str
    purpose: Purpose

    def does(self, path: str, /, **what: Any) -> Any:
        """Carry out the use case `module.function` of the services."""
        module, name = path.split(".")
        use_case = getattr(import_module(f"tipstaff.services.{module}"), name)
        who = {"actor": self.name, "purpose": self.purpose, "authority": ""}
        return use_case(**{**who, **what})

    def records(self, path: str, /, **what: Any) -> Any:
        """Carry out what has to go well; NotDoneError otherwise."""
        done = self.does(path, **what)
        problems = getattr(done, "problems", ())
        if problems:
            told = "; ".join(f"{one.where}: {one.action}" for one in problems)
            raise NotDoneError(f"{path}: {told}")
        return done


def name_of(number: int) -> tuple[str, str]:
    """A given and a family name; none comes twice among the first four hundred."""
    return _GIVEN[number % len(_GIVEN)], _FAMILY[(number * 7 + number // 26) % len(_FAMILY)]


def owner(name: str) -> Player:
    """The owner of the installation, who sets it up."""
    return Player(name, Purpose.SYSTEM_ADMINISTRATION)


def cast(setting_up: Player) -> dict[Role, Player]:
    """Make an account of every role, ready to sign in with; by role."""
    from tipstaff.domain.roles import Course
    from tipstaff.services import demonstration

    found: dict[Role, Player] = {}
    for role in ROLES:
        join(setting_up, role.value, role)
        found[role] = Player(role.value, _PURPOSES.get(role, Purpose.OFFENDER_MANAGEMENT))
    join(setting_up, SECOND_OPERATOR, Role.MONITORING_OPERATOR)
    for name in (*(role.value for role in ROLES), SECOND_OPERATOR):
        demonstration.make_ready(name)
    trained = {"course": Course.CRIME_MATCHING_REVIEW, "completed_on": _long_ago()}
    for role in (Role.HUB_CASEWORKER, Role.HUB_MANAGER):
        setting_up.records("training.record_training", username=role.value, **trained)
    return found


def join(setting_up: Player, name: str, role: Role) -> None:
    """Make an account of a role."""
    from tipstaff.services.accounts import Duty

    words = ROLE_WORDS[role]
    duty = Duty(
        role,
        words[:1].upper() + words[1:],
        force=FORCE if role in _OF_FORCE else None,
        organisation=_ORGANISATIONS.get(role, ""),
    )
    setting_up.records("accounts.add_account", username=name, duty=duty)


def _long_ago() -> Any:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) - timedelta(days=90)).date()
