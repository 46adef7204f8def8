"""The page on position files says what the code does."""

import re
from pathlib import Path

from tipstaff.formats.mapping import Mapping, parse_mapping
from tipstaff.formats.mapping_units import UNITS
from tipstaff.formats.positions_reasons import ACTIONS, Reason
from tipstaff.positions.mappings import SHIPPED, shipped_mapping

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "position-files.md").read_text()


def test_the_example_is_a_good_mapping() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    mapping = parse_mapping(example.encode())
    assert isinstance(mapping, Mapping), mapping
    assert mapping.scale("speed") == UNITS["speed"]["mph"]


def test_every_reason_unit_and_column_is_on_the_page() -> None:
    assert set(ACTIONS) == set(Reason) - {Reason.NONE}
    for reason, action in ACTIONS.items():
        assert f"| `{reason.name}` | {action} |" in PAGE
    for unit in (*UNITS["speed"], *UNITS["precision"]):
        assert re.search(rf"\b{re.escape(unit)}\b", PAGE)
    for names in shipped_mapping("tipstaff").columns.values():
        assert all(name in PAGE for name in names)
    assert all(f"`{name}`" in PAGE for name in SHIPPED)
