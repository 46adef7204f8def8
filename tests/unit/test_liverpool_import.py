"""Real bus positions, read by a mapping alone and taken into an archive."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.domain.periods import Period
from tipstaff.formats.mapping import Mapping, parse_mapping
from tipstaff.formats.positions import read_positions
from tipstaff.positions.archive import AppendResult, Archive
from tipstaff.positions.loose_files import LooseFixes, gather

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = Period(datetime(2026, 1, 26, tzinfo=UTC), datetime(2026, 1, 27, tzinfo=UTC))
MAPPING = Path(__file__).resolve().parents[1] / "data" / "mappings" / "liverpool_bus.toml"


def read(data: bytes) -> LooseFixes:
    mapping = parse_mapping(MAPPING.read_bytes())
    assert isinstance(mapping, Mapping)
    return gather(read_positions(io.BytesIO(data), mapping, now=NOW), DAY)


def test_every_fix_of_every_bus(shared_data: Path) -> None:
    data = (shared_data / "liverpool-bus" / "route14_outbound.csv").read_bytes()
    loose = read(data)
    assert (loose.fault, loose.quarantined) == (None, {})
    assert loose.table.num_rows == 1533
    assert sorted(loose.keys) == list(loose.names.values())
    assert len(loose.names) == 8
    ends = pc.min_max(loose.table["fix_time"])
    assert ends["min"].as_py().strftime("%H:%M") == "15:55"
    assert ends["max"].as_py().strftime("%H:%M") == "18:19"
    assert pc.unique(loose.table["mechanism"]).to_pylist() == [1]
    assert loose.table["precision_cm"].null_count == 1533
    first = loose.table.filter(pc.equal(loose.table["lat_e7"], 534445100)).to_pylist()[0]
    assert (loose.names[first["device_key"]], first["lon_e7"]) == ("4716", -29251730)
    assert first["fix_time"] == datetime(2026, 1, 26, 15, 57, 2, tzinfo=UTC)


def test_the_archive_holds_what_the_file_does(shared_data: Path, tmp_path: Path) -> None:
    data = (shared_data / "liverpool-bus" / "route14_outbound.csv").read_bytes()
    loose = read(data)
    archive = Archive(tmp_path / "archive")
    assert archive.append([loose.table], "a", NOW) == AppendResult(1533, 0)
    header, *lines = data.splitlines(keepends=True)
    backwards = read(header + b"".join(reversed(lines)) + b"".join(lines[:100]))
    assert archive.append([backwards.table], "b", NOW) == AppendResult(0, 1633)
    held = pa.Table.from_batches(archive.fixes(DAY))
    assert held.num_rows == 1533
    assert len(pc.unique(held["device_key"])) == 8
