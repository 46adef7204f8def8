"""One crime made ready for the page: everything in words and drawings, nothing left to work out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from tipstaff.documents import answer_words, searched_words
from tipstaff.documents.crime_map import DrawnTrail, crime_map, scene_radii_m, tracks
from tipstaff.documents.marks import MARKS, MOST, letter
from tipstaff.documents.run_view import CrimeView, FixView
from tipstaff.documents.step_clock import step_clock
from tipstaff.documents.streets import Streets
from tipstaff.documents.time_strip import time_strip
from tipstaff.documents.trail_paths import PlacedFix, place
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.matching import uk_times, wording
from tipstaff.matching.outcomes import Outcome

#: Rows of one table of fixes, and of one table of answers, that a page holds.
MOST_FIXES: Final = 120
MOST_ANSWERS: Final = 250


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A trail's letter, drawing and table."""

    wearer_id: str
    letter: str
    mark_words: str
    colour: str
    open_mark: bool
    square: bool
    strip: Markup
    rows: tuple[dict[str, str], ...]
    fixes: int


@dataclass(frozen=True, slots=True)
class CrimePage:
    """What the template needs of one crime."""

    anchor: str
    crime: CrimeView
    title: str
    reference: str
    when: str
    when_zone: str
    lasted: str
    where: str
    where_uncertain: str
    headline: str
    searched: str | None
    map: Markup | None
    tracks: list[dict[str, object]]
    clock: list[tuple[int, str, str]]
    trails: dict[str, TrailPage]
    drawn_all: bool
    cards: tuple[dict[str, Any], ...]
    legacy: dict[str, Any]
    tables: dict[str, tuple[dict[str, str], ...]]
    search_text: str


def crime_page(
    crime: CrimeView, streets: Streets, anchor: str, caps: tuple[float, ...] = ()
) -> CrimePage:
    """Words, map and tables of one crime; `caps` as `answer_words.card` takes them."""
    plane = _plane(crime)
    placed = {w: place(f, plane) for w, f in crime.trails.items()} if plane else {}
    order = _order(crime, placed)
    drawn = [DrawnTrail(i, MARKS[i], placed[w]) for i, w in enumerate(order[:MOST])]
    return CrimePage(
        anchor=anchor,
        crime=crime,
        title=crime.type_words[:1].upper() + crime.type_words[1:],
        reference=crime.key[1],
        when=uk_times.span(crime.start, crime.end),
        when_zone=_zone(crime),
        lasted=_lasted(crime),
        where=_where(crime),
        where_uncertain=_uncertain(crime),
        headline=answer_words.headline(crime),
        searched=searched_words.searched(crime),
        map=_map(crime, plane, drawn, streets),
        tracks=tracks(drawn, crime.start),
        clock=step_clock(crime.start, crime.end),
        trails={w: _trail(crime, w, placed[w], i) for i, w in enumerate(order)},
        drawn_all=len(order) <= MOST,
        cards=tuple(answer_words.card(row, caps) for row in crime.candidates),
        legacy=answer_words.legacy(crime),
        tables={
            outcome.value: tuple(
                answer_words.table_row(row) for row in crime.answers[outcome][:MOST_ANSWERS]
            )
            for outcome in (Outcome.EXCLUDED, Outcome.NOT_MONITORABLE, Outcome.CANNOT_EXCLUDE)
        },
        search_text=" ".join((*crime.key[:2], crime.batch, crime.type_words, crime.crime_type)),
    )


def anchors(crimes: Sequence[CrimeView]) -> list[str]:
    """A readable, unique fragment for each crime; no character of a reference can leave it."""
    seen: dict[str, int] = {}
    found = []
    for crime in crimes:
        force, reference, version = crime.key
        slug = re.sub(r"[^a-z0-9]+", "-", f"{force} {reference}".lower()).strip("-") or "unnamed"
        slug = f"crime-{slug}-v{version}"
        seen[slug] = seen.get(slug, 0) + 1
        found.append(slug if seen[slug] == 1 else f"{slug}-{seen[slug]}")
    return found


def _plane(crime: CrimeView) -> LocalPlane | None:
    if crime.latitude is None or crime.longitude is None:
        return None
    return LocalPlane(crime.latitude, crime.longitude)


