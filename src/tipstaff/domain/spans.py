"""Stretches of time with what holds in them, laid over one another; the later covers the earlier.

The same small algebra serves wall times (naive) and instants (aware); never both in one list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`: at any of `addresses`.

    `addresses` is None where nothing is demanded in the span; it is empty where the timetable
    speaks of time alone, as that of a zone does.
    """

    start: datetime
    end: datetime
    addresses: tuple[str, ...] | None


def laid(spans: Iterable[Span]) -> list[Span]:
    """The spans laid one over the other in the order given: apart, in order, what touches joined.

    Spans of no length are left out, and so are, in the end, those that demand nothing.
    """
    ground: list[Span] = []
    for span in spans:
        if span.start < span.end:
            _lay(ground, span)
    return _joined(span for span in ground if span.addresses is not None)


def _lay(ground: list[Span], new: Span) -> None:
    """Put `new` in place of what `ground` (apart, in order) has in its time."""
    first = bisect_right(ground, new.start, key=attrgetter("end"))
    after = bisect_left(ground, new.end, key=attrgetter("start"))
    covered = ground[first:after]
    left = [replace(s, end=new.start) for s in covered[:1] if s.start < new.start]
    right = [replace(s, start=new.end) for s in covered[-1:] if s.end > new.end]
    ground[first:after] = [*left, new, *right]


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last and last.end == span.start and last.addresses == span.addresses:
            found[-1] = replace(last, end=span.end)
        else:
            found.append(span)
    return found


def clipped(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What of the spans lies from `start` up to `end`."""
    cut = (replace(s, start=max(s.start, start), end=min(s.end, end)) for s in spans)
    return [span for span in cut if span.start < span.end]
