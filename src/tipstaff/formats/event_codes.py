"""Codes of device events: one TOML file a version of a list. No code.

Keys at the top: `id`, `version`, `title`, `source`. Then one `[[code]]` or more: `kind`, one of
the kinds of event, and `codes`, the texts that mean it, in any case. A code means one kind.
"""

from __future__ import annotations

from typing import Final

from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values
from tipstaff.monitoring.events import EventCodes, EventKind

_KEYS: Final = ("id", "version", "title", "source", "code")
_CODE_KEYS: Final = ("kind", "codes")


def parse_event_codes(source: bytes) -> EventCodes | tuple[TomlFault, ...]:
    """Read one version of a list; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    codes = EventCodes(
        codes_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        title=reader.text("title", values.get("title")),
        source=reader.text("source", values.get("source")),
        kinds=_kinds(reader),
    )
    return tuple(reader.faults) or codes


def _kinds(reader: Checker) -> dict[str, EventKind]:
    found: dict[str, EventKind] = {}
    for number, values in enumerate(reader.tables("code"), start=1):
        where = f"code[{number}]"
        reader.known_fields(where, values, _CODE_KEYS)
        allowed = [kind.value for kind in EventKind]
        kind = EventKind(reader.choice(f"{where}.kind", values.get("kind"), allowed))
        for code in reader.texts(f"{where}.codes", values.get("codes")):
            named = " ".join(code.lower().split())
            if named in found:
                reader.fault(f"{where}.codes", "names a code twice", "give each code one kind")
            found[named] = kind
    return found
