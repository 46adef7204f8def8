"""A made-up run of six crimes: none, one and three candidates, unlocatable, network only, hostile.

Numbers are invented to fill every part of a report; nobody in it is real.
"""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.formats.run_binding import OUTPUTS, digests_of
from tipstaff.formats.run_files import (
    CRIMES_SCHEMA,
    FACTS_SCHEMA,
    SUFFIXES,
    write_crimes,
    write_facts,
    write_manifest,
    write_results,
)
from tipstaff.matching.bands import band
from tipstaff.matching.outcomes import RESULT_SCHEMA, DecidedBy, Outcome
from tipstaff.matching.sentences import Grounds, sentence

SCENE = LocalPlane(52.95, -1.15)
HOSTILE = "<script>alert(1)</script>"
HOSTILE_WEARER = "\"><img src=x onerror='alert(2)'>{{ 7*7 }}"
WALK = [(-900, 400), (-500, 300), (-200, 60), (-30, 10), (0, -15), (20, 5), (120, -60), (700, -500)]


def _when(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 6, day, hour, minute, tzinfo=UTC)


def _crime(reference: str, day: int, hour: int, hours: float, **more: Any) -> dict[str, Any]:
    start = _when(day, hour)
    return {
        "force": "Nottinghamshire", "crime_reference": reference, "crime_version": 1,
        "crime_type": "BIAD", "batch": f"NOT202406{day:02d}", "from": start,
        "to": start + timedelta(hours=hours), "latitude": SCENE.latitude,
        "longitude": SCENE.longitude, "rounding_m": 1.0, "searched_wearers": 312,
        "monitored_wearers": 320, "not_searched": "basis_not_searched: 6; other_reasons: 2",
        "candidates": 0,
        "excluded": 290, "excluded_beyond": 286, "not_monitorable": 8, "cannot_exclude": 14,
        "legacy_candidates": 0, **more,
    }  # fmt: skip


def _answer(crime: dict[str, Any], wearer: str, decided: DecidedBy, **more: Any) -> dict[str, Any]:
    outcome = {
        DecidedBy.STRENGTH: Outcome.CANDIDATE, DecidedBy.REACH: Outcome.EXCLUDED,
        DecidedBy.TRAIL: Outcome.EXCLUDED, DecidedBy.NO_FIX: Outcome.NOT_MONITORABLE,
        DecidedBy.GAP: Outcome.NOT_MONITORABLE, DecidedBy.NETWORK_ONLY: Outcome.CANNOT_EXCLUDE,
        DecidedBy.NEAR: Outcome.CANNOT_EXCLUDE,
    }[decided]  # fmt: skip
    row = dict.fromkeys(RESULT_SCHEMA.names) | {
        "force": crime["force"], "crime_reference": crime["crime_reference"], "crime_version": 1,
        "wearer_id": wearer, "device_ids": f"D-{len(wearer)}", "outcome": outcome.value,
        "searched_wearers": 312, "decided_by": decided.name.lower(), "legacy_match": False, **more,
    }  # fmt: skip
    if row["log10_lr"] is not None:
        row["log10_lr_low"], row["log10_lr_high"] = row["log10_lr"] - 0.5, row["log10_lr"] + 0.4
        row["strength"] = band(row["log10_lr"], row["log10_lr_low"], row["log10_lr_high"])
    names = ("searched_wearers", "log10_lr", "log10_lr_low", "log10_lr_high", "nearest_m",
             "nearest_at", "expected_chance_matches")  # fmt: skip
    grounds = Grounds(
        **{name: row[name] for name in names}, fixes_near=row["fixes_near"] or 0,
        chance_windows=8, before_at=crime["from"], after_at=crime["from"] + timedelta(minutes=9),
        needed_mps=52.0, visit_bound=2e-4,
    )  # fmt: skip
    return row | {"explanation": sentence(outcome, decided, grounds)}


def _candidate(crime: dict[str, Any], wearer: str, rank: int, log10_lr: float) -> dict[str, Any]:
    return _answer(
        crime, wearer, DecidedBy.STRENGTH, rank=rank, log10_lr=log10_lr, nearest_m=12.0 * rank,
        nearest_at=crime["from"] + timedelta(minutes=35), dwell_s=1_260 // rank,
        fixes_near=23 // rank, coverage=0.97, presence_probability=0.995 / rank,
        expected_chance_matches=0.0 if rank == 1 else 0.2 * rank, legacy_match=rank != 2,
        legacy_labels="A1;A2;A3;B1" if rank != 2 else None,
    )  # fmt: skip


