"""Lists of devices as they stand at a time: one statement a page, by an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Exists, F, FilteredRelation, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from tipstaff.domain.devices import Description, DeviceState
from tipstaff.records.device_facts import DESCRIBED, description_of
from tipstaff.records.models import Activation, Device, DeviceFact, Holding

MOST_LINES: Final = 1000


@dataclass(frozen=True, slots=True)
class DevicesWanted:
    """Which devices: of a supplier, a state, a model, a trial; all that are None ask nothing.

    `after`: the device id and the row of the last line of the page before.
    """

    supplier: str | None = None
    state: DeviceState | None = None
    model: str | None = None
    trial: str | None = None
    after: tuple[str, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device in a list. `description` is None where nobody has told what it is.

    `state` is where it is: worn where an activation covers the time, issued where a holding does,
    else as was told; None where that is not known.
    """

    row: UUID
    supplier: str
    device_id: str
    description: Description | None
    state: DeviceState | None


def listed(wanted: DevicesWanted, *, now: datetime) -> tuple[DeviceLine, ...]:
    """A page of devices by device id, as they stand at `now`."""
    asked = {
        "supplier__name": wanted.supplier,
        "shown__model": wanted.model,
        "shown__trial": wanted.trial,
    }
    rows = _shown_at(now, {name: value for name, value in asked.items() if value is not None})
    if wanted.state is not None:
        rows = rows.filter(stands=wanted.state.value)
    if wanted.after is not None:
        name, row = wanted.after
        beyond = Q(device_id__gt=name) | Q(device_id=name, id__gt=row)
        rows = rows.filter(beyond, device_id__gte=name)
    rows = rows.order_by("device_id", "id")[: min(wanted.limit, MOST_LINES)]
    return tuple(_line(row) for row in rows)


def _covering(now: datetime, prefix: str = "") -> Q:
    """That what is meant holds at `now`."""
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": now})
    return ends & Q(**{f"{prefix}valid_from__lte": now})


def _shown_at(now: datetime, asked: dict[str, str]) -> Any:
    """Devices with the fact that shows: of those that cover `now`, the last recorded.

    What is `asked` of that fact stands in the same call of `filter`: in another one it would be
    asked of any fact that covers `now`.
    """
    later = DeviceFact.objects.filter(
        _covering(now), device=OuterRef("id"), number__gt=OuterRef("shown__number")
    )
    in_force = {"superseded_at__isnull": True, "start__lte": now, "end__gt": now}
    there = {"device": OuterRef("device_key"), **in_force}
    worn = Activation.objects.filter(**there).annotate(word=Value(DeviceState.WORN.value))
    held = Holding.objects.filter(**there).annotate(word=Value(DeviceState.ISSUED.value))
    # Not `Exists`: PostgreSQL would read every activation there is to answer it for one page.
    stands = Coalesce(
        Subquery(worn.values("word")[:1]),
        Subquery(held.values("word")[:1]),
        F("shown__state"),
        Value(""),
        output_field=CharField(),
    )
    columns = {f"now_{name}": F(f"shown__{name}") for name in DESCRIBED}
    return (
        Device.objects.annotate(
            shown=FilteredRelation("facts", condition=_covering(now, "facts__")),
        )
        .filter(~Exists(later), **asked)
        .annotate(stands=stands, **columns)
        .select_related("supplier")
    )


def _line(row: Any) -> DeviceLine:
    described = None
    if row.now_kind is not None:
        described = description_of({name: getattr(row, f"now_{name}") for name in DESCRIBED})
    state = DeviceState(row.stands) if row.stands else None
    return DeviceLine(row.id, row.supplier.name, row.device_id, described, state)
