"""Which code of which feed is which kind, as a table; and what a home unit's events say."""

from __future__ import annotations

import pytest

from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.home_unit import HomeUnitEvent, HomeUnitKind, unit_event
from tipstaff.records.shipped_monitoring import codes_for, shipped_codes


@pytest.mark.parametrize(
    ("supplier", "feed", "code", "kind"),
    [
        ("acme", "json", "strap_cut", EventKind.STRAP_CUT),
        ("acme", "json", "Strap Cut", EventKind.STRAP_CUT),
        ("acme", "lines", "AL05", EventKind.HOME_MOVED),
        ("acme", "json", "alarm:removing", EventKind.UNKNOWN_CODE),
        ("acme", "traccar/positions", "alarm:lowBattery", EventKind.BATTERY_LOW),
        ("acme", "traccar/events", "alarm:removing", EventKind.STRAP_CUT),
        ("acme", "traccar/events", "alarm:tampering", EventKind.CASE_OPENED),
        ("acme", "traccar/events", "alarm:jamming", EventKind.JAMMED),
        ("acme", "traccar/events", "geofenceExit", EventKind.HEARTBEAT),
        ("acme", "traccar/events", "deviceOffline", EventKind.UNKNOWN_CODE),
        ("acme", "traccar/events", "alarm:general", EventKind.UNKNOWN_CODE),
        ("acme", "traccar/events", "strap_cut", EventKind.STRAP_CUT),
        ("acme", "traccar/events", "AL05", EventKind.UNKNOWN_CODE),
        ("national", "traccar/events", "AL05", EventKind.HOME_MOVED),
        ("acme", "owntracks", "transition:leave", EventKind.HEARTBEAT),
        ("acme", "owntracks", "lwt", EventKind.UNKNOWN_CODE),
        ("acme", "owntracks", "home_hears", EventKind.HOME_HEARS),
        ("acme", "", "case_opened", EventKind.CASE_OPENED),
    ],
)
def test_codes_by_supplier_and_feed(supplier: str, feed: str, code: str, kind: EventKind) -> None:
    event = codes_for(supplier, feed).event(code, 1, 2)
    assert (event.kind, event.content) == (kind, code.lower())


@pytest.mark.parametrize("feed", ["json", "traccar/events", "owntracks"])
def test_our_own_names_mean_the_same_by_every_feed(feed: str) -> None:
    own = shipped_codes("tipstaff-1").kinds
    assert own.items() <= codes_for("acme", feed).kinds.items()


def test_the_lists_are_named() -> None:
    assert codes_for("acme", "owntracks").codes_id == "tipstaff-1+owntracks-1"
    assert codes_for("national", "json").codes_id == "tipstaff-1+national-1"


def test_a_home_units_events_are_told_with_its_address_and_no_others() -> None:
    told = {
        kind: unit_event(DeviceEvent(5, kind, 9), "home")
        for kind in EventKind
        if kind.value.startswith("home_")
    }
    assert told.pop(EventKind.HOME_FAULT) is None
    assert told == {
        EventKind[f"HOME_{kind.name}"]: HomeUnitEvent(5, kind, "home", 9) for kind in HomeUnitKind
    }
    assert unit_event(DeviceEvent(5, EventKind.STRAP_CUT), "home") is None