def _trail(
    crime: dict[str, Any], wearer: str, seed: int, *, network: bool = False
) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    turn = seed * 1.3
    rows = []
    first, minutes = crime["from"] - timedelta(minutes=20), 90
    for minute in range(0, minutes, 4 if network else 1):
        if not network and 52 <= minute < 64:
            continue  # a gap
        place = minute / minutes * (len(WALK) - 1)
        (x0, y0), (x1, y1) = WALK[int(place)], WALK[min(int(place) + 1, len(WALK) - 1)]
        x, y = (a + (b - a) * (place % 1) for a, b in ((x0, x1), (y0, y1)))
        x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
        spread = 120 if network else 6
        lat, lon = SCENE.to_degrees(x + chance.gauss(seed * 6, spread), y + chance.gauss(0, spread))
        rows.append({
            "force": crime["force"], "crime_reference": crime["crime_reference"],
            "crime_version": 1, "wearer_id": wearer, "device_id": f"D-{seed}",
            "fix_time": first + timedelta(minutes=minute), "latitude": round(float(lat), 7),
            "longitude": round(float(lon), 7),
            "radius95_m": None if minute % 17 == 5 else (350.0 if network else 8.0 + minute % 5),
            "mechanism": "LBS" if network else "GPS",
            "role": "decides" if minute == 40 else "trail",
        })  # fmt: skip
    return rows


def tables() -> tuple[pa.Table, pa.Table, pa.Table, dict[str, Any]]:
    """Results, crimes, facts and manifest."""
    nobody = _crime("NOT/24/0001", 3, 9, 2)
    one = _crime("NOT/24/0002", 3, 13, 1.5, candidates=1, legacy_candidates=1)
    three = _crime("NOT/24/0003", 4, 22, 4, candidates=3, legacy_candidates=3, crime_type="TOMV")
    lost = _crime(
        "NOT/24/0004", 5, 8, 12, latitude=None, longitude=None, searched_wearers=0,
        monitored_wearers=0, not_searched=None, excluded=0,
        excluded_beyond=0, not_monitorable=0, cannot_exclude=0,
    )  # fmt: skip
    network = _crime("NOT/24/0005", 6, 15, 0, candidates=1, legacy_candidates=1, crime_type="TFP")
    hostile = _crime(
        HOSTILE, 7, 15, 1, candidates=1, legacy_candidates=1, force="Not<b>ts", batch="=cmd()"
    )
    crimes = [three, nobody, hostile, one, lost, network]
    results = [
        *(_answer(nobody, f"W{i:03}", DecidedBy.TRAIL, nearest_m=700.0 + i) for i in range(4)),
        _answer(nobody, "W150", DecidedBy.NO_FIX, log10_lr=0.0),
        _answer(nobody, "W151", DecidedBy.NEAR, log10_lr=-1.7, nearest_m=230.0),
        _candidate(one, "W101", 1, 2.9),
        _answer(one, "W102", DecidedBy.REACH, nearest_m=5200.0),
        _answer(one, "W103", DecidedBy.GAP, log10_lr=0.1, nearest_m=900.0),
        *(_candidate(three, f"W20{i}", i, 3.6 - i) for i in (1, 2, 3)),
        _candidate(network, "W301", 1, 0.5),
        _answer(network, "W302", DecidedBy.NETWORK_ONLY, log10_lr=0.1, nearest_m=350.0),
        _candidate(hostile, HOSTILE_WEARER, 1, 1.4),
    ]
    facts = [
        *_trail(one, "W101", 0),
        *(row for i in (1, 2, 3) for row in _trail(three, f"W20{i}", i)),
        *_trail(three, "W209", 5),  # the fixed-circle rule alone
        *_trail(network, "W301", 2, network=True),
        *_trail(hostile, HOSTILE_WEARER, 4),
    ]
    manifest = {
        "software_version": "0.1.0", "model": "strength-1", "data_digest": "9f2c" * 16,
        "outcomes": "all", "parameters": {"candidate_lr": 2.0, "note": HOSTILE},
        "counts": {"fixes": 129_600, "wearers": 312, "crimes": 6},
        "files": [{"role": "positions", "name": "positions.csv", "sha256": "ab" * 32}],
    }  # fmt: skip
    return (
        pa.Table.from_pylist(results, schema=RESULT_SCHEMA),
        pa.Table.from_pylist(crimes, schema=CRIMES_SCHEMA),
        pa.Table.from_pylist(facts, schema=FACTS_SCHEMA),
        manifest,
    )


def streets() -> dict[str, Any]:
    """A few streets round the scene."""
    lines = []
    for step in range(-2000, 2001, 250):
        for ends in (((-2000, step), (2000, step + 90)), ((step, -2000), (step - 60, 2000))):
            places = [SCENE.to_degrees(x, y) for x, y in ends]
            lines.append([[float(lon), float(lat)] for lat, lon in places])
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {}, "geometry": {"type": "LineString",
             "coordinates": line}}
            for line in lines
        ],
    }  # fmt: skip


def files() -> dict[str, bytes]:
    """The four files of the run by their endings."""
    results, crimes, facts, manifest = tables()
    written = {
        "results": write_results(results),
        "crimes": write_crimes(crimes),
        "facts": write_facts(facts),
    }
    bound = {**manifest, OUTPUTS: digests_of(written)}
    return {SUFFIXES[kind]: content for kind, content in written.items()} | {
        SUFFIXES["manifest"]: write_manifest(bound)
    }
