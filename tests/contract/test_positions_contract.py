"""Positions: two stores, one import; trails and places, with whom each look concerned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tipstaff.domain.activations import Activation
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
WHO: dict[str, Any] = {"actor": "tester", "purpose": Purpose.DATA_QUALITY, "authority": ""}


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def positions_file(path: Path, rows: list[tuple[str, float, float]]) -> Path:
    """(device, minutes after noon, latitude) of each row."""
    lines = ["device_id,fix_time,latitude,longitude,precision_m,mechanism"]
    lines += [f"{d},{at(m).isoformat()},{lat},-1.5,10,1" for d, m, lat in rows]
    path.write_text("\n".join(lines) + "\n")
    return path


def take_in(path: Path) -> Any:
    from tipstaff.positions.mappings import mapping_digest, shipped_mapping
    from tipstaff.services.positions import import_positions

    mapping = shipped_mapping("tipstaff")
    return import_positions(**WHO, path=path, mapping=mapping, reading=mapping_digest(mapping))


def supplier() -> str:
    from tipstaff.positions.mappings import shipped_mapping

    return shipped_mapping("tipstaff").supplier


def wear(*facts: tuple[str, str, str, float, float]) -> Any:
    """(activation, device, wearer, from, to in minutes after noon) of each."""
    from tipstaff.services.activations import import_activations

    incoming = [
        Activation(name, device, wearer, at(start), at(end), row)
        for row, (name, device, wearer, start, end) in enumerate(facts, start=2)
    ]
    return import_activations(**WHO, supplier=supplier(), incoming=incoming)


def log(use_case: str) -> list[Any]:
    from tipstaff.services.audit import list_audit

    entries = list_audit(actor="tester", purpose=Purpose.AUDIT, authority="")
    return [entry for entry in entries if entry.use_case == use_case]


def refs(*wearers: str) -> set[str]:
    from tipstaff.records.wearers import subject_refs

    return {str(ref) for ref in subject_refs(wearers)}


def test_a_file_is_taken_in_once_and_concerns_who_wore_the_devices(
    instance: Any, tmp_path: Path
) -> None:
    wear(("a", "d1", "W1", 0, 60), ("b", "d1", "W2", 60, 120))
    path = positions_file(tmp_path / "p.csv", [("d1", 1, 54.0), ("d2", 2, 54.0), ("d2", 2, 91.0)])
    first = take_in(path)
    again = take_in(path)
    assert (first.new_rows, first.quarantined, first.fault) == (2, {"OUT_OF_RANGE": 1}, None)
    assert first.quarantine_file is not None
    assert first.quarantine_file.is_file()
    assert (again.new_rows, again.already_held) == (0, True)
    served = [entry for entry in log("import_positions") if entry.phase == "served"]
    assert [entry.rows for entry in served] == [0, 2]
    assert set(served[1].subject_refs) == refs("W1")


def test_a_crash_between_the_stores_is_caught_up(
    instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.records import sources

    path = positions_file(tmp_path / "p.csv", [("d1", 1, 54.0)])

    def die(fact: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sources, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            take_in(path)
    assert len(sources.unfinished()) == 1
    assert [entry.phase for entry in log("import_positions")] == ["requested"]
    again = take_in(path)
    assert again.already_held
    assert sources.unfinished() == []
    caught = [e for e in log("import_positions") if e.extent.get("caught_up")]
    assert [entry.rows for entry in caught] == [1]


def test_a_damaged_file_stores_nothing(instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"\x1f\x8b\x08\x00broken")
    done = take_in(path)
    assert done.fault is not None
    assert done.new_rows == 0


def test_a_trail_is_what_the_wearer_wore_and_no_more(instance: Any, tmp_path: Path) -> None:
    from tipstaff.services.trails import FixesFound, trail

    wear(("a", "d1", "W1", 0, 60), ("b", "d1", "W2", 60, 120))
    minutes = [-1, 0, 59, 60, 61]
    take_in(positions_file(tmp_path / "p.csv", [("d1", m, 54.0) for m in minutes]))
    hours = Period(at(-60), at(180))
    mine = trail(**WHO, name="W1", period=hours)
    device = trail(**WHO, name="d1", period=hours)
    assert isinstance(mine, FixesFound)
    assert isinstance(device, FixesFound)
    assert mine.table["fix_time"].to_pylist() == [at(0), at(59)]
    assert set(mine.names.values()) == {"d1"}
    assert device.table.num_rows == 5
    assert [worn.wearer for worn in device.worn] == ["W1", "W2"]
    assert trail(**WHO, name="nobody", period=hours) is None
    entries = log("trail")
    assert [(e.phase, e.rows) for e in entries] == [
        ("served", 0), ("requested", None), ("served", 5), ("requested", None),
        ("served", 2), ("requested", None),
    ]  # fmt: skip
    assert set(entries[5].subject_refs) == refs("W1")
    assert set(entries[3].subject_refs) == refs("W1", "W2")


def match_without_activations() -> None:
    """What such a match leaves in the records: each device on record as a wearer."""
    from tipstaff.records import wearers

    wearers.ensure(["d1"])


def test_a_device_that_a_match_took_for_a_wearer_keeps_its_trail(
    instance: Any, tmp_path: Path
) -> None:
    from tipstaff.services.trails import FixesFound, trail

    take_in(positions_file(tmp_path / "p.csv", [("d1", 1, 54.0)]))
    match_without_activations()
    found = trail(**WHO, name="d1", period=Period(at(0), at(9)))
    assert isinstance(found, FixesFound)
    assert found.table.num_rows == 1


def test_a_wearer_on_record_who_wore_nothing_has_no_fix(instance: Any) -> None:
    from tipstaff.services.trails import FixesFound, trail

    match_without_activations()
    found = trail(**WHO, name="d1", period=Period(at(0), at(9)))
    assert isinstance(found, FixesFound)
    assert found.table.num_rows == 0


def test_a_name_of_both_is_asked_about(instance: Any, tmp_path: Path) -> None:
    from tipstaff.domain.name_kinds import NameKind
    from tipstaff.services.trail_names import Ambiguous
    from tipstaff.services.trails import FixesFound, trail

    wear(("a", "d2", "d1", 0, 60))
    take_in(positions_file(tmp_path / "p.csv", [("d1", 1, 54.0), ("d1", 2, 54.0), ("d2", 1, 54.0)]))
    hour = Period(at(0), at(60))
    asked = trail(**WHO, name="d1", period=hour)
    assert asked == Ambiguous((supplier(),))
    rows = {}
    for kind in NameKind:
        found = trail(**WHO, name="d1", period=hour, kind=kind)
        assert isinstance(found, FixesFound)
        rows[kind.value] = found.table.num_rows
    assert rows == {"wearer": 1, "device": 2}
    assert trail(**WHO, name="d2", period=hour, kind=NameKind.WEARER) is None
    assert trail(**WHO, name="none", period=hour, kind=NameKind.DEVICE) is None
    served = [entry for entry in log("trail") if entry.phase == "served"]
    assert served[-1].rows == 0


def test_where_nobody_is_known_the_audit_names_the_devices(instance: Any, tmp_path: Path) -> None:
    from tipstaff.records.devices import keys_of
    from tipstaff.services.trails import near, trail

    rows = [("d1", 5, 54.0), ("d2", 5, 54.0), ("d3", 5, 55.0)]
    take_in(positions_file(tmp_path / "p.csv", rows))
    hour = Period(at(0), at(60))
    keys = {name: str(key) for name, key in keys_of(supplier(), ["d1", "d2", "d3"]).items()}
    trail(**WHO, name="d1", period=hour)
    assert [e.extent["devices"] for e in log("trail")] == [[keys["d1"]]] * 2
    place: dict[str, Any] = {"latitude": 54.0, "longitude": -1.5, "radius_m": 50}
    near(**WHO, **place, period=hour)
    assert set(log("near")[0].extent["devices"]) == {keys["d1"], keys["d2"]}
    wear(("a", "d1", "W1", 0, 60), ("b", "d2", "W2", 30, 60))
    near(**WHO, **place, period=hour)
    latest = log("near")[0]
    assert set(latest.subject_refs) == refs("W1")
    assert latest.extent["devices"] == [keys["d2"]]


def test_an_archive_without_what_is_on_record_answers_nothing(
    instance: Any, tmp_path: Path
) -> None:
    from tipstaff.services.instance import NotReadyError
    from tipstaff.services.trails import near, trail

    first = positions_file(tmp_path / "p.csv", [("d1", 5, 54.0)])
    other = positions_file(tmp_path / "q.csv", [("d1", 6, 54.0)])
    take_in(first)
    (instance.data / "archive").rename(tmp_path / "elsewhere")
    hour = Period(at(0), at(60))
    place: dict[str, Any] = {"latitude": 54.0, "longitude": -1.5, "radius_m": 50}
    for look in (
        lambda: trail(**WHO, name="d1", period=hour),
        lambda: near(**WHO, **place, period=hour),
        lambda: take_in(other),
    ):
        with pytest.raises(NotReadyError) as told:
            look()
        assert "restore" in told.value.action
    assert take_in(first).new_rows == 1
    found = near(**WHO, **place, period=hour)
    assert found.table.num_rows == 1
    assert take_in(other).new_rows == 1


def test_near_concerns_those_whose_fixes_were_shown(instance: Any, tmp_path: Path) -> None:
    from tipstaff.services.trails import near

    wear(("a", "d1", "W1", 0, 60), ("b", "d1", "W2", 60, 120), ("c", "d2", "W3", 0, 60))
    rows = [("d1", 5, 54.0), ("d1", 65, 54.1), ("d2", 5, 54.00005)]
    take_in(positions_file(tmp_path / "p.csv", rows))
    found = near(**WHO, latitude=54.0, longitude=-1.5, radius_m=50, period=Period(at(0), at(120)))
    assert found.table["distance_m"].to_pylist() == [0.0, 5.57]
    assert set(found.names.values()) == {"d1", "d2"}
    served = log("near")[0]
    assert set(served.subject_refs) == refs("W1", "W3")
    assert served.extent["radius_cm"] == 5000


def test_an_overlap_is_refused_with_both_named(instance: Any) -> None:
    done = wear(("a", "d1", "W1", 0, 60), ("b", "d1", "W2", 30, 90), ("c", "d2", "W1", 0, 9))
    assert done.recorded == 1
    assert {(c.activation_id, c.other_activation_id) for c in done.clashes} == {
        ("a", "b"),
        ("b", "a"),
    }
