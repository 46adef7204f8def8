"""A mapping says all that is wrong with it, and what to do."""

import pytest

from tipstaff.domain.fixes import Mechanism
from tipstaff.formats.mapping import Mapping, TimeRule, parse_mapping
from tipstaff.positions.mappings import SHIPPED, mapping_digest, shipped_mapping

GOOD = """
supplier = "s"
[columns]
device_id = "d"
fix_time = "t"
latitude = "a"
longitude = "o"
"""


def faults(text: str) -> dict[str, str]:
    parsed = parse_mapping(text.encode())
    assert not isinstance(parsed, Mapping)
    return {fault.where: fault.action for fault in parsed}


def good(text: str) -> Mapping:
    parsed = parse_mapping(text.encode())
    assert isinstance(parsed, Mapping), parsed
    return parsed


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_mappings_are_good(name: str) -> None:
    assert shipped_mapping(name).supplier == name


def test_a_small_mapping_has_defaults() -> None:
    mapping = good(GOOD)
    assert mapping.level_pct == 95
    assert mapping.time_rule("fix_time") == TimeRule("iso", None, "quarantine")
    assert mapping.scale("speed") == (250.0, 9.0)
    assert mapping.mechanisms["4"] is mapping.mechanisms["RF"] is Mechanism.RF


def test_a_field_may_have_its_own_time_rule() -> None:
    mapping = good(GOOD + '[time]\nzone="UTC"\n[time.received_time]\nformat="epoch_s"\n')
    assert mapping.time_rule("fix_time").format == "iso"
    assert mapping.time_rule("received_time") == TimeRule("epoch_s", "UTC", "quarantine")


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        'supplier = ""\nformat = "xml"\ncolour = 1\n[columns]\nlat = "a"\n[units]\nspeed = "warp"\n'
    )
    assert set(found) == {
        "supplier", "format", "colour", "columns.lat", "columns.device_id", "columns.fix_time",
        "columns.latitude", "columns.longitude", "units.speed",
    }  # fmt: skip
    assert "mph" in found["units.speed"]


@pytest.mark.parametrize(
    ("extra", "where"),
    [
        ('[time]\nzone = "Mars/Olympus"', "time.zone"),
        ('[time]\nzone = "../../etc/passwd"', "time.zone"),
        ("[time]\nzone = 5", "time.zone"),
        ('[time]\nformat = "%d/%m/%y %H:%M"', "time.format"),
        ('[time]\nformat = "%d/%m %H:%M"', "time.format"),
        ('[time]\nformat = "later"', "time.format"),
        ('[time]\nambiguous = "maybe"', "time.ambiguous"),
        ('[time]\ncolour = "x"', "time.colour"),
        ('[time.speed]\nzone = "UTC"', "time.speed"),
        ("[precision]\nlevel_pct = 90", "precision.level_pct"),
        ('[precision]\nlevel_pct = "many"', "precision.level_pct"),
        ("[precision]\nlevel_pct = [95]", "precision.level_pct"),
        ("[units]\nspeed = [1]", "units.speed"),
        ('[units]\nwarp = "9"', "units.warp"),
        ('[mechanisms]\n7 = "LASER"', "mechanisms.7"),
        ("[mechanisms]\n7 = [1]", "mechanisms.7"),
        ('[constants]\nlatitude = "1"', "constants.latitude"),
        ("[constants]\nspeed = [1]", "constants.speed"),
    ],
)
def test_a_wrong_value_is_named(extra: str, where: str) -> None:
    assert set(faults(GOOD + extra)) == {where}


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('delimiter = ",,"', "delimiter"),
        ('delimiter = "\\n"', "delimiter"),
        ("columns = 3", "columns"),
        ("header = []", "header"),
        ('optional = ["warp"]', "optional.warp"),
        ('optional = ["latitude"]', "optional.latitude"),
    ],
)
def test_a_wrong_key_is_named(line: str, where: str) -> None:
    text = GOOD if not line.startswith("columns") else 'supplier = "s"\n'
    assert where in faults(f"{line}\n{text}")


@pytest.mark.parametrize("source", [b"\xff\xfe", b"supplier = ", b"[" * 5000, b"\0"])
def test_what_is_not_toml_is_a_value(source: bytes) -> None:
    parsed = parse_mapping(source)
    assert not isinstance(parsed, Mapping)
    assert parsed[0].where == "file"


def test_the_digest_follows_the_meaning_and_not_the_layout() -> None:
    plain = mapping_digest(good(GOOD))
    assert mapping_digest(good("# a comment\n" + GOOD)) == plain
    assert mapping_digest(good(GOOD + "[precision]\nlevel_pct = 68\n")) != plain