def _order(crime: CrimeView, placed: dict[str, tuple[PlacedFix, ...]]) -> list[str]:
    """Trails by rank of their wearer, then those the fixed-circle rule alone named."""
    ranked = [row["wearer_id"] for row in crime.candidates]
    first = [w for w in ranked if w in placed]
    return first + sorted(set(placed) - set(first))


def _zone(crime: CrimeView) -> str:
    if uk_times.needs_zone(crime.start, crime.end):
        return "UK time"  # the zone stands beside each time
    return f"UK time, {uk_times.zone(crime.start)}"


def _lasted(crime: CrimeView) -> str:
    seconds = (crime.end - crime.start).total_seconds()
    return wording.duration(seconds) if seconds else "one moment"


def _where(crime: CrimeView) -> str:
    if crime.latitude is None or crime.longitude is None:
        return "not known"
    return f"{_degrees(crime.latitude, 'N', 'S')}, {_degrees(crime.longitude, 'E', 'W')}"


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.5f}°\N{NO-BREAK SPACE}{positive if value >= 0 else negative}"


def _uncertain(crime: CrimeView) -> str:
    if not crime.located:
        return "The coordinates given lie outside the national grid's cover."
    inner, outer = scene_radii_m(crime.rounding_m)
    return (
        f"Taken as within {wording.distance(inner)} of this point in 95 of 100 cases and within "
        f"{wording.distance(outer)} in 999 of 1,000."
    )


def _map(
    crime: CrimeView, plane: LocalPlane | None, drawn: list[DrawnTrail], streets: Streets
) -> Markup | None:
    if plane is None:
        return None
    names = wording.listed([letter(d.number) for d in drawn])
    trails = f"with trail{'s' if len(drawn) > 1 else ''} {names}" if drawn else "without trails"
    label = f"Map of the scene and its uncertainty, {trails}. The same is in the tables below."
    return crime_map(plane, crime.rounding_m, drawn, streets, label)


def _trail(crime: CrimeView, wearer: str, trail: tuple[PlacedFix, ...], i: int) -> TrailPage:
    mark = MARKS[i % MOST]
    name = letter(i) if i < MOST else ""
    label = (
        f"Distance from the scene against time, trail {name or i + 1}: {answer_words.span(trail)}"
    )
    return TrailPage(
        wearer_id=wearer,
        letter=name,
        mark_words=mark.words,
        colour=mark.colour,
        open_mark=mark.hollow,
        square=mark.cap == "square",
        strip=time_strip(trail, crime.start, crime.end, mark, label),
        rows=_fix_rows(_thinned(trail), crime),
        fixes=len(trail),
    )


def _thinned(trail: tuple[PlacedFix, ...]) -> list[PlacedFix]:
    """The fixes that fit a table, in time order: those that decide, then the nearest."""
    if len(trail) <= MOST_FIXES:
        return list(trail)
    chosen = sorted(
        range(len(trail)), key=lambda i: (not trail[i].fix.decides, trail[i].away_m, i)
    )[:MOST_FIXES]
    return [trail[i] for i in sorted(chosen)]


_MECHANISMS: Final = {
    "GPS": "satellite", "RF": "home unit", "LBS": "phone network", "WIFI": "Wi-Fi",
}  # fmt: skip


def _fix_rows(trail: Sequence[PlacedFix], crime: CrimeView) -> tuple[dict[str, str], ...]:
    zoned = uk_times.needs_zone(*(p.at for p in trail))
    return tuple(_fix_row(p, crime, zoned=zoned) for p in trail)


def _fix_row(p: PlacedFix, crime: CrimeView, *, zoned: bool) -> dict[str, str]:
    fix: FixView = p.fix
    inside = crime.start <= p.at <= crime.end
    return {
        "time": f"{uk_times.local(p.at):%d/%m %H:%M:%S}{f' {uk_times.zone(p.at)}' * zoned}",
        "window": "yes" if inside else "no",
        "latitude": f"{fix.latitude:.5f}",
        "longitude": f"{fix.longitude:.5f}",
        "radius": "not stated" if fix.radius_m is None else f"{fix.radius_m:.0f} m",
        "mechanism": _MECHANISMS.get(fix.mechanism, fix.mechanism or "not stated"),
        "away": f"{p.away_m:,.0f} m",
        "decides": "yes" if fix.decides else "",
    }
