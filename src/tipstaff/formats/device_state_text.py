"""States of devices between steps, as text for a checkpoint, and back to an equal state.

A state is written as lists of its fields in their order, so what reads it must be what wrote it:
the shape of all states is digested and written along, and a text of another shape is refused. Then
the worker goes on from the facts, which are what counts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tipstaff.monitoring.device_step import DeviceState, Rules


class OtherShapeError(ValueError):
    """The text holds a state as another version of the program keeps it."""


def state_text(state: DeviceState, rules: Rules) -> str:
    """A state of a family of rules as text."""
    plain = [[_plain(one) for one in own] for own in state.states]
    return json.dumps(
        [_shape(tuple(rules)), state.version, state.horizon_us, plain], separators=(",", ":")
    )


def parse_state(text: str, rules: Rules) -> DeviceState:
    """The state that a text holds; OtherShapeError where another version of the rules wrote it."""
    shape, *rest = json.loads(text)
    if shape != _shape(tuple(rules)):
        raise OtherShapeError("this state is of another version of the program")
    version, horizon_us, plain = rest
    states = tuple(
        tuple(_made(rule.state, one) for one in own) for rule, own in zip(rules, plain, strict=True)
    )
    return DeviceState(version, horizon_us, states)


@cache
def _shape(rules: Rules) -> str:
    """A digest of the rules, and of the fields of their states."""
    told = [(rule.name, _described(rule.state)) for rule in rules]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def _described(kind: Any) -> Any:
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
        return [[one.name, _described(hints[one.name])] for one in fields(kind)]
    return [_described(each) for each in get_args(kind)] or str(kind)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _made(kind: Any, plain: Any) -> Any:
    """A value of the kind of its annotation."""
    inner = get_args(kind)
    if get_origin(kind) in {UnionType, Union}:
        (real,) = (each for each in inner if each is not NoneType)
        return None if plain is None else _made(real, plain)
    if get_origin(kind) is frozenset:
        return frozenset(_made(inner[0], one) for one in plain)
    if get_origin(kind) is tuple:
        kinds = [inner[0]] * len(plain) if Ellipsis in inner else inner
        return tuple(_made(each, one) for each, one in zip(kinds, plain, strict=True))
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        values = zip(fields(kind), plain, strict=True)
        return kind(**{one.name: _made(hints[one.name], x) for one, x in values})  # type: ignore[operator]
    return kind(plain)
