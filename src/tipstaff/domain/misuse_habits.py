"""Rules that ask about when and how somebody looked, whoever was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse_facts import Known, Limits, Question, Staff, asked, times
from tipstaff.domain.wall_time import wall_time

#: A kind of day (a weekend is one) and an hour of it, by the clock on the wall.
Slot = tuple[bool, int]


def unusual_hours(staff: Staff, _known: Known, limits: Limits) -> Iterator[Question]:
    """Looks at persons at hours at which this actor hardly ever made any, by their own past."""
    before = [look for look in staff.before if look.at_persons]
    if len(before) < limits.history_looks or len(set(_days(before))) < limits.history_days:
        return
    usual = Counter(_slot(look) for look in before)
    odd = [
        look
        for look in staff.looks
        if look.at_persons and _share_percent(usual, _slot(look)) < limits.usual_percent
    ]
    if odd:
        days = len(set(_days(odd)))
        sentence = (
            f"Looked at persons {times(len(odd))}, on {days} {'day' if days == 1 else 'days'}, at "
            "hours at which this member of staff hardly ever did before. Was it a shift?"
        )
        yield asked("unusual_hours", staff, sentence, odd)


def burst(staff: Staff, _known: Known, limits: Limits) -> Iterator[Question]:
    """More people asked for by name in a short time than anyone reads."""
    looks = [look for look in staff.looks if look.aimed]
    best: list[Look] = []
    most = first = 0
    for last, look in enumerate(looks):
        while look.at - looks[first].at >= limits.burst_within:
            first += 1
        people = len(_people(looks[first : last + 1]))
        if people > most:
            most, best = people, looks[first : last + 1]
    if most > limits.burst_people:
        minutes = int(limits.burst_within.total_seconds() // 60)
        sentence = (
            f"Asked for {most} people by name within {minutes} minutes. What was made of them?"
        )
        yield asked("burst", staff, sentence, best)


def break_glass(staff: Staff, _known: Known, _limits: Limits) -> Iterator[Question]:
    """Every look for which a limit of access was broken: each of them is reviewed."""
    for look in staff.looks:
        if look.broke_glass:
            sentence = "Broke a limit of access. Was it as urgent as was stated?"
            yield asked("break_glass", staff, sentence, [look])


def refusals(staff: Staff, _known: Known, limits: Limits) -> Iterator[Question]:
    """Attempts that were refused, several on a day."""
    refused = [look for look in staff.looks if look.refused]
    for day, looks in _crowded(refused, limits.refused_a_day):
        sentence = (
            f"Was refused {times(len(looks))} on {day:%d %B %Y}. What was tried, and is a right "
            "missing?"
        )
        yield asked("refusals", staff, sentence, looks)


def unanswered(staff: Staff, _known: Known, limits: Limits) -> Iterator[Question]:
    """Looks that were asked for and not known to be answered, several on a day."""
    open_ended = [look for look in staff.looks if not look.served]
    for day, looks in _crowded(open_ended, limits.unanswered_a_day):
        sentence = (
            f"Asked {times(len(looks))} on {day:%d %B %Y} for data that nothing says were served; "
            "they may have been seen. Did the program fail, or was it stopped?"
        )
        yield asked("unanswered", staff, sentence, looks)


def _crowded(looks: list[Look], least: int) -> Iterator[tuple[date, list[Look]]]:
    by_day: dict[date, list[Look]] = {}
    for look in looks:
        by_day.setdefault(wall_time(look.at).date(), []).append(look)
    yield from ((day, by_day[day]) for day in sorted(by_day) if len(by_day[day]) >= least)


def _share_percent(usual: Counter[Slot], slot: Slot) -> float:
    """The share of past looks that fell within an hour of that hour, on that kind of day."""
    weekend, hour = slot
    near = sum(usual[weekend, (hour + step) % 24] for step in (-1, 0, 1))
    return 100.0 * near / usual.total()


def _slot(look: Look) -> Slot:
    wall = wall_time(look.at)
    return wall.weekday() >= 5, wall.hour


def _days(looks: Iterable[Look]) -> list[date]:
    return [wall_time(look.at).date() for look in looks]


def _people(looks: Iterable[Look]) -> set[UUID]:
    return {subject for look in looks for subject in look.aimed}
