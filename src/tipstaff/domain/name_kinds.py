"""What a name typed by a user may be a name of."""

from __future__ import annotations

from enum import StrEnum


class NameKind(StrEnum):
    """A wearer's reference, or a device's number as its supplier gives it."""

    WEARER = "wearer"
    DEVICE = "device"
