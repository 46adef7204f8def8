"""A policy of what becomes of late fixes: one TOML file a version. No code.

Keys: `id`, `version`, `source`; `after_withdrawal` (consent was withdrawn since) and `after_end`
(the order is over), each `"drop"` or `"keep_until_erasure"`.
"""

from __future__ import annotations

from typing import Any, Final

from tipstaff.domain.intake_words import IntakePolicy, LateFixes
from tipstaff.formats.toml_checks import Checker, TomlFault, toml_values

_KEYS: Final = ("id", "version", "source", "after_withdrawal", "after_end")


def parse_intake_policy(source: bytes) -> IntakePolicy | tuple[TomlFault, ...]:
    """Read one version of a policy; every fault at once where it is not a good one."""
    values = toml_values(source)
    if isinstance(values, TomlFault):
        return (values,)
    reader = Checker(values)
    reader.known_fields("", values, _KEYS)
    policy = IntakePolicy(
        policy_id=reader.text("id", values.get("id")),
        version=reader.count("version", values.get("version")),
        source=reader.text("source", values.get("source")),
        after_withdrawal=_late(reader, "after_withdrawal", values),
        after_end=_late(reader, "after_end", values),
    )
    return tuple(reader.faults) or policy


def _late(reader: Checker, name: str, values: dict[str, Any]) -> LateFixes:
    allowed = [word.value for word in LateFixes]
    return LateFixes(reader.choice(name, values.get(name), allowed))
