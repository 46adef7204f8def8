"""Messages for the inbox, made without a feed."""

from __future__ import annotations

from typing import Any

from tipstaff.domain.received import Batch, Held, MessageKind, Received, Unread, digest_of

NOW_US = 1_800_000_000_000_000


def fix(number: int, *, supplier: str = "acme", device: str = "T1", **other: Any) -> Received:
    """The fix of a device at a minute of that number, at a place of its own."""
    time_us = NOW_US - 3_600_000_000 + number * 1_000_000
    content = (
        time_us,
        529_300_000 + number,
        -14_800_000,
        800,
        95,
        1,
        None,
        None,
        7,
        90,
        None,
        None,
    )
    high, low = digest_of((supplier, device, MessageKind.FIX, *content))
    made = Received(
        MessageKind.FIX, time_us, high, low, supplier, device, "json", NOW_US, 0, *content[1:]
    )
    return made._replace(**other)


def batch(*numbers: int, **other: Any) -> Batch:
    """A batch of such fixes."""
    return Batch("acme", "json", NOW_US, kept=[fix(number) for number in numbers], **other)


def held(number: int, device: str = "U1") -> Held:
    """A message of a device that nobody wears."""
    return Held("device_of_nobody", fix(number, device=device))


def unread(text: bytes = b"\xff{") -> Unread:
    """Bytes that nobody can read."""
    return Unread("NOT_JSON", "", 0, text)
