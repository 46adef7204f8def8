"""Lives and snapshots of them, as bytes for a checkpoint, and back.

Bytes of other watches, other parameters or another version of the rules are refused with
StateError; then the life is made again from its facts, which are what counts.
"""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Sequence
from typing import Any, Final

from tipstaff.domain.findings import Finding
from tipstaff.formats.monitoring_states import (
    rules_from_bytes,
    rules_to_bytes,
    told_from_bytes,
    told_to_bytes,
)
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Snapshot, Watched, first_snapshot
from tipstaff.monitoring.device_reference import DEVICE_RULES, KNOWLEDGE_RULES
from tipstaff.monitoring.device_step import DeviceState
from tipstaff.monitoring.device_watches import OthersNear
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fleet_states import StateError, part_from_bytes, part_to_bytes
from tipstaff.monitoring.home_unit import HomeUnitEvent, HomeUnitKind
from tipstaff.monitoring.kept_lives import KeptLife

_HEAD: Final = struct.Struct("<12sH")
_LIFE, _SNAPSHOT = b"tipstaff.lif", b"tipstaff.sna"
VERSION: Final = 1


def snapshot_to_bytes(snapshot: Snapshot, digest: bytes) -> bytes:
    """A snapshot of a life; `digest` names what is watched (`kept_lives.digest_of`)."""
    places = part_to_bytes(digest, snapshot.horizon_us, snapshot.places)
    return _bound(_SNAPSHOT, [places, _device(snapshot.device, DEVICE_RULES)])


def snapshot_from_bytes(
    content: bytes, watched: Watched, digest: bytes, rules: Rulebook
) -> Snapshot:
    """What `snapshot_to_bytes` wrote of what is watched. StateError where it is nothing of it."""
    places, device = _unbound(_SNAPSHOT, content, 2)
    like = first_snapshot(watched, rules).places
    horizon_us, part = part_from_bytes(digest, like, places)
    return Snapshot(horizon_us, part, _device_of(device, DEVICE_RULES, rules))


def life_to_bytes(life: KeptLife, digest: bytes) -> bytes:
    """A life as it stands, but for the facts at hand and earlier snapshots."""
    return _bound(
        _LIFE,
        [
            snapshot_to_bytes(life.solid, digest),
            _device(life.known, KNOWLEDGE_RULES),
            *(told_to_bytes(told) for told in (life.told, life.clocked, life.learnt)),
            json.dumps([list(life.evidence), [fact_row(fact) for fact in life.waiting]]).encode(),
        ],
    )


def life_from_bytes(content: bytes, watched: Watched, digest: bytes, rules: Rulebook) -> KeptLife:
    """What `life_to_bytes` wrote of what is watched. StateError where it is nothing of it."""
    solid, known, told, clocked, learnt, rest = _unbound(_LIFE, content, 6)
    snapshot = snapshot_from_bytes(solid, watched, digest, rules)
    evidence, waiting = json.loads(rest)
    return KeptLife(
        watched,
        snapshot,
        _device_of(known, KNOWLEDGE_RULES, rules),
        ring=[snapshot],
        waiting=[fact_of(row) for row in waiting],
        told=told_from_bytes(told),
        clocked=tuple(told_from_bytes(clocked)),
        learnt=[one for one in told_from_bytes(learnt) if isinstance(one, Finding)],
        evidence=array("q", evidence),
    )


def _device(state: DeviceState, rules: Sequence[Any]) -> bytes:
    head = json.dumps([state.version, state.horizon_us]).encode()
    return struct.pack("<I", len(head)) + head + rules_to_bytes(rules, state.states)


def _device_of(content: bytes, rules: Sequence[Any], rulebook: Rulebook) -> DeviceState:
    (size,) = struct.unpack_from("<I", content)
    version, horizon_us = json.loads(content[4 : 4 + size])
    if version != rulebook.devices.version:
        raise StateError("a state of other parameters")
    return DeviceState(version, horizon_us, rules_from_bytes(rules, content[4 + size :]))


def _bound(mark: bytes, parts: Sequence[bytes]) -> bytes:
    sizes = struct.pack(f"<{len(parts)}I", *map(len, parts))
    return _HEAD.pack(mark, VERSION) + sizes + b"".join(parts)


def _unbound(mark: bytes, content: bytes, count: int) -> list[bytes]:
    table = struct.Struct(f"<{count}I")
    at = _HEAD.size + table.size
    if len(content) < at or _HEAD.unpack_from(content) != (mark, VERSION):
        raise StateError("no state of this version")
    sizes = table.unpack_from(content, _HEAD.size)
    if len(content) != at + sum(sizes):
        raise StateError("cut short")
    parts = []
    for size in sizes:
        parts.append(content[at : at + size])
        at += size
    return parts


def fact_row(fact: LiveFact) -> list[Any]:
    """A fact as what JSON can hold; `fact_of` reads it back."""
    values = [getattr(fact, name) for name in fact.__slots__]
    return [type(fact).__name__, *values]


_KINDS: Final = {kind.__name__: kind for kind in (Fix, HomeUnitEvent, DeviceEvent, OthersNear)}


def fact_of(row: Sequence[Any]) -> LiveFact:
    """The fact of a row that `fact_row` wrote."""
    name, *values = row
    kind = _KINDS[name]
    if kind is HomeUnitEvent:
        values[1] = HomeUnitKind(values[1])
    elif kind is DeviceEvent:
        values[1] = EventKind(values[1])
    made: LiveFact = kind(*values)
    return made
