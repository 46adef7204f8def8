"""A mapping: one TOML file that says how a supplier writes its positions. No code.

Keys (all but `supplier` and `[columns]` have defaults):

- `supplier`: who provides the devices; with the device id it identifies a device.
- `format`: `auto`, `csv`, `jsonl` or `parquet`; `delimiter`: one character (CSV);
  `header`: the column names of a CSV file that has no header line.
- `missing`: texts that mean "not given" (an empty text always does).
- `optional`: mapped fields whose column a file may lack. Any other mapped column must be there,
  so that a misspelt name cannot quietly lose a field.
- `[columns]` field = "name" or ["name", "other name"]; in JSON lines `a.b` reaches into objects.
- `[constants]` field = "value", for what the file does not say.
- `[units]` field = "unit" (see `mapping_units.UNITS`).
- `[time]` `format` = `iso` (default), `epoch_s`, `epoch_ms`, `epoch_us` or a pattern such as
  `%d/%m/%Y %H:%M:%S`; `zone` for times without an offset (without a zone they are refused);
  `ambiguous` = `quarantine` (default), `earlier` or `later`: in Europe/London the hour from 01:00
  on the last Sunday of October happens twice, and a guess would put half of its fixes an hour out.
  `[time.received_time]` and the like override it for one field.
- `[precision]` `level_pct` = 95, 68 or 50: the share of fixes the radius is meant to hold, where
  no column `precision_level` says it row by row.
- `[mechanisms]` code = "GPS", "RF", "LBS", "WIFI" or "UNKNOWN".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.suppliers import supplier_name
from tipstaff.formats.mapping_checks import time_format_fault, zone_fault
from tipstaff.formats.mapping_units import (
    DEFAULT_UNITS,
    FIELDS,
    ISO,
    REQUIRED,
    TIME_FIELDS,
    UNITS,
)
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

FORMATS: Final = ("auto", "csv", "jsonl", "parquet")
LEVELS_PCT: Final = (95, 68, 50)
AMBIGUOUS: Final = ("quarantine", "earlier", "later")
DEFAULT_MECHANISMS: Final = {
    **{str(int(m)): m for m in Mechanism},
    **{m.name: m for m in Mechanism},
}
_KEYS: Final = {
    "supplier", "format", "delimiter", "header", "missing", "optional",
    "columns", "constants", "units", "time", "precision", "mechanisms",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeRule:
    """How one time field is written."""

    format: str = ISO
    zone: str | None = None
    ambiguous: str = "quarantine"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping; see the module for what each part means."""

    supplier: str
    columns: dict[str, tuple[str, ...]]
    format: str = "auto"
    delimiter: str = ","
    header: tuple[str, ...] | None = None
    missing: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    constants: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_UNITS))
    times: dict[str, TimeRule] = field(default_factory=dict)
    level_pct: int = 95
    mechanisms: dict[str, Mechanism] = field(default_factory=lambda: dict(DEFAULT_MECHANISMS))

    def time_rule(self, name: str) -> TimeRule:
        """The rule of one time field."""
        return self.times.get(name, TimeRule())

    def scale(self, name: str) -> tuple[float, float]:
        """Multiplier and divisor of one field's unit."""
        return UNITS[name][self.units[name]]


