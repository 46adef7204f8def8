"""Activations and positions of a wearer on an instance, made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from made_cases import utc

from tipstaff.domain.activations import STILL_ACTIVE, Activation
from tipstaff.domain.purposes import Purpose
from tipstaff.positions.mappings import mapping_digest, shipped_mapping

WHO: dict[str, Any] = {"actor": "tester", "purpose": Purpose.DEMONSTRATION, "authority": ""}
HEADER = "device_id,fix_time,latitude,longitude,precision_m,mechanism,speed_kmh,hdop\n"


def wears(
    wearer: str = "W1",
    device: str = "D1",
    *,
    start: str = "2026-01-20",
    end: str | None = None,
    name: str = "",
) -> Any:
    """Put a device on a wearer."""
    from tipstaff.services.activations import import_activations

    until = STILL_ACTIVE if end is None else utc(end)
    one = Activation(name or f"{wearer}-{device}", device, wearer, utc(start), until)
    return import_activations(**WHO, supplier="tipstaff", incoming=[one])


def reports(folder: Path, device: str = "D1", *, days: int = 8) -> int:
    """Positions of a device, one a day from 20 January, two of them for one instant."""
    from tipstaff.services.positions import import_positions

    mapping = shipped_mapping("tipstaff")
    rows = [
        f"{device},2026-01-{20 + n}T10:00:00Z,53.{n},-1.5{n},{5 + n},GPS,3.6,1.1"
        for n in range(days)
    ]
    rows.append(f"{device},2026-01-20T10:00:00Z,53.9,-1.9,300,LBS,,")
    path = folder / f"{device}.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n")
    done = import_positions(**WHO, path=path, mapping=mapping, reading=mapping_digest(mapping))
    assert done.quarantined == {}
    return done.new_rows
