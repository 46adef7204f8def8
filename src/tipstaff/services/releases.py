"""From release to fitting: recorded, listed, and an alarm for whoever is not fitted in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.releases import (
    FittingAlarm,
    FittingState,
    Release,
    Visit,
    alarm_to_record,
    plain_state,
)
from tipstaff.records import case_sets, cases, release_lists, wearers
from tipstaff.records.cases import Told
from tipstaff.records.reach import ListReach
from tipstaff.records.release_lists import ReleaseLine
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_reach import known_to
from tipstaff.services.case_recording import RecordedCase, clock, record_told, told
from tipstaff.services.case_rules import When, problems_of
from tipstaff.services.limited_access import list_reach, may_see
from tipstaff.services.recording import changing, reading

_ALARM_KINDS: Final = frozenset({Kind.RELEASE, Kind.VISIT, Kind.FITTING_ALARM})


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release as it now stands, and since when its alarm is on record; None: it is not."""

    line: ReleaseLine
    state: FittingState
    raised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RaisedAlarms:
    """What a round found of whom the actor sees: alarms new on record, and those that stood."""

    raised: int
    standing: int


def record_release(
    *, actor: str, purpose: Purpose, authority: str, release: Release, reason: str = ""
) -> RecordedCase:
    """Record a release of a wearer whose record and order are there, or what changed about it."""
    access = admit_to(actor, purpose, authority, "record_release")
    return _record(access, release, reason)


def record_fitting(
    *, actor: str, purpose: Purpose, authority: str, visit: Visit, reason: str = ""
) -> RecordedCase:
    """Record a visit under a release: planned, tried, done or refused.

    News of a fitting in time retracts the alarm, with this recording.
    """
    access = admit_to(actor, purpose, authority, "record_fitting")
    return _record(access, visit, reason)


def list_releases(
    *, actor: str, purpose: Purpose, authority: str, since: datetime | None = None, limit: int = 50
) -> tuple[ListedRelease, ...]:
    """Releases within reach by deadline, from `since` on (None: from now on), as they now stand."""
    access = admit_to(actor, purpose, authority, "list_releases")
    now = clock()
    with reading(access, extent={"limit": limit}) as looked:
        found = to_come(list_reach(access), since=since or now, now=now, limit=limit)
        looked.subjects = {one.line.subject_ref for one in found}
        looked.rows = len(found)
    return found


def list_alarms(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 50
) -> tuple[ListedRelease, ...]:
    """Whoever within reach was released and not fitted by the deadline, longest overdue first."""
    access = admit_to(actor, purpose, authority, "list_releases")
    now = clock()
    with reading(access, extent={"limit": limit, "alarms": True}) as looked:
        found = not_fitted(list_reach(access), now=now, limit=limit)
        looked.subjects = {one.line.subject_ref for one in found}
        looked.rows = len(found)
        raised = _raised({one.line.wearer for one in found}, now)
    return tuple(
        replace(one, raised_at=raised.get((one.line.wearer, one.line.reference))) for one in found
    )


def to_come(
    reach: ListReach, *, since: datetime, now: datetime, limit: int
) -> tuple[ListedRelease, ...]:
    """Releases by deadline, from `since` on, for an admitted actor."""
    lines = release_lists.upcoming(since=since, now=now, limit=limit, reach=reach)
    return tuple(_listed(line, now) for line in lines)


def not_fitted(reach: ListReach, *, now: datetime, limit: int) -> tuple[ListedRelease, ...]:
    """Whoever was released and not fitted by the deadline, for an admitted actor."""
    lines = release_lists.unfitted(now=now, limit=limit, reach=reach)
    return tuple(_listed(line, now) for line in lines)


def _raised(people: set[str], now: datetime) -> dict[tuple[str, str], datetime]:
    """When the alarms that stand of some wearers were put on record."""
    found = case_sets.standing(people, {Kind.FITTING_ALARM}, valid_at=now)
    return {
        (alarm.wearer, alarm.reference): alarm.raised_at
        for values in found.values()
        for alarm in values
        if isinstance(alarm, FittingAlarm) and alarm.retracted_at is None
    }


def raise_alarms(*, actor: str, purpose: Purpose, authority: str) -> RaisedAlarms:
    """Put every alarm that stands now on record, once: for a scheduler, as often as it likes.

    Nobody is left out of it; who is out of the actor's reach is left out of the counts.
    """
    access = admit_to(actor, purpose, authority, "raise_alarms")
    with changing(access, extent={}) as looked:
        now = clock()
        lines = release_lists.unfitted(now=now, limit=release_lists.MOST_LINES)
        people = {line.wearer for line in lines}
        seen = may_see(access, people)
        told = settle(access, seen, now)
        new = told + settle(access, people - seen, now)
        looked.subjects = wearers.subject_refs(people) if new else set()
        looked.rows = new
    return RaisedAlarms(told, sum(line.wearer in seen for line in lines) - told)


def settle(access: Access, people: Iterable[str], now: datetime) -> int:
    """Bring the alarms of these wearers in line with what is on record; how many changed.

    To be called in the transaction that records, after it.
    """
    standing = case_sets.standing(people, _ALARM_KINDS, valid_at=now)
    due = [
        Told(alarm, alarm.due_at, None, alarm.retracted_why)
        for values in standing.values()
        for alarm in _to_record(values, now)
    ]
    done = cases.record(due, at=now, by=access.actor_ref) if due else ()
    return sum(one.new for one in done)


def _to_record(values: tuple[CaseValue, ...], now: datetime) -> Iterator[FittingAlarm]:
    visits = [v for v in values if isinstance(v, Visit)]
    alarms = {v.reference: v for v in values if isinstance(v, FittingAlarm)}
    for release in (v for v in values if isinstance(v, Release)):
        alarm = alarm_to_record(release, visits, alarms.get(release.reference), now)
        if alarm is not None:
            yield alarm


def _record(access: Access, value: Release | Visit, reason: str) -> RecordedCase:
    what = told(value, reason)
    with changing(access, extent={"of": what.kind.value}) as looked:
        wearers.lock(value.wearer)
        now = clock()
        known = known_to(access, value.wearer, now)
        done = record_told(access, what, problems_of(value, known, When(now)), looked, now)
        if not done.problems:
            looked.rows += settle(access, [value.wearer], now)
        return done


def _listed(line: ReleaseLine, now: datetime) -> ListedRelease:
    return ListedRelease(line, plain_state(line.released_at, line.fit_by, line.fitted_at, now))
