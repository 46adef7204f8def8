"""How feeds, devices and the installation fare; suppliers' devices and messages."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from tipstaff.domain.api_tokens import Group
from tipstaff.domain.devices import DeviceKind, DeviceState
from tipstaff.domain.examined import Verdict
from tipstaff.services.device_view import DevicesWanted, list_devices
from tipstaff.services.doctor import examine
from tipstaff.services.fleet_health import FleetHealth, fleet_health
from tipstaff.services.unread_messages import count_unread, list_unread, show_unread
from tipstaff.web.api.asking import who
from tipstaff.web.api.parts import Part
from tipstaff.web.api.problems import not_found
from tipstaff.web.api.shapes import Asked, At, Line, Number, Page, Seconds, Told, page_of

PART: Final = Part(Group.FLEET)
_SHOWN_BYTES: Final = 200


class OutTold(Told):
    """A feed that is out."""

    feed: str
    since: At


class FleetTold(Told):
    """Of one supplier's devices that are worn: how many are on time, late, silent."""

    supplier: str
    worn: int
    on_time: int
    late: int
    silent: int
    unheard: int
    placeless: int
    newest: At | None


class StillTold(Told):
    """A device that is not on time."""

    supplier: str
    device_id: str
    heard_at: At | None
    fix_at: At | None
    expected: Seconds


class ChoreTold(Told):
    """A chore of the worker; `failed`: why it failed last, empty where it did not."""

    name: str
    began_at: At | None
    failed: str
    due_at: At


class FeedTold(Told):
    """A feed: when something came last, and how much."""

    feed: str
    seen_at: At
    messages: int
    counted_from: At


class HealthTold(Told):
    """How all fares at `at`. `worker_is_still`: then all here is old."""

    at: At
    is_well: bool
    worker_at: At | None
    worker_is_still: bool
    outages: list[OutTold]
    fleets: list[FleetTold]
    still: list[StillTold]
    chores: list[ChoreTold]
    feeds: list[FeedTold]


class CheckTold(Told):
    """A check of the installation, and how to mend what it found."""

    name: str
    verdict: Verdict
    words: str
    mend: str


class DeviceTold(Told):
    """A device; null where nobody said."""

    supplier: str
    device_id: str
    kind: DeviceKind | None
    model: str | None
    state: DeviceState | None


class UnreadMessageTold(Told):
    """A message that could not be read: of whom, when, and why."""

    number: int
    feed: str
    supplier: str
    received_at: At
    reason: str
    field: str


class UnreadTold(UnreadMessageTold):
    """A message that could not be read, with its first bytes as text."""

    begins: str


class UnreadKindTold(Told):
    """How many could not be read of one feed of a supplier for one reason, from when to when."""

    supplier: str
    feed: str
    reason: str
    messages: int
    first_at: At
    last_at: At


class UnreadCountsTold(Told):
    """By kind; `held`: could be read, of devices that nobody is known to have."""

    kinds: list[UnreadKindTold]
    held: int


class UnreadBytesTold(UnreadMessageTold):
    """A message that could not be read, its bytes in base64. `row` 0: all of what was sent."""

    row: int
    base64: str


class HealthAsked(Asked):
    """Of one supplier alone, or of all."""

    supplier: Line | None = None


class DevicesAsked(Asked):
    """Which devices."""

    supplier: Line | None = None
    state: DeviceState | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 200


class UnreadAsked(Asked):
    """`after`: the number of the last message that you have."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


@PART.reads("/fleet", "fleet_health", HealthTold)
def health(request: HttpRequest, asked: Annotated[HealthAsked, Query()]) -> FleetHealth:
    """Feeds that are out, devices that are not on time, chores; about no wearer."""
    return fleet_health(**who(request), supplier=asked.supplier)


@PART.reads("/installation", "examine", Page[CheckTold])
def installation(request: HttpRequest) -> Any:
    """Every check of the installation, the worst first."""
    return page_of(examine(**who(request)))


@PART.reads("/devices", "list_devices", Page[DeviceTold])
def devices(request: HttpRequest, asked: Annotated[DevicesAsked, Query()]) -> Any:
    """Devices of suppliers."""
    wanted = DevicesWanted(supplier=asked.supplier, state=asked.state, limit=asked.limit)
    found = list_devices(**who(request), wanted=wanted)
    return page_of(
        {
            "supplier": one.supplier,
            "device_id": one.device_id,
            "kind": None if one.description is None else one.description.kind,
            "model": None if one.description is None else one.description.model,
            "state": one.state,
        }
        for one in found
    )


@PART.reads("/unread-messages/kinds", "count_unread", UnreadCountsTold)
def unread_kinds(request: HttpRequest) -> Any:
    """By supplier, feed and reason, the most first; nothing of what they say."""
    found = count_unread(**who(request))
    kinds = [
        {
            "supplier": one.supplier,
            "feed": one.feed,
            "reason": one.reason,
            "messages": one.messages,
            "first_at": _moment(one.first_us),
            "last_at": _moment(one.last_us),
        }
        for one in found.kinds
    ]
    return {"kinds": kinds, "held": found.held}


@PART.reads("/unread-messages", "list_unread", Page[UnreadTold])
def unread(request: HttpRequest, asked: Annotated[UnreadAsked, Query()]) -> Any:
    """Messages that could not be read."""
    found = list_unread(**who(request), after=asked.after)
    return page_of(
        {
            "number": one.number,
            "feed": one.feed,
            "supplier": one.supplier,
            "received_at": _moment(one.received_us),
            "reason": one.reason,
            "field": one.field,
            "begins": one.raw[:_SHOWN_BYTES].decode(errors="replace"),
        }
        for one in found
    )


@PART.reads("/unread-messages/{number}", "show_unread", UnreadBytesTold)
def unread_bytes(request: HttpRequest, number: Number) -> Any:
    """One of them with all its bytes."""
    found = show_unread(**who(request), number=number)
    if found is None:
        raise not_found()
    return {
        "number": found.number,
        "feed": found.feed,
        "supplier": found.supplier,
        "received_at": _moment(found.received_us),
        "reason": found.reason,
        "field": found.field,
        "row": found.row,
        "base64": b64encode(found.raw).decode(),
    }


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, UTC)
