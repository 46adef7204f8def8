"""Rules that ask about whom somebody looked at: people named in the asking, not found by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse_facts import Known, Limits, Question, Staff, StaffFacts, asked, times
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wall_time import wall_time

#: Purposes that lead to people of whom one has no case, or whose case is closed.
_ANYBODY: Final = frozenset({Purpose.SUBJECT_ACCESS, Purpose.AUDIT, Purpose.COURT_DISCLOSURE})


def oneself(staff: Staff, known: Known, _limits: Limits) -> Iterator[Question]:
    """Looks at a record that is the actor's own."""
    yield from _private(
        "oneself", staff, _facts(staff, known).own,
        "Asked {} for a record that is linked to this member of staff. What was it for?",
    )  # fmt: skip


def neighbours(staff: Staff, known: Known, _limits: Limits) -> Iterator[Question]:
    """Looks at people who live near the actor's home and are no case of theirs."""
    yield from _private(
        "neighbours", staff, _no_case(staff, known, _facts(staff, known).neighbours),
        "Asked {} for a wearer who lives near this member of staff. Was it a duty?",
    )  # fmt: skip


def namesakes(staff: Staff, known: Known, _limits: Limits) -> Iterator[Question]:
    """Looks at people of the actor's family name who are no case of theirs."""
    yield from _private(
        "namesakes", staff, _no_case(staff, known, _facts(staff, known).namesakes),
        "Asked {} for a wearer of the same family name. Are they related?",
    )  # fmt: skip


def limited_access(staff: Staff, known: Known, _limits: Limits) -> Iterator[Question]:
    """Asking for people of limited access without being shown anything."""
    tried = [look for look in staff.looks if look.aimed & known.limited and look.rows == 0]
    if tried:
        sentence = (
            f"Asked {times(len(tried))} for a record of limited access and was shown nothing. How "
            "did this member of staff come to the reference?"
        )
        yield asked("limited_access", staff, sentence, tried)


def without_reason(staff: Staff, known: Known, limits: Limits) -> Iterator[Question]:
    """Many people with whom the actor has nothing to do, by number and by share."""
    reasons = {s: known.has_reason(staff.actor, s) for look in _own_duty(staff) for s in look.aimed}
    none = {subject for subject, reason in reasons.items() if reason is False}
    if len(none) < limits.without_reason:
        return
    if len(none) * 100 < limits.without_reason_percent * len(reasons):
        return
    looks = [look for look in _own_duty(staff) if look.aimed & none]
    sentence = (
        f"Asked for {len(none)} people of whom no case, run or alert is known, of {len(reasons)} "
        "asked for. Whose work was it?"
    )
    yield asked("without_reason", staff, sentence, looks)


def repeated(staff: Staff, known: Known, limits: Limits) -> Iterator[Question]:
    """The same person again and again, day after day, without a case."""
    by_subject: dict[UUID, list[Look]] = {}
    for look in _own_duty(staff):
        for subject in look.aimed:
            by_subject.setdefault(subject, []).append(look)
    for subject in sorted(by_subject):
        reason = known.has_reason(staff.actor, subject)
        least = limits.repeated_days if reason is False else limits.repeated_days_not_known
        days = _most_days(by_subject[subject], limits)
        if reason is not True and days >= least:
            case = "No case with them is known" if reason is False else "Cases are not known"
            sentence = (
                f"Asked for one person on {days} days within {limits.repeated_within.days}. "
                f"{case}: what was followed?"
            )
            yield asked("repeated", staff, sentence, by_subject[subject])


def after_close(staff: Staff, known: Known, limits: Limits) -> Iterator[Question]:
    """People whose last order ended some time before."""

    def closed(look: Look) -> bool:
        ends = [known.closed_at[s] for s in look.aimed if s in known.closed_at]
        return any(look.at >= end + limits.closed_for for end in ends)

    looks = [look for look in _own_duty(staff) if closed(look)]
    if looks:
        sentence = (
            f"Asked {times(len(looks))} for people whose last order had ended more than "
            f"{limits.closed_for.days} days before. What was still to be done?"
        )
        yield asked("after_close", staff, sentence, looks)


def _facts(staff: Staff, known: Known) -> StaffFacts:
    return known.staff.get(staff.actor, StaffFacts())


def _no_case(staff: Staff, known: Known, whom: frozenset[UUID]) -> frozenset[UUID]:
    """Those of `whom` of whom it is not known that the actor has to do with them."""
    return frozenset(s for s in whom if known.has_reason(staff.actor, s) is not True)


def _private(rule: str, staff: Staff, whom: frozenset[UUID], sentence: str) -> Iterator[Question]:
    """One question for each of `whom` who was asked for."""
    seen = Counter(subject for look in staff.looks for subject in look.aimed & whom)
    for subject in sorted(seen):
        looks = [look for look in staff.looks if subject in look.aimed]
        yield asked(rule, staff, sentence.format(times(len(looks))), looks)


def _own_duty(staff: Staff) -> list[Look]:
    """Looks, no changes, whose purpose does not by itself lead to people one has no case of."""
    return [look for look in staff.looks if look.at_persons and look.purpose not in _ANYBODY]


def _most_days(looks: list[Look], limits: Limits) -> int:
    """On how many days of the busiest stretch of that length there is a look."""
    days = sorted({wall_time(look.at).date() for look in looks})
    return max(_within(days, start, limits) for start in days)


def _within(days: list[date], start: date, limits: Limits) -> int:
    return sum(start <= day < start + limits.repeated_within for day in days)
