"""Where a synthetic town is put: one real place inside each force area of the national crime file.

Only the location is real; streets, houses and people are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Seat:
    """A force, the code of its batch ids, and the middle of the town simulated in it."""

    force: str
    code: str
    town: str
    latitude: float
    longitude: float


SEATS: Final = (
    Seat("AvonSomerset", "AVS", "Bristol", 51.4545, -2.5879),
    Seat("Bedfordshire", "BFD", "Bedford", 52.1360, -0.4670),
    Seat("Cheshire", "CHS", "Crewe", 53.0980, -2.4410),
    Seat("CoLP", "CoLP", "London", 51.5155, -0.0922),
    Seat("Cumbria", "CMB", "Carlisle", 54.8930, -2.9330),
    Seat("Derbyshire", "DBY", "Derby", 52.9220, -1.4760),
    Seat("Durham", "DUR", "Darlington", 54.5250, -1.5530),
    Seat("Essex", "ESX", "Chelmsford", 51.7350, 0.4690),
    Seat("Gloucestershire", "GLC", "Gloucester", 51.8640, -2.2440),
    Seat("Gwent", "GWP", "Newport", 51.5880, -2.9980),
    Seat("Hampshire", "HAM", "Winchester", 51.0630, -1.3080),
    Seat("Hertfordshire", "HRT", "Stevenage", 51.9020, -0.2020),
    Seat("Humberside", "HMB", "Hull", 53.7600, -0.3390),
    Seat("Kent", "KNT", "Maidstone", 51.2720, 0.5290),
    Seat("Metropolitan", "MPS", "Croydon", 51.3760, -0.0980),
    Seat("NorthWales", "NWL", "Wrexham", 53.0460, -2.9930),
    Seat("Nottinghamshire", "NOT", "Mansfield", 53.1440, -1.1960),
    Seat("Sussex", "SXP", "Crawley", 51.1090, -0.1870),
    Seat("WestMidlands", "WMP", "Wolverhampton", 52.5860, -2.1280),
)


def seat_of(force: str) -> Seat:
    """The town of a force; ValueError names the forces there are."""
    for seat in SEATS:
        if seat.force == force:
            return seat
    known = ", ".join(seat.force for seat in SEATS)
    raise ValueError(f"no town to simulate for the force {force!r}; there are: {known}")