def parse_mapping(source: bytes) -> Mapping | tuple[TomlFault, ...]:
    """Read a mapping; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    mapping = _read(reader)
    return tuple(reader.faults) or mapping


def _read(reader: Checker) -> Mapping:
    for key in sorted(set(reader.values) - _KEYS):
        reader.fault(key, "is not a key of a mapping", f"use one of {', '.join(sorted(_KEYS))}")
    columns = _columns(reader)
    values = reader.values
    return Mapping(
        supplier=_supplier(reader),
        columns=columns,
        format=reader.choice("format", values.get("format", "auto"), FORMATS),
        delimiter=_delimiter(reader),
        header=reader.texts("header", values["header"]) if "header" in values else None,
        missing=reader.texts("missing", values["missing"]) if values.get("missing") else (),
        optional=_optional(reader, columns),
        constants=_constants(reader, columns),
        units=_units(reader),
        times=_times(reader),
        level_pct=_level(reader),
        mechanisms=_mechanisms(reader),
    )


def _supplier(reader: Checker) -> str:
    given = reader.values.get("supplier")
    name = supplier_name(given) if isinstance(given, str) else None
    if name is None:
        reader.fault("supplier", "is missing or not a name", 'write supplier = "name"')
    return name or ""


def _delimiter(reader: Checker) -> str:
    value = reader.values.get("delimiter", ",")
    if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in '"\r\n\0':
        reader.fault("delimiter", "must be one plain character", 'write for instance ";" or "\\t"')
        return ","
    return value


def _columns(reader: Checker) -> dict[str, tuple[str, ...]]:
    table = reader.table("columns")
    reader.known_fields("columns", table, FIELDS)
    for name in REQUIRED:
        if name not in table and name not in reader.table("constants"):
            reader.fault(f"columns.{name}", "is missing", "name the column that holds it")
    return {k: reader.texts(f"columns.{k}", v) for k, v in table.items() if k in FIELDS}


def _optional(reader: Checker, columns: dict[str, tuple[str, ...]]) -> frozenset[str]:
    names = (
        reader.texts("optional", reader.values["optional"]) if "optional" in reader.values else ()
    )
    reader.known_fields("optional", names, FIELDS[len(REQUIRED) :])
    return frozenset(names) & frozenset(columns)


def _constants(reader: Checker, columns: dict[str, tuple[str, ...]]) -> dict[str, str]:
    table = reader.table("constants")
    reader.known_fields("constants", table, FIELDS)
    for name in sorted(set(table) & set(columns)):
        reader.fault(f"constants.{name}", "is a column too", "keep one of the two")
    for name, value in table.items():
        if isinstance(value, (dict, list, bool)):
            reader.fault(f"constants.{name}", "must be one value", "write a text or a number")
    return {name: str(value) for name, value in table.items()}


def _units(reader: Checker) -> dict[str, str]:
    table = reader.table("units")
    reader.known_fields("units", table, tuple(UNITS))
    chosen = {k: reader.choice(f"units.{k}", v, UNITS[k]) for k, v in table.items() if k in UNITS}
    return {**DEFAULT_UNITS, **chosen}


def _level(reader: Checker) -> int:
    table = reader.table("precision")
    for key in sorted(set(table) - {"level_pct"}):
        reader.fault(f"precision.{key}", "is not a key here", "use level_pct")
    return int(reader.choice("precision.level_pct", table.get("level_pct", 95), LEVELS_PCT))


def _mechanisms(reader: Checker) -> dict[str, Mechanism]:
    table = reader.table("mechanisms")
    names: dict[str, Mechanism] = {m.name: m for m in Mechanism}
    for code, name in table.items():
        reader.choice(f"mechanisms.{code}", name, names)
    given = {
        code.upper(): names[x] for code, x in table.items() if isinstance(x, str) and x in names
    }
    return {**{m.name: m for m in Mechanism}, **given} if table else dict(DEFAULT_MECHANISMS)


def _times(reader: Checker) -> dict[str, TimeRule]:
    table = reader.table("time")
    shared = {key: value for key, value in table.items() if not isinstance(value, dict)}
    own = {key: value for key, value in table.items() if isinstance(value, dict)}
    reader.known_fields("time", own, TIME_FIELDS)
    return {
        name: _time_rule(
            reader, f"time.{name}" if name in own else "time", {**shared, **own.get(name, {})}
        )
        for name in TIME_FIELDS
    }


def _time_rule(reader: Checker, where: str, values: dict[str, Any]) -> TimeRule:
    for key in sorted(set(values) - {"format", "zone", "ambiguous"}):
        reader.fault(f"{where}.{key}", "is not a key here", "use format, zone or ambiguous")
    reader.test(f"{where}.format", values.get("format", ISO), time_format_fault)
    reader.test(f"{where}.zone", values.get("zone"), zone_fault)
    return TimeRule(
        format=str(values.get("format", ISO)),
        zone=values.get("zone"),
        ambiguous=reader.choice(
            f"{where}.ambiguous", values.get("ambiguous", "quarantine"), AMBIGUOUS
        ),
    )
