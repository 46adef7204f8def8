"""Fixes: the one Arrow schema in which positions travel and lie in the archive.

Quantities are scaled integers, so that equality, digests and ordering are exact:
`_e7` is 1e-7 degree, `_cm` centimetres, `_cmps` centimetres a second, `_cdeg` hundredths of a
degree, `_e2` hundredths. Times are UTC microseconds.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import pyarrow as pa

TIMESTAMP: Final = pa.timestamp("us", tz="UTC")


class Mechanism(IntEnum):
    """How a position was found; codes of the national feed (0: the supplier did not say)."""

    UNKNOWN = 0
    GPS = 1
    RF = 4
    LBS = 5
    WIFI = 6


MECHANISM_NAMES: Final[dict[Mechanism, str]] = {m: m.name for m in Mechanism}

#: What the supplier said of one position. Two rows equal in all of these are one fix, sent twice.
#: `device_key` stands for (supplier, device id): random in the archive, an ordinal on files alone.
#: `precision_level_pct` is the share of fixes the supplier's radius is meant to hold (95, 68, 50).
CONTENT_FIELDS: Final = (
    pa.field("device_key", pa.int64(), nullable=False),
    pa.field("fix_time", TIMESTAMP, nullable=False),
    pa.field("lat_e7", pa.int32(), nullable=False),
    pa.field("lon_e7", pa.int32(), nullable=False),
    pa.field("precision_cm", pa.int32()),
    pa.field("precision_level_pct", pa.int8()),
    pa.field("mechanism", pa.int8(), nullable=False),
    pa.field("speed_cmps", pa.int32()),
    pa.field("direction_cdeg", pa.int32()),
    pa.field("satellites", pa.int16()),
    pa.field("hdop_e2", pa.int32()),
    pa.field("recorded_time", TIMESTAMP),
    pa.field("received_time", TIMESTAMP),
)

#: Where a row came from and when we took it in: the only clock for "what was known when".
PROVENANCE_FIELDS: Final = (
    pa.field("source_id", pa.string(), nullable=False),
    pa.field("ingested_at", TIMESTAMP, nullable=False),
)

#: The UTC date of `fix_time`; the archive's partition.
DAY_FIELD: Final = pa.field("day", pa.date32(), nullable=False)

CONTENT_SCHEMA: Final = pa.schema(CONTENT_FIELDS)
ARCHIVE_SCHEMA: Final = pa.schema((*CONTENT_FIELDS, *PROVENANCE_FIELDS, DAY_FIELD))

CONTENT_COLUMNS: Final = tuple(field.name for field in CONTENT_FIELDS)

#: Order of preference where one device reports different contents for one instant: satellite first,
#: then the smaller radius, then the remaining content. Decided by content, never by arrival.
SPEAKING_ORDER: Final = (
    "mechanism <> 1",
    "precision_cm NULLS LAST",
    *(f"{name} NULLS LAST" for name in CONTENT_COLUMNS if name not in {"precision_cm"}),
)
