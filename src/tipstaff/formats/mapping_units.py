"""What a position file may hold: its fields, and the units in which each may be written."""

from __future__ import annotations

from typing import Final

#: The fields of a position, in the order in which a bad row is judged: the first fault names it.
FIELDS: Final = (
    "device_id",
    "fix_time",
    "latitude",
    "longitude",
    "precision",
    "precision_level",
    "mechanism",
    "speed",
    "direction",
    "satellites",
    "hdop",
    "recorded_time",
    "received_time",
)
REQUIRED: Final = FIELDS[:4]
TIME_FIELDS: Final = ("fix_time", "recorded_time", "received_time")

#: Field → unit → (multiplier, divisor) that turn a value into the archive's whole number. Two
#: numbers, not one factor: 36 km/h × 250 ÷ 9 is exactly 1000 cm/s, 36 × 27.777… is not.
UNITS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "latitude": {"deg": (1e7, 1.0), "e7": (1.0, 1.0)},
    "longitude": {"deg": (1e7, 1.0), "e7": (1.0, 1.0)},
    "precision": {"m": (100.0, 1.0), "cm": (1.0, 1.0), "km": (1e5, 1.0), "ft": (30.48, 1.0)},
    "precision_level": {"pct": (1.0, 1.0)},
    "speed": {
        "km/h": (250.0, 9.0),
        "m/s": (100.0, 1.0),
        "mph": (44.704, 1.0),
        "knots": (463.0, 9.0),
    },
    "direction": {"deg": (100.0, 1.0)},
    "satellites": {"count": (1.0, 1.0)},
    "hdop": {"1": (100.0, 1.0)},
}

#: The unit of a field where a mapping does not say.
DEFAULT_UNITS: Final = {field: next(iter(units)) for field, units in UNITS.items()}

#: Time formats other than a pattern: ISO 8601, or numbers since 1970 in these parts of a second.
EPOCH_MICROS: Final = {"epoch_s": 1_000_000.0, "epoch_ms": 1_000.0, "epoch_us": 1.0}
ISO: Final = "iso"

#: Directives a time pattern may use, and what each matches. Names of months and twelve-hour clocks
#: are left out: they depend on a language, and no feed of positions has been seen to use them.
DIRECTIVES: Final = {
    "%Y": r"(?P<Y>\d{4})",
    "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})",
    "%H": r"(?P<H>\d{1,2})",
    "%M": r"(?P<M>\d{1,2})",
    "%S": r"(?P<S>\d{1,2})",
    "%f": r"(?P<f>\d{1,9})",
    "%z": r"(?P<z>Z|[+-]\d{2}:?\d{2})",
}
REQUIRED_DIRECTIVES: Final = ("%Y", "%m", "%d", "%H", "%M")
