"""What the intake gate asks of the records: who wore each device, and what their orders say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.consents import Consent
from tipstaff.domain.intake_words import DeviceFacts, WearerFacts, Worn
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.records import case_sets
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Activation


def facts_of(supplier: str, device_ids: Iterable[str], *, now: datetime) -> dict[str, DeviceFacts]:
    """The facts of each device that somebody wore at some time, by the supplier's number.

    As is believed now. A few statements, however many devices there are.
    """
    worn = _worn(supplier, device_ids)
    people = {period.wearer for periods in worn.values() for period in periods}
    facts = _wearers(people, now)
    return {
        device: DeviceFacts(
            worn=tuple(periods), wearers={p.wearer: facts[p.wearer] for p in periods}
        )
        for device, periods in worn.items()
    }


def _worn(supplier: str, device_ids: Iterable[str]) -> dict[str, list[Worn]]:
    found: dict[str, list[Worn]] = {}
    for chunk in chunked(sorted(set(device_ids))):
        rows = Activation.objects.filter(
            superseded_at__isnull=True,
            device__supplier__name=supplier,
            device__device_id__in=chunk,
        )
        columns = rows.order_by("device__device_id", "start").values_list(
            "device__device_id", "start", "end", "wearer__reference"
        )
        for device, start, end, wearer in columns:
            found.setdefault(device, []).append(Worn(start, end, wearer))
    return found


def _wearers(people: set[str], now: datetime) -> dict[str, WearerFacts]:
    timelines = case_sets.timelines(people)
    voluntary = {w for w, orders in timelines.items() if any(map(_voluntary, orders.values()))}
    consents = case_sets.standing(voluntary, {Kind.CONSENT}, valid_at=now)
    return {
        wearer: WearerFacts(
            orders=timelines.get(wearer, {}),
            consents=tuple(c for c in consents.get(wearer, ()) if isinstance(c, Consent)),
        )
        for wearer in people
    }


def _voluntary(timeline: tuple[StatusStretch, ...]) -> bool:
    return any(stretch.basis is LegalBasis.VOLUNTARY for stretch in timeline)
