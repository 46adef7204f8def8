"""Crimes: the offence under investigation, its scene and its window, as submitted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.periods import Period


class CrimeType(StrEnum):
    """The seven types of the national crime file."""

    RB = "RB"
    BIAD = "BIAD"
    AB = "AB"
    BOTD = "BOTD"
    TOMV = "TOMV"
    TFP = "TFP"
    TFMV = "TFMV"


CRIME_TYPE_WORDS: Final[dict[CrimeType, str]] = {
    CrimeType.RB: "robbery",
    CrimeType.BIAD: "burglary in a dwelling",
    CrimeType.AB: "aggravated burglary",
    CrimeType.BOTD: "burglary, other building",
    CrimeType.TOMV: "theft of a vehicle",
    CrimeType.TFP: "theft from the person",
    CrimeType.TFMV: "theft from a vehicle",
}


@dataclass(frozen=True, slots=True)
class Crime:
    """One version of a crime.

    `latitude`, `longitude` are WGS84 degrees, None where the place could not be located (such a
    crime is kept, reported and never matched). `rounding_m` is the width of the step in which the
    coordinates were written (1.0 for whole metres of the national grid). The window is
    `start` ≤ t ≤ `end` as submitted, both aware UTC; a window of no length is allowed.
    `easting`, `northing` are the national grid pair where the force gave one; they take no part in
    equality, which the converted place decides. `text` may name people: it stays out of `repr`.
    """

    force: str
    reference: str
    version: int
    crime_type: str
    start: datetime
    end: datetime
    latitude: float | None
    longitude: float | None
    rounding_m: float = 1.0
    batch: str = ""
    text: str = field(default="", repr=False)
    easting: float | None = field(default=None, compare=False)
    northing: float | None = field(default=None, compare=False)

    @property
    def key(self) -> tuple[str, str, int]:
        """Force, reference and version: the identity of this version."""
        return (self.force, self.reference, self.version)

    @property
    def window(self) -> Period:
        """The window as a period."""
        return Period(self.start, self.end)

    @property
    def located(self) -> bool:
        """Whether the crime has a place on the ground."""
        return self.latitude is not None and self.longitude is not None
