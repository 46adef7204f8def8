"""Timetables written as one would say them, for tables of cases.

A row is `Sun 19:00-07:00 home|mother`, a one-off `2026-10-25 01:30 > 2026-10-25 09:00 home` or, of
a lifting, `2026-10-25 01:30 > 2026-10-25 09:00 lifted`; what a timetable demands is told in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from tipstaff.domain.periods import Period
from tipstaff.domain.timetables import Demand, Hours, OneOff, Row, Timetable, Weekday

DAYS = {day.name[:3].title(): day for day in Weekday}


def hours(words: str) -> Hours:
    """`19:00-07:00 home|mother`; the addresses may be missing."""
    times, _, addresses = words.partition(" ")
    start, end = (time.fromisoformat(part) for part in times.split("-"))
    return Hours(start, end, tuple(addresses.split("|")) if addresses else ())


def row(words: str) -> Row:
    """`Sun 19:00-07:00 home`."""
    day, _, rest = words.partition(" ")
    return Row(DAYS[day], hours(rest))


def one_off(words: str) -> OneOff:
    """`2026-10-25 01:30 > 2026-10-25 09:00 home`, or `lifted` in the address's place."""
    start, _, rest = words.partition(" > ")
    begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(rest[:16])
    addresses = rest[17:]
    if addresses == "lifted":
        return OneOff(begins, ends, lifted=True)
    return OneOff(begins, ends, tuple(addresses.split("|")) if addresses else ())


def timetable(
    rows: Iterable[str] = (),
    *,
    dates: str = "2026-01-01 2026-12-31",
    release: str | None = None,
    one_offs: Iterable[str] = (),
) -> Timetable:
    """A timetable; `dates` are its first and last day, or the first alone."""
    first, *last = (date.fromisoformat(day) for day in dates.split())
    return Timetable(
        rows=tuple(row(words) for words in rows),
        first_day=first,
        last_day=last[0] if last else None,
        release_day=None if release is None else hours(release),
        one_offs=tuple(one_off(words) for words in one_offs),
    )


def utc(words: str) -> datetime:
    """`2026-10-25 01:30` read as UTC."""
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def during(words: str) -> Period:
    """`2026-10-24 00:00 > 2026-10-26 00:00`, in UTC."""
    start, end = words.split(" > ")
    return Period(utc(start), utc(end))


def told(demands: Iterable[Demand]) -> list[str]:
    """Demands in UTC: `10-24 18:00 > 10-25 07:00 home`, the year left out."""
    return [_one(demand.period, demand.addresses) for demand in demands]


def _one(period: Period, addresses: tuple[str, ...]) -> str:
    return f"{period.start:%m-%d %H:%M} > {period.end:%m-%d %H:%M} {'|'.join(addresses)}".rstrip()
