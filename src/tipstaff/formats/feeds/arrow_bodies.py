"""Whether the buffers of an Arrow IPC message are compressed: read from its metadata alone.

A few bytes of a compressed buffer may unpack to gigabytes, and Arrow unpacks before it can be
asked. The metadata is a FlatBuffers table (Message.fbs): `Message.header`, a `RecordBatch` or the
batch in a `DictionaryBatch`, has `compression` as its fourth field.
"""

from __future__ import annotations

import struct
from typing import Final

_HEADER_TYPE, _HEADER = 1, 2
_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
_DATA_OF_DICTIONARY: Final = 1
_COMPRESSION: Final = 3


def is_compressed(metadata: bytes) -> bool:
    """Whether a message's buffers are compressed; ValueError where that cannot be told."""
    try:
        message = _at(metadata, 0)
        kind_at = _field(metadata, message, _HEADER_TYPE)
        header_at = _field(metadata, message, _HEADER)
        if kind_at is None or header_at is None:
            return False
        kind = metadata[kind_at]
        batch = _at(metadata, header_at)
        if kind == _DICTIONARY_BATCH:
            data = _field(metadata, batch, _DATA_OF_DICTIONARY)
            if data is None:
                return False
            batch = _at(metadata, data)
        elif kind != _RECORD_BATCH:
            return False
        return _field(metadata, batch, _COMPRESSION) is not None
    except (struct.error, IndexError):
        raise ValueError("not the metadata of an Arrow message") from None


def _at(data: bytes, position: int) -> int:
    """Where the offset at `position` points to."""
    return position + int(struct.unpack_from("<I", data, position)[0])


def _field(data: bytes, table: int, index: int) -> int | None:
    """Where a table's field lies; None where it is absent."""
    vtable = table - int(struct.unpack_from("<i", data, table)[0])
    if vtable < 0:
        raise IndexError
    size = int(struct.unpack_from("<H", data, vtable)[0])
    slot = 4 + 2 * index
    if slot + 2 > size:
        return None
    offset = int(struct.unpack_from("<H", data, vtable + slot)[0])
    return table + offset if offset else None
