"""Fills an instance for tests of the ground under the maps, as `console_seed` does, in one town.

Run as `ground_seed.py LATITUDE LONGITUDE ROLE...`: everything that a map draws lies near there.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial


def main(lat: float, lon: float, roles: list[str]) -> None:
    import made_cases
    import searched_instance
    from console_seed import colleague, heard, matched_crimes, trail_of, wearer_with_alert

    from tipstaff.domain.zones import Circle, Place
    from tipstaff.services.instance import open_instance

    open_instance()
    made_cases.zone = partial(made_cases.zone, shape=Circle(Place(lat, lon), 300.0))
    searched_instance.SCENE = (lat, lon)
    for role in roles:
        colleague(role)
    wearer_with_alert("W1")
    heard("W1", 1, lat, lon)
    trail_of("W1", (lat, lon))
    matched_crimes()
    may_search(lat, lon)


def may_search(lat: float, lon: float) -> None:
    """An approval of a search of the last day there, taken by the hub's caseworker."""
    from tipstaff.domain.access_facts import Area
    from tipstaff.domain.periods import Period
    from tipstaff.domain.purposes import Purpose
    from tipstaff.domain.roles import Role
    from tipstaff.services.permits import Wanted, break_glass

    now = datetime.now(UTC)
    wanted = Wanted("near", Period(now - timedelta(days=1), now), area=Area(lat, lon, 3_000.0))
    taken = break_glass(
        actor=Role.HUB_CASEWORKER.value,
        purpose=Purpose.CRIME_MATCHING,
        authority="",
        wanted=wanted,
        reason="threat to life",
    )
    assert taken.problems == (), taken.problems


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
