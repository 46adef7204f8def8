"""What a zone would mean, before it is recorded: its ground, what lies in it, the last month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import shapely

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wearers import Wearer
from tipstaff.domain.zone_checks import zone_problems
from tipstaff.domain.zone_ground import contains
from tipstaff.domain.zones import Zone, ZoneKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.outlines import Outline, outline_of
from tipstaff.monitoring.watches import ZoneWatch
from tipstaff.monitoring.zone_course import levels, zone_course
from tipstaff.monitoring.zone_visits import ZoneVisit, zone_visits
from tipstaff.records import case_versions, wearers
from tipstaff.records.live_lives import lives_on_record
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.error_models import rulebook
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.limited_access import as_seen
from tipstaff.services.live_past import StoredFacts
from tipstaff.services.live_watched import made_ready
from tipstaff.services.recording import reading

LOOKED_BACK: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class ZoneImpact:
    """What a zone would mean for a wearer; `problems` say why it cannot be recorded so.

    `addresses`: the references of their addresses within. `visits`: what it would have told in the
    period, had it held always, of `fixes` positions. `period` is as far as their present tag goes.
    """

    area_m2: float = 0.0
    addresses: tuple[str, ...] = ()
    period: Period | None = field(default=None, repr=False)
    fixes: int = 0
    visits: tuple[ZoneVisit, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = ()


def preview_zone(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, zone: Zone
) -> ZoneImpact:
    """Work out what a zone would mean; of a wearer who may not be seen, its ground alone."""
    access = admit_to(actor, purpose, authority, "preview_zone", wearer)
    now = clock()
    period = Period(now - LOOKED_BACK, now)
    subjects = frozenset(wearers.subject_refs([wearer]))
    extent = {"from": period.start.isoformat(), "to": period.end.isoformat()}
    with reading(access, extent=extent, subjects=subjects) as looked:
        problems = tuple(zone_problems(zone))
        if problems:
            return ZoneImpact(problems=problems)
        whom = as_seen(access, wearer)
        fixes = _fixes(whom, period)
        inside = _addresses(whom, zone)
        looked.rows = len(fixes)
    outline = outline_of(zone.shape)
    watch = ZoneWatch("preview", zone.kind is ZoneKind.INCLUSION, zone.harm, outline, ())
    parameters = rulebook().places
    course = zone_course(fixes, watch, parameters)
    visits = zone_visits(course, levels(watch, parameters), parameters.zone.left)
    return ZoneImpact(_area(outline), inside, period, len(fixes), tuple(visits))


def _fixes(wearer: str, period: Period) -> list[Fix]:
    subjects = wearers.subject_refs([wearer])
    lives = lives_on_record(period.end, subjects) if subjects else []
    start, found = to_micros(period.start), list[Fix]()
    for life in lives:
        ready = made_ready(life, period.end, rulebook())
        for one in StoredFacts(inbox_reader()).of(ready, period.start):
            if isinstance(one.fact, Fix) and not one.doubted and one.fact.at_us >= start:
                found.append(one.fact)
    return found


def _addresses(wearer: str, zone: Zone) -> tuple[str, ...]:
    """The addresses on the wearer's record that lie within the zone."""
    subject = case_versions.subject_of(wearer)
    now = clock()
    fact = None if subject is None else case_versions.as_of(subject, valid_at=now, known_at=now)
    if fact is None or not isinstance(fact.value, Wearer):
        return ()
    return tuple(
        one.reference
        for one in fact.value.addresses
        if one.place is not None and contains(zone.shape, one.place)
    )


def _area(outline: Outline) -> float:
    """The ground within, in square metres; holes are taken out."""
    plane = LocalPlane(float(outline.latitude[0]), float(outline.longitude[0]))
    east, north = plane.to_plane(outline.latitude, outline.longitude)
    total = 0.0
    for low, high in zip(outline.starts[:-1], outline.starts[1:], strict=True):
        ring = shapely.LinearRing(list(zip(east[low:high], north[low:high], strict=True)))
        signed = shapely.Polygon(ring).area
        total += signed if ring.is_ccw else -signed
    return total
