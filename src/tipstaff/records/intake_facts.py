"""What the intake gate asks of the records: who wore each device, and what their orders say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.consents import Consent
from tipstaff.domain.intake_words import (
    DeviceFacts,
    WearerFacts,
    WithVictim,
    Worn,
    is_voluntary,
)
from tipstaff.records import case_sets, holdings, holds
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Activation


def facts_of(supplier: str, device_ids: Iterable[str], *, now: datetime) -> dict[str, DeviceFacts]:
    """The facts of each device that somebody had at some time, by the supplier's number.

    A home unit counts as worn by whose home it is in. As is believed now. A few statements,
    however many devices there are.
    """
    listed = sorted(set(device_ids))
    worn, victims = _worn(supplier, listed), _with_victims(supplier, listed)
    for device, periods in _in_homes(supplier, listed).items():
        worn.setdefault(device, []).extend(periods)
    protects = {had.wearer for periods in victims.values() for had in periods}
    people = protects | {period.wearer for periods in worn.values() for period in periods}
    facts = _wearers(people, now, with_consents=protects)
    return {
        device: _facts(tuple(worn.get(device, ())), tuple(victims.get(device, ())), facts)
        for device in worn.keys() | victims.keys()
    }


def _facts(
    worn: tuple[Worn, ...], victims: tuple[WithVictim, ...], facts: Mapping[str, WearerFacts]
) -> DeviceFacts:
    concerned = {period.wearer for period in worn} | {had.wearer for had in victims}
    return DeviceFacts(worn, victims, {wearer: facts[wearer] for wearer in concerned})


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


def _in_homes(supplier: str, device_ids: list[str]) -> dict[str, list[Worn]]:
    found: dict[str, list[Worn]] = {}
    for held in holdings.of_devices(supplier, device_ids):
        if held.address:
            found.setdefault(held.device_id, []).append(Worn(held.start, held.end, held.wearer))
    return found


def _with_victims(supplier: str, device_ids: list[str]) -> dict[str, list[WithVictim]]:
    found: dict[str, list[WithVictim]] = {}
    for held in holdings.of_devices(supplier, device_ids):
        if held.victim:
            had = WithVictim(held.start, held.end, held.victim, held.wearer, held.order)
            found.setdefault(held.device_id, []).append(had)
    return found


def _wearers(people: set[str], now: datetime, *, with_consents: set[str]) -> dict[str, WearerFacts]:
    timelines = case_sets.timelines(people)
    voluntary = {w for w, orders in timelines.items() if any(map(is_voluntary, orders.values()))}
    consents = case_sets.standing(voluntary | with_consents, {Kind.CONSENT}, valid_at=now)
    held = holds.held_fast(people, now)
    return {
        wearer: WearerFacts(
            orders=timelines.get(wearer, {}),
            consents=tuple(c for c in consents.get(wearer, ()) if isinstance(c, Consent)),
            held=wearer in held,
        )
        for wearer in people
    }
