"""Whose fixes a match may read at all: only from times at which the wearer may be searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.domain.periods import to_micros
from tipstaff.matching.inputs import PERIOD_SCHEMA, Worn

#: From a microsecond up to, not including, another; since 1970.
Span = tuple[int, int]


def readable(worn: Worn, spans: Sequence[Iterable[Span]]) -> pa.Table:
    """The periods of `worn.table`, clipped to the `spans` of each wearer (W,).

    A fix is read once, however many of a wearer's spans hold its time.
    """
    apart = [_apart(own) for own in spans]
    rows = [
        (row["device_key"], row["wearer_no"], first, last)
        for row in worn.table.to_pylist()
        for first, last in _clipped(
            (to_micros(row["active_from"]), to_micros(row["active_to"])), apart[row["wearer_no"]]
        )
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(PERIOD_SCHEMA)
    numbers = [pa.array(columns[i], PERIOD_SCHEMA.field(i).type) for i in (0, 1)]
    times = [pa.array(columns[i], pa.int64()).cast(TIMESTAMP) for i in (2, 3)]
    return pa.table([*numbers, *times], schema=PERIOD_SCHEMA)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The same times in spans that do not overlap, in order."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        elif first < last:
            found.append((first, last))
    return found


def _clipped(period: Span, spans: Iterable[Span]) -> Iterator[Span]:
    for first, last in spans:
        low, high = max(first, period[0]), min(last, period[1])
        if low < high:
            yield low, high
