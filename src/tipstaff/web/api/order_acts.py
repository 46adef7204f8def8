"""Orders recorded, and zones looked at before they are recorded: a case document's own JSON."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest
from pydantic import Field

from tipstaff.domain.findings import Level
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import from_micros
from tipstaff.domain.zones import Zone
from tipstaff.formats.json_codecs import Codec
from tipstaff.formats.order_json import ORDER
from tipstaff.formats.zone_json import ZONE
from tipstaff.services.case_recording import RecordedCase
from tipstaff.services.cases import record_order
from tipstaff.services.zone_preview import preview_zone
from tipstaff.web.api.asking import who
from tipstaff.web.api.people import PART
from tipstaff.web.api.problems import refused_by
from tipstaff.web.api.shapes import Asked, At, Instant, Line, Reference, Told
from tipstaff.web.written import read_written

_AS_WRITTEN: Final = "As docs/reference/case.schema.json has it"
#: A value of a case document, in its own JSON.
Written = Annotated[dict[str, Any], Field(description=_AS_WRITTEN)]


class ZoneAsked(Asked):
    """The zone to look at."""

    zone: Written


class OrderRecorded(Asked):
    """An order as a whole: a new one, or a variation of one that is there, with its reason.

    `valid_from` and `valid_to`: from when till when it is so; without them from its start if it is
    new, from now on if it is varied.
    """

    order: Written
    reason: Line = ""
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class ZoneVisitTold(Told):
    """A visit, or in an inclusion zone a time outside, and how far it is believed."""

    start: At
    end: At
    level: Level


class ZoneImpactTold(Told):
    """What a zone would have told in a period, had it held always, of so many positions."""

    area_m2: float
    addresses: list[str]
    begin: At | None
    end: At | None
    fixes: int
    visits: list[ZoneVisitTold]


class ConsequenceTold(Told):
    """What is wrong with the wearer's orders since then; nothing was refused for it."""

    where: str
    code: str
    action: str


class VersionRecorded(Told):
    """The version that shows it. `new`: it was recorded now; the records did not say so before."""

    version: int | None
    new: bool
    consequences: list[ConsequenceTold]


@PART.acts("/people/{ref:wearer}/zone-preview", "preview_zone", ZoneImpactTold)
def preview(request: HttpRequest, wearer: Reference, body: ZoneAsked) -> Any:
    """Ground, addresses within, and what it would have told in 28 days; nothing is recorded."""
    zone: Zone = read_sent(ZONE, body.zone, "zone")
    found = preview_zone(**who(request), wearer=wearer, zone=zone)
    if found.problems:
        raise refused_by(found.problems, within="body/zone")
    period = found.period
    return {
        "area_m2": found.area_m2,
        "addresses": found.addresses,
        "begin": None if period is None else period.start,
        "end": None if period is None else period.end,
        "fixes": found.fixes,
        "visits": [
            {"start": from_micros(v.start_us), "end": from_micros(v.end_us), "level": v.level}
            for v in found.visits
        ],
    }


@PART.acts("/orders", "record_order", VersionRecorded)
def record(request: HttpRequest, body: OrderRecorded) -> Any:
    """Record an order, or a variation of one; what it asks is watched from then on."""
    order: Order = read_sent(ORDER, body.order, "order")
    done = record_order(
        **who(request),
        order=order,
        reason=body.reason,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )
    return recorded(done, "order")


def recorded(done: RecordedCase, within: str) -> RecordedCase:
    """What was recorded of a value that was sent, or a refusal that names its faults."""
    if done.problems:
        raise refused_by(done.problems, within=f"body/{within}")
    return done


def read_sent(codec: Codec, value: dict[str, Any], within: str) -> Any:
    """The value that was sent, or a refusal that names every fault of it."""
    found, problems = read_written(codec, value)
    if problems:
        raise refused_by(problems, within=f"body/{within}")
    return found
