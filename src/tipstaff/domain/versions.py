"""Two clocks: when something was so (valid), and when it was known (recorded).

A version says: from `valid_from` up to, not including, `valid_to` it was so. Versions of one thing
are numbered in the order in which they were recorded, and a later one covers the earlier ones for
the time of which it speaks, as paint does. So

- a change is a version from the day of the change on, without an end;
- a correction of the past is a version with both ends: before and after it the earlier ones show;
- nothing is ever edited, and what was known at any time can be shown again.

What is asked is always `(valid_at, known_at)`: of the versions recorded by `known_at` that speak of
`valid_at`, the last one recorded. Where there is none, nothing is known, which is not "nothing is
so".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

#: From when on what is first told of a person is taken to be so: names and birth know no start.
SINCE_EVER: Final = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stated:
    """When a version holds and when it was recorded; `number` counts from 1 within its subject.

    `valid_to` is None where no end was given. Instants are aware UTC.
    """

    number: int
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime

    def speaks_of(self, instant: datetime) -> bool:
        """Whether the version says anything of `instant`."""
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of valid time in which one version shows, by its number."""

    number: int
    start: datetime
    end: datetime | None


def in_effect(
    versions: Iterable[Stated], *, valid_at: datetime, known_at: datetime
) -> Stated | None:
    """The version that shows at `valid_at`, as it was known at `known_at`; None: nothing known."""
    found = (v for v in versions if v.recorded_at <= known_at and v.speaks_of(valid_at))
    return max(found, key=lambda version: version.number, default=None)


def timeline(versions: Iterable[Stated]) -> tuple[Stretch, ...]:
    """What all these versions together say of all time: stretches apart from one another, in order.

    One version may show in several stretches, where later ones cover its middle.
    """
    listed = sorted(versions, key=lambda version: version.number)
    cuts = sorted({v.valid_from for v in listed} | {v.valid_to for v in listed if v.valid_to})
    found: list[Stretch] = []
    for index, start in enumerate(cuts):
        end = cuts[index + 1] if index + 1 < len(cuts) else None
        shown = next((v for v in reversed(listed) if v.speaks_of(start)), None)
        if shown is None:
            continue
        if found and found[-1].number == shown.number and found[-1].end == start:
            found[-1] = Stretch(shown.number, found[-1].start, end)
        else:
            found.append(Stretch(shown.number, start, end))
    return tuple(found)


def shows_throughout(
    versions: Iterable[Stated], numbers: Collection[int], start: datetime, end: datetime | None
) -> bool:
    """Whether versions of these numbers, and no others, show all the time from `start` to `end`."""
    at = start
    for stretch in timeline(versions):
        if stretch.end is not None and stretch.end <= at:
            continue
        if stretch.start > at or stretch.number not in numbers:
            return False
        if stretch.end is None or (end is not None and stretch.end >= end):
            return True
        at = stretch.end
    return False
