"""The evidence of an alert: positions, what the device reported, how the evidence went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.outlines import Outline
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.watches import ZoneWatch
from tipstaff.monitoring.zone_course import CoursePoint, levels, zone_course
from tipstaff.records import alert_pages, wearers
from tipstaff.records.live_lives import lives_on_record
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.error_models import rulebook
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.limited_access import as_seen
from tipstaff.services.live_past import StoredFacts
from tipstaff.services.live_watched import Ready, made_ready
from tipstaff.services.recording import reading

_BEFORE: Final = timedelta(hours=1)
_AFTER: Final = timedelta(minutes=30)
#: Of an episode that goes on for longer, its beginning is shown.
LONGEST: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True, repr=False)
class AlertEvidence:
    """Within `period`: fixes and events in order; of a zone its outline, and how evidence went.

    `levels`: the probabilities from which it is suspected, probable, confirmed.
    """

    period: Period
    began: datetime
    ended: datetime | None
    fixes: tuple[Fix, ...]
    events: tuple[DeviceEvent, ...]
    outline: Outline | None = None
    keep_in: bool = False
    course: tuple[CoursePoint, ...] = ()
    levels: tuple[float, float, float] | None = None


def show_evidence(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, number: int
) -> AlertEvidence | None:
    """The positions round an alert's episode, from an hour before it; None where none is seen."""
    access = admit_to(actor, purpose, authority, "show_evidence", wearer)
    subjects = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={"number": number}, subjects=subjects) as looked:
        found = alert_pages.find(as_seen(access, wearer), number)
        about = None if found is None else alert_pages.about(found)
        if found is None or about is None or about.episode is None:
            return None
        visit, now = about.episode.value.visit, clock()
        end = min((visit.ended or now) + _AFTER, visit.began + LONGEST, now)
        period = Period(visit.began - _BEFORE, max(end, visit.began))
        lives = lives_on_record(period.start, {found.subject_ref}, now)
        rules = rulebook()
        ready = [made_ready(life, now, rules) for life in lives]
        facts = [fact for one in ready for fact in _facts(one, period)]
        looked.extent |= {"from": period.start.isoformat(), "to": period.end.isoformat()}
        looked.rows = len(facts)
    fixes = tuple(sorted((f for f in facts if isinstance(f, Fix)), key=lambda f: f.at_us))
    events = sorted((f for f in facts if isinstance(f, DeviceEvent)), key=lambda f: f.at_us)
    told = tuple(one for one in events if one.kind is not EventKind.HEARTBEAT)
    evidence = AlertEvidence(period, visit.began, visit.ended, fixes, told)
    watch = _watch(ready, found.kept.condition)
    return evidence if watch is None else _of_zone(evidence, watch, rules.places)


def _facts(ready: Ready, period: Period) -> Iterable[object]:
    start, end = to_micros(period.start), to_micros(period.end)
    for one in StoredFacts(inbox_reader()).of(ready, period.start):
        if not one.doubted and start <= one.fact.at_us <= end:
            yield one.fact


def _watch(ready: Iterable[Ready], condition: str) -> ZoneWatch | None:
    watches = (watch for one in ready for watch in one.watched.watches)
    return next((w for w in watches if isinstance(w, ZoneWatch) and w.condition == condition), None)


def _of_zone(
    evidence: AlertEvidence, watch: ZoneWatch, parameters: EngineParameters
) -> AlertEvidence:
    return AlertEvidence(
        evidence.period,
        evidence.began,
        evidence.ended,
        evidence.fixes,
        evidence.events,
        watch.outline,
        watch.keep_in,
        tuple(zone_course(evidence.fixes, watch, parameters)),
        levels(watch, parameters),
    )
