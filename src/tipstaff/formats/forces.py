"""Forces as a TOML file: `[[force]]` with `id`, `code`, `name`, and `live`, a day a scheme."""

from __future__ import annotations

from typing import Any, Final

from tipstaff.domain.forces import ForceFact
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

_KEYS: Final = ("source", "force")
_FORCE_KEYS: Final = ("id", "code", "name", "live")


def parse_forces(source: bytes) -> tuple[ForceFact, ...] | tuple[TomlFault, ...]:
    """Read a file of forces; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    found: list[ForceFact] = []
    for number, row in enumerate(reader.tables("force"), start=1):
        where = f"force[{number}]"
        reader.known_fields(where, row, _FORCE_KEYS)
        found.append(_force(reader, where, row))
        if found[-1].identifier in {force.identifier for force in found[:-1]}:
            reader.fault(f"{where}.id", "is taken", "give each force once")
    return tuple(reader.faults) or tuple(found)


def _force(reader: Checker, where: str, row: dict[str, Any]) -> ForceFact:
    live = row.get("live", {})
    if not isinstance(live, dict):
        reader.fault(f"{where}.live", "is not a table", "write a day for each scheme")
        live = {}
    return ForceFact(
        identifier=reader.text(f"{where}.id", row.get("id")),
        code=reader.text(f"{where}.code", row.get("code")),
        name=reader.text(f"{where}.name", row.get("name")),
        live={scheme: reader.day(f"{where}.live.{scheme}", day) for scheme, day in live.items()},
    )
