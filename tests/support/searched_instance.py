"""An instance with orders, tags and crimes, made up: who is searched when it is matched?

Every wearer here is at one scene with a fix a minute, so that whoever is searched is in a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from made_cases import order, utc, wearer

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.activations import Activation
from tipstaff.domain.batches import BatchKind
from tipstaff.domain.conditions import Trail
from tipstaff.domain.crimes import Crime
from tipstaff.domain.orders import Order, SchemeRule
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wearers import Wearer
from tipstaff.positions.mappings import shipped_mapping

WHO: dict[str, Any] = {"actor": "tester", "purpose": Purpose.CRIME_MATCHING, "authority": ""}
SCENE = (52.9226, -1.4746)
START = utc("2026-01-14 22:00")
PROJECT = SchemeRule("acquisitive-crime", 1)
HEADER = "device_id,fix_time,latitude,longitude,precision_m\n"


@dataclass(frozen=True)
class Tagged:
    """A wearer with a tag, and what is on record of them; without a record where it is None."""

    name: str
    orders: tuple[Order, ...] = ()
    record: Wearer | None = None
    first: datetime = field(default=utc("2025-12-01"))
    last: datetime = field(default=utc("2026-03-01"))
    at: tuple[datetime, ...] = (START,)
    device: str = ""

    @property
    def tag(self) -> str:
        """The tag they wear."""
        return self.device or f"D-{self.name}"


def licence(name: str, **other: Any) -> Order:
    """A licence with a trail, made under the acquisitive-crime project."""
    values = {
        "wearer": name, "starts_at": utc("2025-12-01"), "ends_at": utc("2026-03-01"),
        "served_at": None, "reviews": (), "rule": PROJECT, "conditions": (Trail("t1"),),
    }  # fmt: skip
    return order(**(values | other))


def tagged(name: str, *orders: Order, **other: Any) -> Tagged:
    """A wearer with those orders, or with a licence that permits searching."""
    about = {k: other.pop(k) for k in ("born_on", "limited_access", "child") if k in other}
    return Tagged(name, orders or (licence(name),), wearer(name, **about), **other)


def crime(reference: str, **other: Any) -> Crime:
    """Half an hour at the scene, in a project force."""
    values: dict[str, Any] = {
        "force": "Derbyshire", "reference": reference, "version": 1, "crime_type": "BIAD",
        "start": START, "end": START + timedelta(minutes=30), "latitude": SCENE[0],
        "longitude": SCENE[1], "batch": "DBY20260115",
    }  # fmt: skip
    return Crime(**(values | other))


def fill(folder: Path, people: Sequence[Tagged], crimes: Iterable[Crime]) -> None:
    """Put people, the fixes of their tags (one file) and crimes on record."""
    from tipstaff.services.activations import import_activations

    _record_cases(people)
    worn = [Activation(f"A-{p.name}", p.tag, p.name, p.first, p.last) for p in people]
    import_activations(**WHO, supplier="tipstaff", incoming=worn)
    report(folder, people)
    record_crimes(crimes)


def _record_cases(people: Sequence[Tagged]) -> None:
    """Wearers and orders as they are, whatever checks would ask beside them."""
    from django.db import transaction

    from tipstaff.records import cases

    told = [
        cases.Told(value)
        for one in people
        if one.record is not None
        for value in (one.record, *one.orders)
    ]
    with transaction.atomic():
        cases.record(told, at=datetime.now(UTC), by=uuid4())


def report(folder: Path, people: Sequence[Tagged]) -> None:
    """Take in the fixes that the tags of these people reported, in one file.

    All of them, as if there were no orders: what is shown is what matching reads of what is there.
    """
    from tipstaff.records import case_sets
    from tipstaff.services.positions import import_positions

    path = folder / "positions.csv"
    path.write_text(HEADER + "".join(line for one in people for line in _fixes(one)))
    with patch.object(case_sets, "any_order", lambda: False):
        import_positions(**WHO, path=path, mapping=shipped_mapping("tipstaff"))


def send(folder: Path, device: str, north: float, *, half: int = 0) -> None:
    """A fix a minute that evening, so far north of the scene, `half` a minute later."""
    from tipstaff.records import case_sets
    from tipstaff.services.positions import import_positions

    times = [START + timedelta(minutes=minute, seconds=30 * half) for minute in range(-180, 200)]
    lines = (
        f"{device},{at.isoformat()},{SCENE[0] + north + i * 1e-5},{SCENE[1]},5,GPS\n"
        for i, at in enumerate(times)
    )
    path = folder / "sent.csv"
    path.write_text(HEADER.strip() + ",mechanism\n" + "".join(lines))
    with patch.object(case_sets, "any_order", lambda: False):
        import_positions(**WHO, path=path, mapping=shipped_mapping("tipstaff"))


def _fixes(one: Tagged) -> Iterable[str]:
    for start in one.at:
        for minute in range(-60, 90):
            at = start + timedelta(minutes=minute)
            north = SCENE[0] + (0.02 if abs(minute - 15) > 20 else 0.0)
            yield f"{one.tag},{at.isoformat()},{north},{SCENE[1]},5\n"


def record_crimes(crimes: Iterable[Crime]) -> None:
    """Crimes of any force and type, as a lenient import leaves them."""
    from django.db import transaction

    from tipstaff.records import crimes as records

    by_batch: dict[tuple[str, str], list[Crime]] = {}
    for each in crimes:
        by_batch.setdefault((each.force, each.batch), []).append(each)
    for (force, batch), sent in by_batch.items():
        with transaction.atomic():
            records.lock_force(force)
            row = records.add_batch(records.BatchFact(
                force=force, batch_id=batch, series=batch, kind=BatchKind.FIRST,
                digest=f"{force}{batch}", status="SUCCESSFUL", rows=len(sent), accepted=len(sent),
                received_at=START,
            ))  # fmt: skip
            records.add_versions(force, row, sent, START)


def matched(**other: Any) -> Any:
    """The match of all crimes, by law."""
    from tipstaff.services.matching import match_batch

    values = {"batch": "all", "every": True, "error": ERROR_MODEL_SIMULATED}
    return match_batch(**(WHO | values | other))
