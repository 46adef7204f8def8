"""Zones as a map draws them: outlines in GeoJSON, hatched to stay out of, dashed to stay within."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tipstaff.domain.conditions import ZoneCondition
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period
from tipstaff.domain.zones import ZoneKind
from tipstaff.monitoring.outlines import Outline, outline_of
from tipstaff.services.zone_lists import ZoneLine
from tipstaff.web.conditions_in_words import hours_in_words, zone_words
from tipstaff.web.trail_shape import feature

_Ring = list[list[float]]


def outline_feature(outline: Outline, *, keep_in: bool, words: str) -> dict[str, Any]:
    """A zone's outline as a feature."""
    meaning = "inclusion" if keep_in else "exclusion"
    return feature("MultiPolygon", _parts(outline), kind="zone", meaning=meaning, words=words)


def zones_of(orders: Iterable[Order], during: Period) -> list[dict[str, Any]]:
    """The zones of the orders that were in force at any time within a period."""
    return [
        outline_feature(
            outline_of(one.zone.shape),
            keep_in=one.zone.kind is ZoneKind.INCLUSION,
            words=f"{order.reference}, {one.reference}: {zone_words(one.zone)}",
        )
        for order in orders
        if order.starts_at < during.end and (order.ends_at is None or order.ends_at > during.start)
        for one in order.conditions
        if isinstance(one, ZoneCondition)
    ]


def zones_in_force(lines: Iterable[ZoneLine]) -> list[dict[str, Any]]:
    """Zones in force of several people, each with whose it is and when it holds."""
    found = []
    for one in lines:
        hours = "; ".join(hours_in_words(one.zone.schedule))
        holds = f"Holds: {hours}" if hours else "Holds always"
        drawn = outline_feature(
            outline_of(one.zone.shape),
            keep_in=one.zone.kind is ZoneKind.INCLUSION,
            words=f"{one.wearer}, {one.order}, {one.condition}: {zone_words(one.zone)}. {holds}.",
        )
        drawn["properties"]["wearer"] = one.wearer
        found.append(drawn)
    return found


def _parts(outline: Outline) -> list[list[_Ring]]:
    """Polygons: each outer ring, which runs anticlockwise, with the holes that follow it."""
    parts: list[list[_Ring]] = []
    for ring in _rings(outline):
        if not parts or _twice_area(ring) > 0:
            parts.append([ring])
        else:
            parts[-1].append(ring)
    return parts


def _rings(outline: Outline) -> Iterator[_Ring]:
    for low, high in zip(outline.starts[:-1], outline.starts[1:], strict=True):
        longitudes = outline.longitude[low:high].tolist()
        latitudes = outline.latitude[low:high].tolist()
        ring = [[lon, lat] for lon, lat in zip(longitudes, latitudes, strict=True)]
        yield [*ring, ring[0]]


def _twice_area(ring: _Ring) -> float:
    following = [*ring[1:], ring[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True))
