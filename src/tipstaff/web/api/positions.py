"""Positions: a person's trail, who was near a place, where everybody within reach was last."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any, Final

import pyarrow as pa
from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.fixes import MECHANISM_NAMES, Mechanism
from tipstaff.domain.name_kinds import NameKind
from tipstaff.domain.periods import Period
from tipstaff.formats.positions_writing import Known
from tipstaff.formats.zone_json import ZONE
from tipstaff.records.last_heard import PlaceLine
from tipstaff.services.fleet_health import last_positions
from tipstaff.services.trails import FixesFound, near, trail
from tipstaff.services.zone_lists import MOST_PEOPLE, list_zones
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import ApiError, Fault, not_found
from tipstaff.web.api.shapes import Asked, At, Instant, Page, Reference, Seconds, Told, page_of
from tipstaff.web.trails import FORMATS

PART: Final = Part(Group.POSITIONS)
LONGEST_TRAIL: Final = timedelta(days=30)
LONGEST_SEARCH: Final = timedelta(hours=48)
WIDEST_M: Final = 10_000
MOST_PLACES: Final = 2000


TrailForm = StrEnum("TrailForm", {name: name for name in sorted(FORMATS)})  # type: ignore[misc]


class FixTold(Told):
    """A fix. `radius_m`: null where nobody said how exactly; `speaks`: false of one of several
    that a device reported for one instant, which does not stand for it.
    """

    device: str
    wearer: str | None
    at: At
    latitude: float
    longitude: float
    radius_m: float | None
    mechanism: str
    speaks: bool
    conflict: bool


class TrailTold(Told):
    """Fixes in time order. `locked`: some were left out, the order that allowed them has ended."""

    fixes: list[FixTold]
    locked: bool


class NearFix(FixTold):
    """A fix near a place."""

    distance_m: float


class NearTold(Told):
    """Fixes near a place, in time order; a fix whose wearer is null belongs to nobody."""

    fixes: list[NearFix]
    locked: bool


class PlaceTold(Told):
    """Where somebody was last. Beyond `expected_s` it is where they were, not where they are."""

    wearer: str
    supplier: str
    heard_at: At
    at: At | None
    latitude: float | None
    longitude: float | None
    radius_m: float | None
    expected_s: Seconds


class ZoneInForce(Told):
    """A zone of an order in force now: whose, and by which of its conditions."""

    wearer: str
    order: str
    condition: str
    zone: Annotated[dict[str, Any], Field(description="As docs/reference/case.schema.json has it")]


class ZonesAsked(Asked):
    """Whose zones."""

    wearer: Annotated[list[Reference], Field(min_length=1, max_length=MOST_PEOPLE)]


class PeriodAsked(Asked):
    """A time, from and up to, not including."""

    start: Instant = Field(alias="from")
    end: Instant = Field(alias="to")


class NearAsked(PeriodAsked):
    """A circle and a time."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    radius_m: Annotated[float, Field(ge=1, le=WIDEST_M)]


class PlacesAsked(Asked):
    """`mine`: of one's own cases alone."""

    mine: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST_PLACES)] = MOST_PLACES


@PART.reads("/people/{ref:wearer}/trail", "trail", TrailTold)
def trail_of(
    request: HttpRequest, wearer: Reference, asked: Annotated[PeriodAsked, Query()]
) -> Any:
    """The fixes of a person in at most 30 days, whole and without pages."""
    found = _found(request, wearer, asked)
    return {"fixes": _fixes(found), "locked": found.locked}


@PART.files(
    "/people/{ref:wearer}/trail/as/{form}", "trail",
    sorted(kind for kind, _write in FORMATS.values()),
    name="export_trail", summary="Take a trail away as a file for other programs",
)  # fmt: skip
def trail_as(
    request: HttpRequest, wearer: Reference, form: TrailForm, asked: Annotated[PeriodAsked, Query()]
) -> HttpResponse:
    """The same fixes as a file: CSV, GeoJSON, GPX or KML."""
    found = _found(request, wearer, asked)
    kind, write = FORMATS[form]
    content = b"".join(write(found.table, Known(found.names, found.worn)))
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="trail.{form}"'
    return answer


