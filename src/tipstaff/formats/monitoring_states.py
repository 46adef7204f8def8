"""What the monitoring worker keeps of a life between steps, as bytes for a checkpoint, and back.

The bytes begin with a mark, a version and two digests: of the shape of all that is kept, and of the
rest. So bytes that were damaged, or written by a program whose rules keep something else, are
refused with StateError; then the worker makes the life again from facts, which are what counts.
What comes back is equal to what was written. Equal states may have unequal bytes: sets have no
order.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tipstaff.domain.findings import (
    Finding,
    FindingKind,
    Level,
    Outcome,
    PeriodOutcome,
    Step,
    Told,
    Why,
)
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.monitoring.device_watches import DeviceRule
from tipstaff.monitoring.fleet_states import StateError

RULES_MARK: Final = b"tipstaff.rules"
TOLD_MARK: Final = b"tipstaff.told"
#: The version of all that stands before the states themselves, and of how they are written.
VERSION: Final = 1
_HEAD: Final = struct.Struct("<14sH16s16s")
#: Infinite numbers are kept as what they are; else they would come back as nothing.
_CONFIG: Final = ConfigDict(strict=True, ser_json_inf_nan="constants")

States = tuple[tuple[Any, ...], ...]
_FindingRow = tuple[
    Literal["finding"], int, FindingKind, str, Step, Level, Why, int, float | None
]  # fmt: skip
_OutcomeRow = tuple[
    Literal["outcome"], int, FindingKind, str, int, Outcome, float, float, int | None, int | None
]
_ROWS: Final[TypeAdapter[list[Any]]] = TypeAdapter(list[_FindingRow | _OutcomeRow], config=_CONFIG)


def rules_to_bytes(rules: Sequence[DeviceRule[Any]], states: States) -> bytes:
    """The states of each rule, in each period begun. ValueError where they are not of these."""
    if len(states) != len(rules):
        raise ValueError("there must be states of each rule")
    for rule, own in zip(rules, states, strict=True):
        if any(type(state) is not rule.state for state in own):
            raise ValueError(f"these are no states of the rule {rule.name}")
    adapter, shape = _of_rules(tuple(rules))
    return _sealed(RULES_MARK, shape, adapter.dump_json(states, warnings="error"))


def rules_from_bytes(rules: Sequence[DeviceRule[Any]], content: bytes) -> States:
    """The states that `rules_to_bytes` wrote. StateError where these are not such bytes."""
    adapter, shape = _of_rules(tuple(rules))
    states: States = _read(adapter, _opened(RULES_MARK, shape, content))
    return states


def told_to_bytes(told: Sequence[Told]) -> bytes:
    """Findings and outcomes in their order."""
    rows = [_row(one) for one in told]
    return _sealed(TOLD_MARK, _told_shape(), _ROWS.dump_json(rows, warnings="error"))


def told_from_bytes(content: bytes) -> list[Told]:
    """What `told_to_bytes` wrote. StateError where these are not such bytes."""
    return [_told(row) for row in _read(_ROWS, _opened(TOLD_MARK, _told_shape(), content))]


def _sealed(mark: bytes, shape: bytes, body: bytes) -> bytes:
    return _HEAD.pack(mark, VERSION, shape, _digest(body)) + body


def _opened(mark: bytes, shape: bytes, content: bytes) -> bytes:
    if len(content) < _HEAD.size:
        raise StateError("cut short")
    found, version, written, digest = _HEAD.unpack_from(content)
    if found.rstrip(b"\0") != mark or version != VERSION or written != shape:
        raise StateError("no state of this version")
    body = content[_HEAD.size :]
    if _digest(body) != digest:
        raise StateError("damaged")
    return body


def _read(adapter: TypeAdapter[Any], body: bytes) -> Any:
    try:
        return adapter.validate_json(body)
    except ValidationError as error:  # whose words would repeat what it is about
        raise StateError(f"not what is kept: {error.error_count()} faults") from None


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()


@cache
def _of_rules(rules: tuple[DeviceRule[Any], ...]) -> tuple[TypeAdapter[Any], bytes]:
    """What reads and writes the states of these rules, and a digest of their shape."""
    kinds = tuple(tuple[rule.state, ...] for rule in rules)  # type: ignore[name-defined]
    shape = [(rule.name, _described(rule.state)) for rule in rules]
    return TypeAdapter(tuple[kinds], config=_CONFIG), _digest(repr(shape).encode())  # type: ignore[valid-type]


@cache
def _told_shape() -> bytes:
    return _digest(repr([_described(kind) for kind in (Finding, PeriodOutcome)]).encode())


def _described(kind: Any) -> Any:
    """A type in plain words: fields in their order, members of an enumeration, parts."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return [(one.name, _described(hints[one.name])) for one in fields(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [member.value for member in kind]
    return [str(get_origin(kind) or kind), *map(_described, get_args(kind))]


def _row(told: Told) -> tuple[Any, ...]:
    if isinstance(told, Finding):
        return (
            "finding", to_micros(told.at), told.kind, told.condition, told.step, told.level,
            told.why, to_micros(told.since), told.probability,
        )  # fmt: skip
    return (
        "outcome", to_micros(told.at), told.kind, told.condition, to_micros(told.start),
        told.outcome, told.absent_s, told.unknown_s,
        _micros(told.first_there), _micros(told.last_there),
    )  # fmt: skip


def _told(row: tuple[Any, ...]) -> Told:
    which, at_us, kind, condition, *rest = row
    if which == "finding":
        step, level, why, since_us, probability = rest
        since = from_micros(since_us)
        return Finding(from_micros(at_us), kind, condition, step, level, why, since, probability)
    start_us, outcome, absent_s, unknown_s, first_us, last_us = rest
    return PeriodOutcome(
        from_micros(at_us), kind, condition, from_micros(start_us), outcome, absent_s, unknown_s,
        _instant(first_us), _instant(last_us),
    )  # fmt: skip


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _instant(at_us: int | None) -> datetime | None:
    return None if at_us is None else from_micros(at_us)
