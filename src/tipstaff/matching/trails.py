"""Trails and scenes as columns: what every matching kernel reads.

A `Trails` holds all wearers' fixes in one set of arrays, each wearer's in time order; wearer `i`
owns `offsets[i]:offsets[i + 1]`. Rows are already unique and one device-instant speaks with one
row (see `plan`), so kernels never see duplicates.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import to_micros

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
I8 = NDArray[np.int8]
F64 = NDArray[np.float64]

#: Bits of `Trails.doubt`: why a fix is kept and shown but not trusted to clear anybody.
DOUBT_CONFLICT: Final = 1  # another content for the same device and instant
DOUBT_CLOCK: Final = 2  # the device's clock disagrees with the supplier's at about this time


@dataclass(frozen=True, slots=True)
class Trails:
    """All wearers' fixes.

    Shapes: `wearers` W names in order; `offsets` (W+1,); per fix (F,): `t_us` UTC microseconds
    ascending within a wearer, `lat_e7`, `lon_e7` 1e-7 degrees, `radius_m` the claimed radius
    brought to the 95% level (NaN: not stated), `mechanism` codes, `doubt` bits.
    `active_offsets` (W+1,), `active_from_us`, `active_to_us` (A,): the periods, in order and
    half-open, in which each wearer was to be monitored.
    """

    wearers: tuple[str, ...]
    offsets: I64
    t_us: I64
    lat_e7: I32
    lon_e7: I32
    radius_m: F64
    mechanism: I8
    doubt: I8
    active_offsets: I64
    active_from_us: I64
    active_to_us: I64


@dataclass(frozen=True, slots=True)
class Scenes:
    """Crimes that have a place, as columns (C,), in the order of their keys.

    `index` is the position in the list the scenes were made from.
    """

    index: I64
    latitude: F64
    longitude: F64
    rounding_m: F64
    start_us: I64
    end_us: I64

    def take(self, chosen: I64) -> Scenes:
        """The scenes at positions `chosen`, in that order, repeated where they repeat."""
        return Scenes(
            self.index[chosen],
            self.latitude[chosen],
            self.longitude[chosen],
            self.rounding_m[chosen],
            self.start_us[chosen],
            self.end_us[chosen],
        )

    def joined(self, other: Scenes) -> Scenes:
        """These scenes, and those of another list behind them."""
        columns = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Scenes(*(np.concatenate(pair) for pair in columns))

    @classmethod
    def of(cls, crimes: list[Crime]) -> Scenes:
        """The located ones of `crimes`."""
        located = [i for i, crime in enumerate(crimes) if crime.located]
        chosen = [crimes[i] for i in located]
        return cls(
            index=np.array(located, dtype=np.int64),
            latitude=np.array([c.latitude for c in chosen], dtype=np.float64),
            longitude=np.array([c.longitude for c in chosen], dtype=np.float64),
            rounding_m=np.array([c.rounding_m for c in chosen], dtype=np.float64),
            start_us=np.array([to_micros(c.start) for c in chosen], dtype=np.int64),
            end_us=np.array([to_micros(c.end) for c in chosen], dtype=np.int64),
        )