@PART.reads("/near", "near", NearTold)
def near_place(request: HttpRequest, asked: Annotated[NearAsked, Query()]) -> Any:
    """The fixes within a circle in at most 48 hours, of everybody whom you may see."""
    found = near(
        **who(request),
        latitude=asked.latitude,
        longitude=asked.longitude,
        radius_m=asked.radius_m,
        period=_period(asked, LONGEST_SEARCH),
    )
    return {"fixes": _fixes(found), "locked": found.locked}


@PART.reads("/positions", "last_positions", Page[PlaceTold])
def places(request: HttpRequest, asked: Annotated[PlacesAsked, Query()]) -> Any:
    """Where everybody within your reach was last; all at once, as for a map."""
    found = last_positions(**who(request), mine=asked.mine, limit=asked.limit)
    return page_of(_place(one) for one in found)


@PART.reads("/zones", "list_zones", Page[ZoneInForce])
def zones(request: HttpRequest, asked: Annotated[ZonesAsked, Query()]) -> Any:
    """The zones in force now of at most 50 people; of whom you may not see there are none."""
    found = list_zones(**who(request), people=asked.wearer)
    return page_of(
        {"wearer": one.wearer, "order": one.order, "condition": one.condition,
         "zone": ZONE.write(one.zone)}
        for one in found
    )  # fmt: skip


def _found(request: HttpRequest, wearer: str, asked: PeriodAsked) -> FixesFound:
    period = _period(asked, LONGEST_TRAIL)
    found = trail(**who(request), name=wearer, period=period, kind=NameKind.WEARER)
    if not isinstance(found, FixesFound):
        raise not_found()
    return found


def _period(asked: PeriodAsked, longest: timedelta) -> Period:
    if asked.start < asked.end <= asked.start + longest:
        return Period(asked.start, asked.end)
    hours = longest / timedelta(hours=1)
    detail = f"'to' must be later than 'from', by at most {hours:.0f} hours."
    fault = Fault(pointer="/query/to", code="PERIOD", detail=detail)
    raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "PERIOD", detail, [fault])


def _fixes(found: FixesFound) -> list[dict[str, Any]]:
    """The rows with names for keys; whose each is, by who wore the device then."""
    table: pa.Table = found.table
    return [_fix(row, found) for row in table.to_pylist()]


def _fix(row: dict[str, Any], found: FixesFound) -> dict[str, Any]:
    key, at = row["device_key"], row["fix_time"]
    owners = (w.wearer for w in found.worn if w.device_key == key and w.start <= at < w.end)
    told = {
        "device": found.names.get(key, ""),
        "wearer": next(owners, None),
        "at": at,
        "latitude": row["lat_e7"] / 1e7,
        "longitude": row["lon_e7"] / 1e7,
        "radius_m": None if row["precision_cm"] is None else row["precision_cm"] / 100,
        "mechanism": MECHANISM_NAMES[Mechanism(row["mechanism"])],
        "speaks": row["speaks"],
        "conflict": row["conflict"],
    }
    return told | ({"distance_m": row["distance_m"]} if "distance_m" in row else {})


def _place(one: PlaceLine) -> dict[str, Any]:
    fix = one.fix
    told: dict[str, Any] = {
        "wearer": one.wearer, "supplier": one.supplier, "heard_at": one.heard_at,
        "expected_s": one.expected, "at": None, "latitude": None, "longitude": None,
        "radius_m": None,
    }  # fmt: skip
    if fix is None:
        return told
    radius = None if fix.precision_cm is None else fix.precision_cm / 100
    return told | {
        "at": fix.at, "latitude": fix.lat_e7 / 1e7, "longitude": fix.lon_e7 / 1e7,
        "radius_m": radius,
    }  # fmt: skip
