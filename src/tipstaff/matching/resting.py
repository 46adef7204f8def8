"""Digests of what answers rest on: a wearer's evidence of some days, and what is usual.

The answer for a pair is a function of the wearer's evidence, of what is usual and of the crime; so
where no digest of them moved, matching again would give the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tipstaff.domain.local_time import DAY_US
from tipstaff.matching.evidence import edges_of
from tipstaff.matching.loading import Loaded

#: First and last UTC day since 1970, both included.
Days = tuple[int, int]
_COLUMNS: Final = ("t_us", "lat_e7", "lon_e7", "radius_m", "mechanism", "doubt")


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """A wearer's evidence of some days: digests of when what was worn and may be read, of fixes."""

    worn: str
    fixes: str


@dataclass(frozen=True, slots=True)
class Periods:
    """By wearer (W,), lines that say which device was worn when, with times to clip."""

    rows: tuple[tuple[tuple[str, int, int], ...], ...]

    @classmethod
    def of(cls, table: pa.Table, wearers: int, devices: Mapping[int, str]) -> Periods:
        """The periods of a table as `Worn.table`."""
        found: list[list[tuple[str, int, int]]] = [[] for _ in range(wearers)]
        columns = ("device_key", "wearer_no", "active_from", "active_to")
        keys, numbers, starts, ends = (table[name] for name in columns)
        times = (starts.cast(pa.int64()).to_pylist(), ends.cast(pa.int64()).to_pylist())
        for key, number, start, end in zip(
            keys.to_pylist(), numbers.to_pylist(), *times, strict=True
        ):
            found[number].append((devices[key], start, end))
        return cls(tuple(tuple(sorted(own)) for own in found))

    def lines(self, wearer: int, low_us: int, high_us: int) -> list[str]:
        """The periods of a wearer that meet low … high, clipped to it."""
        return [
            f"{device}\0{max(start, low_us)}\0{min(end, high_us)}"
            for device, start, end in self.rows[wearer]
            if start < high_us and end > low_us
        ]


def worn_digests(
    worn: Periods, readable: Periods, wearers: tuple[str, ...], days: Iterable[Days]
) -> dict[tuple[str, Days], str]:
    """By wearer and days, a digest of what was worn and what may be read.

    Of those wearers of whom something may be read of these days.
    """
    found = {}
    for span in days:
        low, high = span[0] * DAY_US, (span[1] + 1) * DAY_US
        for w, name in enumerate(wearers):
            lines = readable.lines(w, low, high)
            if lines:
                said = "\n".join([*worn.lines(w, low, high), "readable", *lines])
                found[name, span] = hashlib.sha256(said.encode()).hexdigest()
    return found


def fix_digests(
    loaded: Loaded, devices: Mapping[int, str], days: Iterable[Days]
) -> dict[tuple[str, Days], str]:
    """By wearer and days, a digest of the fixes as loaded, doubts included; of all wearers."""
    found = {}
    trails = loaded.trails
    for span in days:
        low, high = edges_of(trails, *span)
        for w, name in enumerate(trails.wearers):
            own = slice(int(low[w]), int(high[w]))
            digest = hashlib.sha256()
            for column in _COLUMNS:
                digest.update(np.ascontiguousarray(getattr(trails, column)[own]).data)
            keys, at = np.unique(loaded.device_key[own], return_inverse=True)
            labels = [devices[key] for key in keys.tolist()]
            ordered = sorted(range(len(labels)), key=lambda i: labels[i])
            place = np.argsort(np.array(ordered, np.int64))
            digest.update("\0".join(sorted(labels)).encode())
            digest.update(place[at].astype(np.int64).tobytes() if labels else b"")
            found[name, span] = digest.hexdigest()
    return found


def member_digests(readable: Periods, wearers: tuple[str, ...]) -> dict[str, str]:
    """By wearer of whom something may be read: a digest of the periods."""
    found = {}
    for w, name in enumerate(wearers):
        said = "\n".join(f"{device}\0{start}\0{end}" for device, start, end in readable.rows[w])
        if said:
            found[name] = hashlib.sha256(said.encode()).hexdigest()
    return found


def digest_of(parts: Iterable[Any]) -> str:
    """SHA-256 over parts, each as text."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()
