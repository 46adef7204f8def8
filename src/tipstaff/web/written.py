"""Whether a value can be kept as it was entered: read again by the codec that stores it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.utils import timezone

from tipstaff.domain.problems import Problem
from tipstaff.formats.json_codecs import Codec
from tipstaff.formats.json_source import BROKEN, JsonFault, Reading


class WrittenCode(StrEnum):
    """Why a value is none."""

    NOT_AS_WRITTEN = "NOT_AS_WRITTEN"


def read_written(codec: Codec, written: Mapping[str, Any]) -> tuple[Any, tuple[Problem, ...]]:
    """The value of plain values, or None and every fault of them."""
    reading = Reading(timezone.now().year)
    value = codec.read(written, "", reading)
    if value is BROKEN:
        return None, tuple(_problem(one) for one in reading.faults)
    return value, ()


def unkept(codec: Codec, value: Any) -> tuple[Problem, ...]:
    """Why a value made of a form cannot be kept: a text too long, a reference that is none."""
    return read_written(codec, codec.write(value))[1]


def beneath(problems: Iterable[Problem], prefix: str) -> tuple[Problem, ...]:
    """Problems of a part of a value, as its own form calls them."""
    return tuple(replace(one, where=one.where.removeprefix(prefix)) for one in problems)


def _problem(one: JsonFault) -> Problem:
    return Problem(WrittenCode.NOT_AS_WRITTEN, one.where, f"{one.what}; {one.action}")
