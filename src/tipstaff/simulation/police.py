"""What the police know of a crime and write down: a window, a place some way off, a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from tipstaff.domain.crimes import CRIME_TYPE_WORDS, Crime
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.grid import degrees_to_grid, grid_to_degrees
from tipstaff.simulation.chance import lognormal, stream
from tipstaff.simulation.geography import seat_of
from tipstaff.simulation.hours import HOUR_S, LONDON
from tipstaff.simulation.offence_hours import draw_window_s
from tipstaff.simulation.offences import Offence
from tipstaff.simulation.plan import WorldPlan

#: Of places well known, and of places guessed: (share, σ on one axis in metres).
PLACE_ERRORS_M: Final = ((0.5, 10.0), (0.5, 60.0))
#: Written to this many decimals of a degree, or else in whole metres of the national grid.
GRID_SHARE: Final = 0.7
DEGREE_DECIMALS: Final = 6
DEGREE_ROUNDING_M: Final = 0.11132  # a millionth of a degree of latitude
GRID_ROUNDING_M: Final = 1.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A crime as submitted, with the truth behind it."""

    crime: Crime
    offence: Offence


def _stated(rng: np.random.Generator, offence: Offence) -> tuple[float, float]:
    _, sigma = PLACE_ERRORS_M[0 if rng.random() < PLACE_ERRORS_M[0][0] else 1]
    east, north = rng.normal(0, sigma, 2)
    return offence.scene.x + float(east), offence.scene.y + float(north)


def _batch(code: str, at: datetime) -> str:
    return f"{code}{at.astimezone(LONDON):%Y%m%d}"


def record(plan: WorldPlan, plane: LocalPlane, offences: list[Offence]) -> list[Recorded]:
    """Every crime as its force submits it, in order of batch and reference.

    References are drawn at random, so that nothing about the offender can be read off them.
    """
    rng = stream(plan.seed, "police")
    code = seat_of(plan.force).code
    numbers = rng.choice(900_000, size=len(offences), replace=False) + 100_000
    recorded = [
        _recorded(plan, plane, rng, offence, f"{code}/{plan.start:%y}/{number}")
        for offence, number in zip(offences, numbers, strict=True)
    ]
    return sorted(recorded, key=lambda r: (r.crime.batch, r.crime.reference))


def _recorded(
    plan: WorldPlan,
    plane: LocalPlane,
    rng: np.random.Generator,
    offence: Offence,
    reference: str,
) -> Recorded:
    first, last = draw_window_s(rng, offence.kind, offence.start_s, offence.end_s)
    start, end = (plan.start + timedelta(seconds=float(s)) for s in (first, last))
    known = end + timedelta(seconds=lognormal(rng, 4 * HOUR_S, 1.0))
    crime = Crime(
        force=plan.force,
        reference=reference,
        version=1,
        crime_type=offence.kind.value,
        start=start,
        end=end,
        latitude=None,
        longitude=None,
        batch=_batch(seat_of(plan.force).code, known),
        text=f"{CRIME_TYPE_WORDS[offence.kind].capitalize()} (simulated)",
    )
    return Recorded(_located(rng, plane, crime, offence), offence)


def _located(rng: np.random.Generator, plane: LocalPlane, crime: Crime, offence: Offence) -> Crime:
    """The crime with the place as its force writes it: whole metres of the grid, or degrees."""
    latitude, longitude = plane.to_degrees(*_stated(rng, offence))
    if rng.random() >= GRID_SHARE:
        return replace(
            crime,
            latitude=round(float(latitude), DEGREE_DECIMALS),
            longitude=round(float(longitude), DEGREE_DECIMALS),
            rounding_m=DEGREE_ROUNDING_M,
        )
    easting, northing = (np.rint(v) for v in degrees_to_grid(latitude, longitude))
    written = grid_to_degrees(easting, northing)
    return replace(
        crime,
        latitude=float(written[0][0]),
        longitude=float(written[1][0]),
        rounding_m=GRID_ROUNDING_M,
        easting=float(easting[0]),
        northing=float(northing[0]),
    )
