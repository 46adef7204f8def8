"""Devices and keys as they are printed: JSON for one, a line for each of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tipstaff.formats.case_json import instant_text
from tipstaff.formats.device_json import DESCRIPTION

if TYPE_CHECKING:  # importing a use case reads the settings
    from datetime import datetime

    from tipstaff.domain.supplier_keys import SupplierKey
    from tipstaff.records.device_facts import FactView
    from tipstaff.records.device_lists import DeviceLine
    from tipstaff.services.device_view import DeviceView, WhoHas


def line_words(line: DeviceLine) -> str:
    """A device in a line."""
    what = "not described"
    if line.description is not None:
        told = line.description
        what = f"{told.kind}  {told.model}  firmware {told.firmware or 'not known'}"
        what += f"  trial {told.trial}" if told.trial else ""
    return f"{line.device_id}  {line.supplier}  {line.state or 'not known'}  {what}"


def device_words(view: DeviceView) -> dict[str, Any]:
    """A device as plain values."""
    return {
        "supplier": view.device.supplier,
        "device_id": view.device.device_id,
        "valid_at": instant_text(view.valid_at),
        "known_at": instant_text(view.known_at),
        "description": None if view.shown is None else DESCRIPTION.write(view.shown.description),
        "facts": [_fact(fact) for fact in view.facts],
    }


def who_words(found: WhoHas) -> str:
    """Who had a device, in a line."""
    if found.worn is not None:
        return f"wearer {found.worn.wearer}  {_period(found.worn.start, found.worn.end)}"
    if found.held is not None:
        held = found.held
        whose = f"victim {held.victim}" if held.victim else f"home of wearer {held.wearer}"
        return f"{whose}  {_period(held.start, held.end)}"
    return "nobody is known to have had it then"


def key_words(key: SupplierKey, now: datetime) -> str:
    """A key in a line: never its secret, of which nothing is kept."""
    over = "revoked" if key.revoked_at else "expired" if key.expires_at <= now else "works"
    used = "never" if key.last_used_on is None else key.last_used_on.isoformat()
    networks = ", ".join(str(network) for network in key.networks) or "anywhere"
    return (
        f"{key.key_id}  {key.supplier}  {key.label}  {over}  {', '.join(sorted(key.scopes))}  "
        f"from {networks}  until {key.expires_at:%Y-%m-%d}  last used {used}"
    )


def _fact(fact: FactView) -> dict[str, Any]:
    stated = fact.stated
    return {
        "number": stated.number,
        "valid_from": instant_text(stated.valid_from),
        "valid_to": None if stated.valid_to is None else instant_text(stated.valid_to),
        "recorded_at": instant_text(stated.recorded_at),
        "recorded_by": str(fact.recorded_by),
        "reason": fact.reason,
        "description": DESCRIPTION.write(fact.description),
    }


def _period(start: datetime, end: datetime) -> str:
    until = "now" if end.year >= 2999 else instant_text(end)
    return f"{instant_text(start)} – {until}"
