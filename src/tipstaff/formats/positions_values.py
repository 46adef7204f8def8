"""Text columns to numbers, whole columns at a time.

The outcome of a row must not hang on the rows that happen to share its block. So there is one
definition of what a text means, Arrow's own cast: tried on the whole column, and where that fails
on halves, down to the texts that cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: What a text must look like to be worth a cast; spares the search through a column of rubbish.
_NUMBER: Final = r"^[+-]?(\d|\.\d|[nN][aA][nN]$|[iI][nN][fF])"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers: where given, where unreadable (`bad`), NaN where neither."""

    values: F64
    given: Flags
    bad: Flags


def one_chunk(array: Any) -> Any:
    """An Arrow column as one array."""
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def flags(array: Any) -> Flags:
    """A boolean Arrow array as numpy; null is False."""
    return np.asarray(
        pc.fill_null(array, fill_value=False).to_numpy(zero_copy_only=False), dtype=np.bool_
    )


def tidy(text: Any, missing: tuple[str, ...]) -> Any:
    """`text` without surrounding spaces, null where it means "not given"."""
    trimmed = pc.ascii_trim_whitespace(text)
    absent = pc.is_in(trimmed, value_set=pa.array(["", *missing], pa.string()))
    return pc.if_else(absent, pa.scalar(None, pa.string()), trimmed)


def cast_where_possible(text: Any, wanted: pa.DataType) -> Any:
    """`text` cast to `wanted`; null where a text cannot be read as one."""
    try:
        return pc.cast(text, wanted)
    except pa.ArrowInvalid:
        if len(text) <= 1:
            return pa.nulls(len(text), wanted)
    middle = len(text) // 2
    halves = [cast_where_possible(part, wanted) for part in (text[:middle], text[middle:])]
    return pa.concat_arrays(halves)


def cast_likely(text: Any, wanted: pa.DataType, likely: str) -> Any:
    """As `cast_where_possible`, for texts that match the pattern `likely`; null for the others."""
    try:
        return pc.cast(text, wanted)
    except pa.ArrowInvalid:
        chosen = pc.match_substring_regex(text, likely)
        return cast_where_possible(pc.if_else(chosen, text, pa.scalar(None, pa.string())), wanted)


def read_numbers(array: Any, missing: tuple[str, ...]) -> Numbers:
    """Numbers of a column of text, or of a Parquet column that is numeric already."""
    column = one_chunk(array)
    if not is_text(column.type):
        return _from_native(column)
    text = tidy(pc.cast(column, pa.string()), missing)
    number = cast_likely(text, pa.float64(), _NUMBER)
    given = flags(text.is_valid())
    return Numbers(_floats(number), given, given & ~flags(number.is_valid()))


def _from_native(column: Any) -> Numbers:
    given = flags(column.is_valid())
    if not _numeric(column.type):
        return Numbers(np.full(len(column), np.nan), given, given)
    return Numbers(_floats(pc.cast(column, pa.float64(), safe=False)), given, ~given & given)


def _floats(array: Any) -> F64:
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def is_text(kind: Any) -> bool:
    """Whether an Arrow type holds text, plain or as a dictionary."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)
    )


def _numeric(kind: Any) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )
