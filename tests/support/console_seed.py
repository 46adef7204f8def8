"""Fills an instance for tests of the console in a browser: run as a program on it.

A colleague of each role named, with the password and the app of `sign_in_fixtures`; wearers with an
order each; alerts on some of them.
"""

from __future__ import annotations

import sys


def main(roles: list[str]) -> None:
    from tipstaff.services.instance import open_instance

    open_instance()
    for role in roles:
        colleague(role)
    for number in range(1, 6):
        wearer_with_alert(f"W{number}")


def colleague(role: str) -> None:
    """An account of that role and name, ready to sign in."""
    from django.utils import timezone
    from made_accounts import account
    from sign_in_fixtures import PASSWORD, with_app

    from tipstaff.domain.roles import Role
    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.get(username=account(role, Role(role)))
    hashed = credentials.hashed(PASSWORD)
    credentials.set_password(user.id, hashed, timezone.now(), temporary=False)
    with_app(user)


def wearer_with_alert(name: str) -> None:
    """A wearer with an order of two conditions, and an alert that nobody has touched."""
    from alert_samples import new_alert
    from made_accounts import LOCAL
    from made_cases import curfew, order, wearer, zone

    from tipstaff.domain.purposes import Purpose
    from tipstaff.services.cases import record_order, record_wearer

    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer(name))
    record_order(**who, order=order(wearer=name, conditions=(curfew(), zone())))
    new_alert(name)


if __name__ == "__main__":
    main(sys.argv[1:])
