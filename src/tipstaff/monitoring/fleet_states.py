"""What is kept of a fleet between steps, and the same as bytes, for a checkpoint."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from tipstaff.monitoring.fleets import Fleet
from tipstaff.monitoring.presence_columns import PresenceStates, new_presence
from tipstaff.monitoring.zone_columns import ZoneStates, new_states

#: What the bytes begin with: a mark and the version of all that is kept.
MARK: Final = b"tipstaff.fleet"
VERSION: Final = 1
_HEAD: Final = struct.Struct("<14sH32sq8q")


@dataclass(frozen=True, slots=True, repr=False)
class FleetState:
    """A fleet at a horizon (µs): everything up to it, itself included, has been taken."""

    horizon_us: int
    zones: ZoneStates
    presences: PresenceStates


class PartState(NamedTuple):
    """What is kept of some wearers of a fleet, each at a horizon of its own, in their order."""

    zones: ZoneStates
    presences: PresenceStates


class StateError(ValueError):
    """These bytes are no state of this fleet: of another version, other watches, or cut short."""


def new_fleet_state(fleet: Fleet, since_us: int) -> FleetState:
    """Wearers of whom nothing is known, before anything of `since_us` has been taken."""
    zones = new_states(len(fleet.zones.keep_in), fleet.zone_numbers)
    presences = new_presence(fleet.presences)
    zones.kept[:, 0] = since_us - 1
    presences.jobs[:, 0] = since_us - 1
    return FleetState(since_us - 1, zones, presences)


def to_bytes(fleet: Fleet, state: FleetState) -> bytes:
    """The state with its version and the digest of what it is a state of."""
    part = PartState(state.zones, state.presences)
    return part_to_bytes(fleet.digest, state.horizon_us, part)


def from_bytes(fleet: Fleet, content: bytes) -> FleetState:
    """The state that `to_bytes` wrote. StateError where these are not such bytes of this fleet."""
    new = new_fleet_state(fleet, 0)
    like = PartState(new.zones, new.presences)
    horizon_us, part = part_from_bytes(fleet.digest, like, content)
    return FleetState(horizon_us, part.zones, part.presences)


def part_to_bytes(digest: bytes, horizon_us: int, part: PartState) -> bytes:
    """A part at one horizon; `digest` names what it is a state of."""
    arrays = _arrays(part)
    shapes = [size for array in arrays for size in array.shape]
    head = _HEAD.pack(MARK, VERSION, digest, horizon_us, *shapes)
    return head + b"".join(array.astype(_little(array)).tobytes() for array in arrays)


def part_from_bytes(digest: bytes, like: PartState, content: bytes) -> tuple[int, PartState]:
    """The horizon and the part, of as many jobs as `like`; StateError where it is none of these."""
    if len(content) < _HEAD.size:
        raise StateError("cut short")
    mark, version, written, horizon_us, *shapes = _HEAD.unpack_from(content)
    if mark != MARK or version != VERSION:
        raise StateError("no state of this version")
    wanted = _arrays(like)
    if written != digest or shapes != [size for array in wanted for size in array.shape]:
        raise StateError("a state of other watches or other parameters")
    if len(content) != _HEAD.size + sum(8 * array.size for array in wanted):
        raise StateError("cut short")
    at, read = _HEAD.size, []
    for array in wanted:
        values = np.frombuffer(content, dtype=_little(array), count=array.size, offset=at)
        read.append(values.reshape(array.shape).astype(array.dtype))
        at += 8 * array.size
    return horizon_us, PartState(ZoneStates(read[0], read[1]), PresenceStates(read[2], read[3]))


def _arrays(part: PartState) -> list[np.ndarray]:
    return [part.zones.kept, part.zones.odds, part.presences.jobs, part.presences.places]


def _little(array: np.ndarray) -> np.dtype:
    return array.dtype.newbyteorder("<")
